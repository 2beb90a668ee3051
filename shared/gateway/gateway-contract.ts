/**
 * The contract between the page and the gateway: addresses, headers, and the machine-readable reasons of a failed
 * connection, which the browser's own fetch would hide.
 */

/** `app://holdfast/…` in Electron. */
export const APP_SCHEME = 'app';
export const APP_HOST = 'holdfast';
export const APP_ORIGIN = `${APP_SCHEME}://${APP_HOST}`;

/** Request: time limit until the body's last byte, in milliseconds (1 to 30000). */
export const DEADLINE_HEADER = 'x-deadline-ms';
/** Request: the id by which the bridge cancels it (1 to 64 of `A-Z a-z 0-9 _ -`). */
export const REQUEST_ID_HEADER = 'x-request-id';
/**
 * Request: the site of the stream, percent-encoded as in {@link sitePathname}. The request is sent to no other site.
 */
export const SITE_HEADER = 'x-site';
/** Request: one of {@link EXPECTATIONS}; without it a playlist is accepted as well as media. */
export const EXPECTS_HEADER = 'x-expects';
/** Request: the stream is lost, so the site's address is checked again. Only the header's presence counts. */
export const DOUBT_HEADER = 'x-doubt';
/** Response of a site: the part of the wait that was spent on connecting, whole ms. */
export const CONNECT_HEADER = 'x-holdfast-connect-ms';
/** Response without the site's answer: the reason, one of {@link GATEWAY_REASONS}. */
export const REASON_HEADER = 'x-holdfast-reason';
/** Response: the reason in words, percent-encoded UTF-8. */
export const REASON_TEXT_HEADER = 'x-holdfast-reason-text';

/** The longest deadline that the gateway allows, in milliseconds. */
export const MAX_DEADLINE_MS = 30_000;
/** Deadline of a request without its own, in milliseconds. */
export const DEFAULT_DEADLINE_MS = 10_000;
/** Size limit of a playlist, in bytes. The page gets its newest part: `NewestWindow`. */
export const MAX_PLAYLIST_BYTES = 16_000_000;
/** Size limit of a segment, in bytes: 10 s of 4K video. */
export const MAX_SEGMENT_BYTES = 64_000_000;
/** Size limit of a key, in bytes. */
export const MAX_KEY_BYTES = 1024;

/**
 * The expected content of a media request. `media`: the bytes, or else the site's content type, have to show that it is
 * media. `encrypted-media`: ciphertext (EXT-X-KEY), which shows nothing of its content; everything except text is
 * passed on. `key`: the key of encrypted media, at most {@link MAX_KEY_BYTES} of any bytes, but no document.
 */
export const EXPECTATIONS = ['media', 'encrypted-media', 'key'] as const;
export type Expectation = (typeof EXPECTATIONS)[number];

/** Why the gateway could not pass on the site's own answer. */
export const GATEWAY_REASONS = [
  'refused',
  'reset',
  'timeout',
  'dns',
  'unreachable',
  'tls-pin',
  'tls-expired',
  'tls-untrusted',
  'tls-protocol',
  'too-large',
  'not-media',
  'redirect-refused',
  'not-allowed',
  'no-login',
  'unknown-site',
  'cancelled',
] as const;
export type GatewayReason = (typeof GATEWAY_REASONS)[number];

/** The address, in the page's own origin, of a path below a site's base address. */
export function sitePathname(siteId: string, path: string): string {
  return `/sites/${encodeURIComponent(siteId)}/${path.replace(/^\/+/, '')}`;
}
