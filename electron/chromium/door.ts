import { createHash, timingSafeEqual } from 'node:crypto';
import { BRIDGE_PATH } from '../../shared/http-bridge.ts';

/** `__Host-`: browsers take it over TLS only, for this host only, and let no other host set it. */
export const TOKEN_COOKIE = '__Host-holdfast';

/** What the door looks at; header values as they came, `undefined` where one did not. */
export interface Knock {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** HTTP/2's `:authority`. */
  readonly authority: string | undefined;
  /** HTTP/1's `Host`, which HTTP/2 allows besides. */
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly cookie: string | undefined;
  readonly secFetchSite: string | undefined;
  readonly secFetchMode: string | undefined;
  readonly secFetchDest: string | undefined;
}

export type Admission =
  | { readonly kind: 'admitted' }
  | { readonly kind: 'refused'; readonly status: 403 | 405 | 421; readonly words: string };

/**
 * Decides who is answered at all. Every program of this computer, and every page of every browser on it, can
 * reach a loopback port: so a request must name this server as its host (`localhost` and a rebound name do not), come
 * from a page of this server or from the browser's own address bar, and carry the token that only the viewer's
 * browser was given.
 *
 * @param door.origin the server's own, for instance `https://b1946ac9.localhost:40123`
 */
export function admit(knock: Knock, door: { readonly origin: string; readonly token: string }): Admission {
  const { host } = new URL(door.origin);
  const { method, path } = knock;
  const isRead = method === 'GET' || method === 'HEAD';
  if (!isRead && !(method === 'POST' && path.startsWith(BRIDGE_PATH)))
    return refused(405, 'This method is not allowed here.');
  if (knock.authority !== host || (knock.host !== undefined && knock.host !== host))
    return refused(421, 'This server has another name.');
  // Browsers leave the origin out when they read from their page's own, and never when they post.
  if (knock.origin !== door.origin && !(isRead && knock.origin === undefined))
    return refused(403, 'Only pages of Holdfast are answered.');
  const isNavigation = isRead && knock.secFetchMode === 'navigate' && knock.secFetchDest === 'document';
  if (knock.secFetchSite !== 'same-origin' && !(isNavigation && knock.secFetchSite === 'none'))
    return refused(403, 'Only pages of Holdfast are answered.');
  if (!hasToken(knock.cookie, door.token)) return refused(403, 'Only the window of Holdfast is answered.');
  return { kind: 'admitted' };
}

function refused(status: 403 | 405 | 421, words: string): Admission {
  return { kind: 'refused', status, words };
}

function hasToken(cookie: string | undefined, token: string): boolean {
  const given = (cookie ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${TOKEN_COOKIE}=`))
    .map((pair) => pair.slice(TOKEN_COOKIE.length + 1));
  // Digests, because only what is equally long is compared in constant time.
  return given.length === 1 && timingSafeEqual(sha256(given[0] ?? ''), sha256(token));
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
