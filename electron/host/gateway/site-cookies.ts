import {
  type Callback,
  type Cookie,
  CookieJar,
  type ErrorCallback,
  type Nullable,
  Store,
} from 'tough-cookie';

/** Most cookies that are kept of one site, at all of its addresses together. */
export const MAX_COOKIES = 50;
/** Longest `Set-Cookie` that is taken, in characters: as long as a browser has to take (RFC 6265 section 6.1). */
export const MAX_COOKIE_CHARS = 4096;

/** What an HTTP header can hold. Node refuses the whole request for any other character. */
const HEADER_TEXT = /^[\x20-\x7e\x80-\xff]+$/;

/**
 * The cookies of one site (RFC 6265), in memory only. They go with the host's requests by the rules of domain, path, `Secure`
 * and age; no page ever sees one.
 */
export class SiteCookies {
  readonly #jar = new CookieJar(new BoundedStore(), { looseMode: true, allowSecureOnLocal: false });

  /** The `Cookie` header of a request to that address, or `undefined` without any. */
  headerFor(url: URL): string | undefined {
    const cookies = this.#jar.getCookiesSync(url.href, { sort: true });
    return cookies.length === 0 ? undefined : cookies.map((cookie) => cookie.cookieString()).join('; ');
  }

  /**
   * Takes what an answer sets, whatever its status. What no browser would take is left out.
   * @returns how long each cookie lasts that is kept, in milliseconds
   */
  take(url: URL, setCookie: readonly string[] | undefined): number[] {
    return (setCookie ?? [])
      .filter((header) => header.length <= MAX_COOKIE_CHARS && HEADER_TEXT.test(header))
      .map((header) => this.#jar.setCookieSync(header, url.href, { ignoreError: true })?.TTL() ?? 0)
      .filter((lifetimeMs) => lifetimeMs > 0);
  }
}

type Name = Nullable<string>;

/** Holds {@link MAX_COOKIES} at most: the one that was not used for the longest time makes room. */
class BoundedStore extends Store {
  override synchronous = true;
  readonly #cookies = new Map<string, Cookie>();

  override async findCookie(
    domain: Name,
    path: Name,
    key: Name,
    told?: Callback<Cookie | undefined>,
  ): Promise<Cookie | undefined> {
    const found = this.#cookies.get(nameOf(domain, path, key));
    told?.(null, found);
    return found;
  }

  /** All: the jar itself leaves out those that do not match. */
  override async findCookies(
    _domain: Name,
    _path: Name,
    _allowSpecialUseDomain?: boolean,
    told?: Callback<Cookie[]>,
  ): Promise<Cookie[]> {
    const all = [...this.#cookies.values()];
    told?.(null, all);
    return all;
  }

  override async putCookie(cookie: Cookie, told?: ErrorCallback): Promise<void> {
    // The library counts Max-Age from a cookie's last use, so that one in use would never run out.
    if (cookie.maxAge !== null) cookie.expires = cookie.expiryDate() ?? 'Infinity';
    cookie.maxAge = null;
    this.#cookies.set(nameOf(cookie.domain, cookie.path, cookie.key), cookie);
    if (this.#cookies.size > MAX_COOKIES) this.#dropOne();
    told?.(null);
  }

  override updateCookie(_old: Cookie, cookie: Cookie, told?: ErrorCallback): Promise<void> {
    return this.putCookie(cookie, told);
  }

  override async removeCookie(domain: Name, path: Name, key: Name, told?: ErrorCallback): Promise<void> {
    this.#cookies.delete(nameOf(domain, path, key));
    told?.(null);
  }

  #dropOne(): void {
    const [oldest] = [...this.#cookies].sort(([, a], [, b]) => lastUsed(a) - lastUsed(b));
    if (oldest !== undefined) this.#cookies.delete(oldest[0]);
  }
}

function nameOf(domain: Name, path: Name, key: Name): string {
  return [domain, path, key].join(';');
}

function lastUsed({ lastAccessed }: Cookie): number {
  return lastAccessed instanceof Date ? lastAccessed.getTime() : 0;
}
