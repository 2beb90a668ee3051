/** What the page is told that a playlist is. */
export const PLAYLIST_TYPE = 'application/vnd.apple.mpegurl';

const PLAYLIST_TYPES: ReadonlySet<string> = new Set([
  PLAYLIST_TYPE,
  'application/x-mpegurl',
  'application/mpegurl',
  'audio/mpegurl',
  'audio/x-mpegurl',
]);

/** Types by which servers send files that they know nothing of: the bytes decide. */
const UNSURE_TYPES: ReadonlySet<string> = new Set([
  '',
  'application/octet-stream',
  'binary/octet-stream',
  'application/mp4',
  'text/plain',
  // What the common MIME tables say of `.ts`.
  'text/vnd.trolltech.linguist',
]);

/** ISO/IEC 14496-12 boxes that a segment, a part or an initialisation section may begin with. */
const FIRST_BOXES: ReadonlySet<string> = new Set([
  'ftyp',
  'styp',
  'moov',
  'moof',
  'sidx',
  'emsg',
  'prft',
  'mdat',
  'free',
  'skip',
]);

const TS_PACKET_BYTES = 188;
const TS_SYNC = 0x47;

/** How much of a body is enough to judge it by, in bytes: the first three sync bytes of MPEG-TS. */
export const SNIFF_BYTES = 2 * TS_PACKET_BYTES + 1;

/** What the gateway makes of an answer. `type` is what the page is told, never the site's own words. */
export type MediaKind =
  | { readonly kind: 'playlist' }
  | { readonly kind: 'media'; readonly type: string }
  | { readonly kind: 'refused' };

/**
 * Judges an answer by its content type, its path and its first bytes. Nothing that a browser could take for
 * a document or a script comes through (architecture.md, "The gateway").
 *
 * @param contentType the site's header, with or without parameters, or `undefined`
 * @param pathname of the address that answered
 * @param head the body's first {@link SNIFF_BYTES} bytes, fewer if it is shorter; `null` where only headers
 *   were asked for
 */
export function mediaKind(
  contentType: string | undefined,
  pathname: string,
  head: Uint8Array | null,
): MediaKind {
  const type = (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if ((head !== null && startsAsPlaylist(head)) || PLAYLIST_TYPES.has(type)) return { kind: 'playlist' };
  if (/^(video|audio)\/[a-z0-9][a-z0-9.+-]*$/.test(type)) return { kind: 'media', type };
  if (!UNSURE_TYPES.has(type)) return { kind: 'refused' };
  if (head === null) return { kind: 'media', type: 'application/octet-stream' };
  if (startsAsTransportStream(head)) return { kind: 'media', type: 'video/mp2t' };
  if (FIRST_BOXES.has(latin1(head.subarray(4, 8)))) return { kind: 'media', type: 'video/mp4' };
  return /\.m3u8?$/i.test(pathname) ? { kind: 'playlist' } : { kind: 'refused' };
}

function startsAsPlaylist(head: Uint8Array): boolean {
  const afterMark = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
  return latin1(head.subarray(afterMark, afterMark + 7)) === '#EXTM3U';
}

function startsAsTransportStream(head: Uint8Array): boolean {
  if (head.length < TS_PACKET_BYTES) return false;
  for (let offset = 0; offset < Math.min(head.length, SNIFF_BYTES); offset += TS_PACKET_BYTES)
    if (head[offset] !== TS_SYNC) return false;
  return true;
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
