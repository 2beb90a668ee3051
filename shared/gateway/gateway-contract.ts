/**
 * What the renderer and the gateway agree on: addresses, headers, and the machine-readable reasons of a
 * failed connection, which the browser's own fetch would hide.
 */

/** `app://holdfast/…` in Electron. */
export const APP_SCHEME = 'app';
export const APP_HOST = 'holdfast';
export const APP_ORIGIN = `${APP_SCHEME}://${APP_HOST}`;

/** Request: how long the gateway may take until the body's last byte, in milliseconds (1 to 30000). */
export const DEADLINE_HEADER = 'x-deadline-ms';
/** Request: the id by which the bridge cancels it (1 to 64 of `A-Z a-z 0-9 _ -`). */
export const REQUEST_ID_HEADER = 'x-request-id';
/** Request: the site whose stream wants it, percent-encoded as in {@link sitePathname}. No other site is asked for it. */
export const SITE_HEADER = 'x-site';
/** Request: one of {@link EXPECTATIONS}; without it a playlist is as welcome as media. */
export const EXPECTS_HEADER = 'x-expects';
/** Request: the stream is lost, so that it is questioned how its site is reached. Present or not, whatever its value. */
export const DOUBT_HEADER = 'x-doubt';
/** Response of a site's: how much of the wait for it was spent on connecting, whole ms. */
export const CONNECT_HEADER = 'x-holdfast-connect-ms';
/** Response: why there is no answer of the site's, one of {@link GATEWAY_REASONS}. */
export const REASON_HEADER = 'x-holdfast-reason';
/** Response: the reason in words, percent-encoded UTF-8. */
export const REASON_TEXT_HEADER = 'x-holdfast-reason-text';

/** Longest deadline that the gateway grants, in milliseconds (architecture.md, "The gateway"). */
export const MAX_DEADLINE_MS = 30_000;
/** Deadline of a request that names none, in milliseconds. */
export const DEFAULT_DEADLINE_MS = 10_000;
/** Largest playlist that is read, in bytes. The page is given its newest part: `NewestWindow`. */
export const MAX_PLAYLIST_BYTES = 16_000_000;
/** Largest segment, in bytes: 10 s of 4K video. */
export const MAX_SEGMENT_BYTES = 64_000_000;
/** Largest answer that can be a key, in bytes. */
export const MAX_KEY_BYTES = 1024;

/**
 * What a request for media may expect.
 * `media`: the bytes have to show that they are media, or the site has to call them so.
 * `encrypted-media`: ciphertext, of which the bytes show nothing (EXT-X-KEY). Everything but text is let through.
 * `key`: the key of encrypted media, of which the bytes show nothing either. At most {@link MAX_KEY_BYTES}, and no document.
 */
export const EXPECTATIONS = ['media', 'encrypted-media', 'key'] as const;
export type Expectation = (typeof EXPECTATIONS)[number];

/** Why the gateway could not give the site's own answer. */
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

/** The address, within the renderer's own origin, of a path below a site's base address. */
export function sitePathname(siteId: string, path: string): string {
  return `/sites/${encodeURIComponent(siteId)}/${path.replace(/^\/+/, '')}`;
}
