import { type Expectation, MAX_SEGMENT_BYTES } from '../../../shared/gateway/gateway-contract.ts';

/** What the page is told that a playlist is. */
export const PLAYLIST_TYPE = 'application/vnd.apple.mpegurl';
/** What the page is told of bytes that show nothing of themselves. */
export const UNKNOWN_TYPE = 'application/octet-stream';

const PLAYLIST_TYPES: ReadonlySet<string> = new Set([
  PLAYLIST_TYPE,
  'application/x-mpegurl',
  'application/mpegurl',
  'audio/mpegurl',
  'audio/x-mpegurl',
]);

const MEDIA_TYPE = /^(video|audio)\/[a-z0-9][a-z0-9.+-]*$/;
/** The media types that the page is told; a site could write anything into another one, a login that it was sent for instance. */
const TOLD_TYPES: ReadonlySet<string> = new Set([
  'video/mp2t',
  'video/mp4',
  'video/iso.segment',
  'audio/aac',
  'audio/mp4',
  'audio/mpeg',
]);

/** Types by which servers send files that they know nothing of. */
const UNSURE_TYPES: ReadonlySet<string> = new Set([
  '',
  UNKNOWN_TYPE,
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

/** Only a content type of this form is told to operators (RFC 6838 section 4.2, but shorter): a site could write a sentence there. */
const SHOWN_TYPE = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,39}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,39}$/;

const TS_PACKET_BYTES = 188;
const TS_SYNC = 0x47;

/** How much of a body is enough to judge it by, in bytes: the first three sync bytes of MPEG-TS. */
export const SNIFF_BYTES = 2 * TS_PACKET_BYTES + 1;

/** What the gateway makes of an answer. */
export type MediaKind =
  | { readonly kind: 'playlist' }
  /** `type` is what the page is told, never the site's own words. */
  | { readonly kind: 'media'; readonly type: string }
  /** `what`: what it is instead, a noun phrase for the operator. */
  | { readonly kind: 'refused'; readonly what: string };

/** What a person reads in a browser. */
export type DocumentKind = 'a web page' | 'XML' | 'JSON';

export interface Judged {
  /** The site's header, with or without parameters, or `undefined`. */
  readonly contentType: string | undefined;
  /** Of the address that answered. */
  readonly pathname: string;
  /** The body's first {@link SNIFF_BYTES} bytes, fewer if it is shorter; `null` where only headers were asked for. */
  readonly head: Uint8Array | null;
  /** `null` where a playlist is as welcome as media. */
  readonly expects: Exclude<Expectation, 'key'> | null;
}

/**
 * Judges an answer by its first bytes, and by its content type and its path where they leave it open. Nothing that a browser
 * could take for a document comes through, whatever it is called; what the page is told is a media type or none
 * (architecture.md, "The gateway").
 */
export function mediaKind({ contentType, pathname, head, expects }: Judged): MediaKind {
  const type = plainType(contentType);
  if (head === null) return kindOfType(type);
  if (startsAsPlaylist(head)) return { kind: 'playlist' };
  const document = documentIn(head);
  if (document !== null) return { kind: 'refused', what: document };
  // An empty playlist is how some servers say that a camera is off.
  if (head.length === 0)
    return expects === null ? { kind: 'playlist' } : { kind: 'refused', what: 'an empty answer' };
  const found = mediaTypeIn(head);
  if (found !== null) return { kind: 'media', type: TOLD_TYPES.has(type) ? type : found };
  // Whoever reads it says that it is no playlist.
  if (isText(head) && (PLAYLIST_TYPES.has(type) || /\.m3u8?$/i.test(pathname))) return { kind: 'playlist' };
  if (MEDIA_TYPE.test(type)) return { kind: 'media', type: toldType(type) };
  if (expects === 'encrypted-media' && !isText(head)) return { kind: 'media', type: UNKNOWN_TYPE };
  const shownType = type === '' ? 'no content type' : SHOWN_TYPE.test(type) ? type : 'no known content type';
  return { kind: 'refused', what: `neither a playlist nor media (${shownType})` };
}

/**
 * Whether bytes are a document in text, and which; `null` for all else, other text among it.
 * @param head the first bytes of a body
 */
export function documentIn(head: Uint8Array): DocumentKind | null {
  if (!isText(head)) return null;
  const text = latin1(head)
    .replace(/^\u00ef\u00bb\u00bf/, '')
    .trimStart();
  if (/^(\{\s*["}]|\[\s*["{[\d\]])/.test(text)) return 'JSON';
  if (!/^<[a-z!?]/i.test(text)) return null;
  return /^<\?xml/i.test(text) && !/<html/i.test(text) ? 'XML' : 'a web page';
}

function plainType(contentType: string | undefined): string {
  return (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

function kindOfType(type: string): MediaKind {
  if (PLAYLIST_TYPES.has(type)) return { kind: 'playlist' };
  if (MEDIA_TYPE.test(type)) return { kind: 'media', type: toldType(type) };
  if (UNSURE_TYPES.has(type)) return { kind: 'media', type: UNKNOWN_TYPE };
  return { kind: 'refused', what: 'something whose type is neither that of a playlist nor of media' };
}

function toldType(type: string): string {
  return TOLD_TYPES.has(type) ? type : UNKNOWN_TYPE;
}

/** Whether a body begins as every playlist does (RFC 8216 section 4.3.1.1), a byte order mark before it allowed. */
export function startsAsPlaylist(head: Uint8Array): boolean {
  const afterMark = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
  return latin1(head.subarray(afterMark, afterMark + 7)) === '#EXTM3U';
}

/** Text in any 8-bit encoding: none of the bytes that only binary data has (WHATWG MIME Sniffing, section 3). */
function isText(head: Uint8Array): boolean {
  return head.length > 0 && !head.some((byte) => byte < 0x20 && !TEXT_CONTROLS.has(byte));
}

/** Tab, line feed, form feed, carriage return, escape. */
const TEXT_CONTROLS: ReadonlySet<number> = new Set([0x09, 0x0a, 0x0c, 0x0d, 0x1b]);

function mediaTypeIn(head: Uint8Array): string | null {
  if (startsAsTransportStream(head)) return 'video/mp2t';
  if (startsAsBox(head)) return 'video/mp4';
  return startsAsAudio(head) ? 'audio/aac' : null;
}

function startsAsTransportStream(head: Uint8Array): boolean {
  if (head.length < TS_PACKET_BYTES) return false;
  for (let offset = 0; offset < Math.min(head.length, SNIFF_BYTES); offset += TS_PACKET_BYTES)
    if (head[offset] !== TS_SYNC) return false;
  return true;
}

/** The size of a box, in front of its name, would be over 500 MB if it were text. */
function startsAsBox(head: Uint8Array): boolean {
  const [a = 0xff, b = 0, c = 0, d = 0] = head;
  const sizeBytes = ((a * 256 + b) * 256 + c) * 256 + d;
  return sizeBytes <= MAX_SEGMENT_BYTES && FIRST_BOXES.has(latin1(head.subarray(4, 8)));
}

/** Sound alone: ID3v2 (id3.org, section 3.1), with which packed audio begins (RFC 8216 section 3.4), or ADTS. */
function startsAsAudio(head: Uint8Array): boolean {
  const [a = 0, b = 0, c = 0, major = 0xff, revision = 0xff] = head;
  const isId3 = latin1(head.subarray(0, 3)) === 'ID3' && major < 0x10 && revision < 0x10;
  // The sync word, layer 0, and a sampling rate that exists (ISO/IEC 13818-7 section 6.2).
  const isAdts = a === 0xff && (b & 0xf6) === 0xf0 && ((c >> 2) & 0x0f) < 13;
  return isId3 || isAdts;
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
