import { type Callback, Cookie, CookieJar, type ErrorCallback, type Nullable, Store } from 'tough-cookie';

/** Most cookies that are kept in all: as many as a browser has to keep (RFC 6265 section 6.1). A server may set some per camera. */
export const MAX_COOKIES = 3000;
/** Most that they may have together, written as headers. */
export const MAX_STORED_BYTES = 1_000_000;
/** Longest `Set-Cookie` that is taken, in characters: as long as a browser has to take (RFC 6265 section 6.1). */
export const MAX_COOKIE_CHARS = 4096;

/** What an HTTP header can hold. Node refuses the whole request for any other character. */
const HEADER_TEXT = /^[\x20-\x7e\x80-\xff]+$/;

/**
 * Cookies of one site's addresses (RFC 6265), in memory only. They go with the host's requests by the rules of domain, path, `Secure`
 * and age; no page ever sees one.
 */
export class SiteCookies {
  private readonly jar = new CookieJar(new BoundedStore(), { looseMode: true, allowSecureOnLocal: false });

  /** The `Cookie` header of a request to that address, or `undefined` without any. */
  headerFor(url: URL): string | undefined {
    const cookies = this.jar.getCookiesSync(url.href, { sort: true });
    return cookies.length === 0 ? undefined : cookies.map((cookie) => cookie.cookieString()).join('; ');
  }

  /** Takes what an answer sets, whatever its status. What no browser would take is left out. */
  take(url: URL, setCookie: readonly string[] | undefined): TakenCookies {
    const lifetimesMs: number[] = [];
    const problems = new Set<string>();
    for (const header of setCookie ?? []) {
      const taken = this.takeOne(url, header);
      if (typeof taken === 'number') lifetimesMs.push(taken);
      else problems.add(taken);
    }
    return { lifetimesMs, problems: [...problems] };
  }

  /** @returns its lifetime, or why it is not kept */
  private takeOne(url: URL, header: string): number | string {
    if (header.length > MAX_COOKIE_CHARS) return 'it is too long';
    const cookie = HEADER_TEXT.test(header) ? Cookie.parse(header, { loose: true }) : undefined;
    if (cookie === undefined) return 'it cannot be read';
    const { domain, secure } = cookie;
    const kept = this.jar.setCookieSync(cookie, url.href, { ignoreError: true });
    if (kept !== undefined) {
      const lifetimeMs = kept.TTL(lastUsed(kept)) ?? 0;
      return lifetimeMs > 0 ? lifetimeMs : 'it has run out already';
    }
    if (secure && url.protocol !== 'https:') return 'it is for HTTPS only';
    return domain === null ? 'no browser would take it' : 'it is for another domain';
  }
}

/** What became of the cookies that an answer set. */
export interface TakenCookies {
  /** Of each that is kept, in milliseconds. */
  readonly lifetimesMs: readonly number[];
  /** Why others are not, half a sentence each. */
  readonly problems: readonly string[];
}

type Name = Nullable<string>;

interface StoredCookie {
  readonly cookie: Cookie;
  readonly bytes: number;
}

/**
 * Holds {@link MAX_COOKIES} of {@link MAX_STORED_BYTES} at most: those that were not used for the longest time make room.
 */
class BoundedStore extends Store {
  override synchronous = true;
  private readonly stored = new Map<string, StoredCookie>();
  private storedBytes = 0;

  override async findCookie(
    domain: Name,
    path: Name,
    key: Name,
    told?: Callback<Cookie | undefined>,
  ): Promise<Cookie | undefined> {
    const found = this.stored.get(nameOf(domain, path, key))?.cookie;
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
    const all = [...this.stored.values()].map(({ cookie }) => cookie);
    told?.(null, all);
    return all;
  }

  override async putCookie(cookie: Cookie, told?: ErrorCallback): Promise<void> {
    // The library counts Max-Age from a cookie's last use, so that one in use would never run out.
    if (cookie.maxAge !== null) cookie.expires = cookie.expiryDate() ?? 'Infinity';
    cookie.maxAge = null;
    const name = nameOf(cookie.domain, cookie.path, cookie.key);
    this.remove(name);
    const bytes = cookie.toString().length;
    this.stored.set(name, { cookie, bytes });
    this.storedBytes += bytes;
    while (this.stored.size > MAX_COOKIES || this.storedBytes > MAX_STORED_BYTES)
      this.remove(this.longestUnused());
    told?.(null);
  }

  override updateCookie(_old: Cookie, cookie: Cookie, told?: ErrorCallback): Promise<void> {
    return this.putCookie(cookie, told);
  }

  override async removeCookie(domain: Name, path: Name, key: Name, told?: ErrorCallback): Promise<void> {
    this.remove(nameOf(domain, path, key));
    told?.(null);
  }

  private remove(name: string): void {
    this.storedBytes -= this.stored.get(name)?.bytes ?? 0;
    this.stored.delete(name);
  }

  private longestUnused(): string {
    let oldest = { name: '', usedMs: Number.POSITIVE_INFINITY };
    for (const [name, { cookie }] of this.stored) {
      const usedMs = lastUsed(cookie);
      if (usedMs < oldest.usedMs) oldest = { name, usedMs };
    }
    return oldest.name;
  }
}

function nameOf(domain: Name, path: Name, key: Name): string {
  return [domain, path, key].join(';');
}

function lastUsed({ lastAccessed }: Cookie): number {
  return lastAccessed instanceof Date ? lastAccessed.getTime() : 0;
}
