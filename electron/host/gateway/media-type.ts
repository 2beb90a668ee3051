import { type Expectation, MAX_SEGMENT_BYTES } from '../../../shared/gateway/gateway-contract.ts';
import { looksLikeFmp4 } from '../../../shared/media/iso-box.ts';

/** The content type of every playlist for the page. */
export const PLAYLIST_TYPE = 'application/vnd.apple.mpegurl';
/** The content type of bytes of an unknown kind, for the page. */
export const UNKNOWN_TYPE = 'application/octet-stream';

const PLAYLIST_TYPES: ReadonlySet<string> = new Set([
  PLAYLIST_TYPE,
  'application/x-mpegurl',
  'application/mpegurl',
  'audio/mpegurl',
  'audio/x-mpegurl',
]);

const MEDIA_TYPE = /^(video|audio)\/[a-z0-9][a-z0-9.+-]*$/;
/**
 * The media types that are passed to the page. Any other type is text that the site chose, such as a login that it
 * received.
 */
const PASSED_TYPES: ReadonlySet<string> = new Set([
  'video/mp2t',
  'video/mp4',
  'video/iso.segment',
  'audio/aac',
  'audio/mp4',
  'audio/mpeg',
]);

/** Types that servers send with files of an unknown kind. */
const UNSURE_TYPES: ReadonlySet<string> = new Set([
  '',
  UNKNOWN_TYPE,
  'binary/octet-stream',
  'application/mp4',
  'text/plain',
  // The type of `.ts` in common MIME tables.
  'text/vnd.trolltech.linguist',
]);

/**
 * The form of a content type that is shown to operators (RFC 6838 section 4.2, but shorter): other text could be a
 * sentence of the site's.
 */
const SHOWN_TYPE = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,39}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,39}$/;

const TS_PACKET_BYTES = 188;
const TS_SYNC = 0x47;

/** Number of first bytes by which a body is judged: they reach to the third sync byte of MPEG-TS. */
export const SNIFF_BYTES = 2 * TS_PACKET_BYTES + 1;

/** The gateway's judgement of an answer. */
export type MediaKind =
  | { readonly kind: 'playlist' }
  /** `type` is what the page gets, never the site's own text. */
  | { readonly kind: 'media'; readonly type: string }
  /** `what` is a noun phrase for the operator: what the answer is instead. */
  | { readonly kind: 'refused'; readonly what: string };

/** Documents that a browser would show. */
export type DocumentKind = 'a web page' | 'XML' | 'JSON';

export interface Judged {
  /** The site's header, with or without parameters, or `undefined`. */
  readonly contentType: string | undefined;
  /** The path of the address that answered. */
  readonly pathname: string;
  /**
   * The first {@link SNIFF_BYTES} bytes of the body, fewer if it is shorter; `null` where only headers were asked for.
   */
  readonly head: Uint8Array | null;
  /** `null` where the page accepts a playlist as well as media. */
  readonly expects: Exclude<Expectation, 'key'> | null;
}

/**
 * Judges an answer by its first bytes, and by its content type and path where the bytes leave it open. Nothing that a
 * browser could take for a document is passed on, whatever its name; the page gets a media type or none.
 */
export function mediaKind({ contentType, pathname, head, expects }: Judged): MediaKind {
  const type = plainType(contentType);
  if (head === null) return kindOfType(type);
  if (startsAsPlaylist(head)) return { kind: 'playlist' };
  const document = documentIn(head);
  if (document !== null) return { kind: 'refused', what: document };
  // Some servers send an empty playlist for a camera that is off.
  if (head.length === 0)
    return expects === null ? { kind: 'playlist' } : { kind: 'refused', what: 'an empty answer' };
  const found = mediaTypeIn(head);
  if (found !== null) return { kind: 'media', type: PASSED_TYPES.has(type) ? type : found };
  // The playlist's reader reports that it is none.
  if (isText(head) && (PLAYLIST_TYPES.has(type) || /\.m3u8?$/i.test(pathname))) return { kind: 'playlist' };
  if (MEDIA_TYPE.test(type)) return { kind: 'media', type: passedType(type) };
  if (expects === 'encrypted-media' && !isText(head)) return { kind: 'media', type: UNKNOWN_TYPE };
  const shownType = type === '' ? 'no content type' : SHOWN_TYPE.test(type) ? type : 'no known content type';
  return { kind: 'refused', what: `neither a playlist nor media (${shownType})` };
}

/**
 * The kind of document that the bytes are, or `null` for all else, including other text.
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
  if (MEDIA_TYPE.test(type)) return { kind: 'media', type: passedType(type) };
  if (UNSURE_TYPES.has(type)) return { kind: 'media', type: UNKNOWN_TYPE };
  return { kind: 'refused', what: 'something whose type is neither that of a playlist nor of media' };
}

function passedType(type: string): string {
  return PASSED_TYPES.has(type) ? type : UNKNOWN_TYPE;
}

/** Whether a body begins as every playlist does (RFC 8216 section 4.3.1.1); a byte order mark before it is allowed. */
export function startsAsPlaylist(head: Uint8Array): boolean {
  const afterMark = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
  return latin1(head.subarray(afterMark, afterMark + 7)) === '#EXTM3U';
}

/**
 * Whether bytes are text in an 8-bit encoding: none of them occurs only in binary data (WHATWG MIME Sniffing, section
 * 3).
 */
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

/** Text cannot pass for a box: its first four bytes, read as the box's size, would be over 500 MB. */
function startsAsBox(head: Uint8Array): boolean {
  const [a = 0xff, b = 0, c = 0, d = 0] = head;
  const sizeBytes = ((a * 256 + b) * 256 + c) * 256 + d;
  return sizeBytes <= MAX_SEGMENT_BYTES && looksLikeFmp4(head);
}

/** Whether bytes are sound alone: packed audio, which begins with ID3v2 (RFC 8216 section 3.4), or ADTS. */
function startsAsAudio(head: Uint8Array): boolean {
  const [a = 0, b = 0, c = 0, major = 0xff, revision = 0xff] = head;
  const isId3 = latin1(head.subarray(0, 3)) === 'ID3' && major < 0x10 && revision < 0x10;
  // The sync word, layer 0, and a valid sampling rate (ISO/IEC 13818-7 section 6.2).
  const isAdts = a === 0xff && (b & 0xf6) === 0xf0 && ((c >> 2) & 0x0f) < 13;
  return isId3 || isAdts;
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
