import { createHash, timingSafeEqual } from 'node:crypto';
import { BRIDGE_PATH } from '../../shared/http-bridge-contract.ts';

/** `__Host-`: browsers accept such a cookie over TLS only, for this host only, and let no other host set it. */
export const TOKEN_COOKIE = '__Host-holdfast';

/** The parts of a request that the door checks; header values as they came, `undefined` for a missing one. */
export interface RequestHead {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** HTTP/2's `:authority`. */
  readonly authority: string | undefined;
  /** HTTP/1's `Host`, which HTTP/2 also allows. */
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
 * Decides which requests are answered at all. Every program of this computer, and every page of every browser on it,
 * can reach a loopback port. So a request must name this server as its host (`localhost` and a rebound name do not),
 * come from a page of this server or from the browser's own address bar, and carry the token that only the viewer's
 * browser has.
 * @param door.origin the server's own, for instance `https://b1946ac9.localhost:40123`
 */
export function admit(
  head: RequestHead,
  door: { readonly origin: string; readonly token: string },
): Admission {
  const { host } = new URL(door.origin);
  const { method, path } = head;
  const isRead = method === 'GET' || method === 'HEAD';
  if (!isRead && !(method === 'POST' && path.startsWith(BRIDGE_PATH)))
    return refused(405, 'This method is not allowed here.');
  if (head.authority !== host || (head.host !== undefined && head.host !== host))
    return refused(421, 'This server has another name.');
  // Browsers send no origin when a page reads from its own server, but always one with a POST.
  if (head.origin !== door.origin && !(isRead && head.origin === undefined))
    return refused(403, 'Only pages of Holdfast are answered.');
  const isNavigation = isRead && head.secFetchMode === 'navigate' && head.secFetchDest === 'document';
  if (head.secFetchSite !== 'same-origin' && !(isNavigation && head.secFetchSite === 'none'))
    return refused(403, 'Only pages of Holdfast are answered.');
  if (!hasToken(head.cookie, door.token)) return refused(403, 'Only the window of Holdfast is answered.');
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
  // Digests, because only values of equal length can be compared in constant time.
  return given.length === 1 && timingSafeEqual(sha256(given[0] ?? ''), sha256(token));
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
