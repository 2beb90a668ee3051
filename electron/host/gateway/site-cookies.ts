import { type Callback, Cookie, CookieJar, type ErrorCallback, type Nullable, Store } from 'tough-cookie';

/**
 * Limit of kept cookies: as many as a browser has to keep (RFC 6265 section 6.1). A server may set some for each
 * camera.
 */
export const MAX_COOKIES = 3000;
/** Limit of their total size, written as headers, in bytes. */
export const MAX_STORED_BYTES = 1_000_000;
/** Limit of a `Set-Cookie` header, in characters: as long as a browser has to accept (RFC 6265 section 6.1). */
export const MAX_COOKIE_CHARS = 4096;

/** Characters that an HTTP header can contain. Node refuses a whole request with any other character. */
const HEADER_TEXT = /^[\x20-\x7e\x80-\xff]+$/;

/**
 * The cookies of one site's addresses (RFC 6265), in memory only. The host sends them by the rules of domain, path,
 * `Secure` and age; no page ever sees one.
 */
export class SiteCookies {
  private readonly jar = new CookieJar(new BoundedStore(), { looseMode: true, allowSecureOnLocal: false });

  /** The `Cookie` header for a request to that address, or `undefined` without cookies. */
  headerFor(url: URL): string | undefined {
    const cookies = this.jar.getCookiesSync(url.href, { sort: true });
    return cookies.length === 0 ? undefined : cookies.map((cookie) => cookie.cookieString()).join('; ');
  }

  /** Keeps the cookies that an answer sets, whatever its status. Cookies that a browser would refuse are left out. */
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

  /** @returns its lifetime in milliseconds, or why it is not kept */
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

/** The result of keeping the cookies of an answer. */
export interface TakenCookies {
  /** The lifetimes of the kept ones, in milliseconds. */
  readonly lifetimesMs: readonly number[];
  /** Why the others are not kept, half a sentence each. */
  readonly problems: readonly string[];
}

type Name = Nullable<string>;

interface StoredCookie {
  readonly cookie: Cookie;
  readonly bytes: number;
}

/**
 * Holds at most {@link MAX_COOKIES} cookies of {@link MAX_STORED_BYTES} together. Beyond that, the longest unused ones
 * are removed.
 */
class BoundedStore extends Store {
  override synchronous = true;
  private readonly stored = new Map<string, StoredCookie>();
  private storedBytes = 0;

  override async findCookie(
    domain: Name,
    path: Name,
    key: Name,
    done?: Callback<Cookie | undefined>,
  ): Promise<Cookie | undefined> {
    const found = this.stored.get(nameOf(domain, path, key))?.cookie;
    done?.(null, found);
    return found;
  }

  /** Gives all cookies: the jar itself leaves out those that do not match. */
  override async findCookies(
    _domain: Name,
    _path: Name,
    _allowSpecialUseDomain?: boolean,
    done?: Callback<Cookie[]>,
  ): Promise<Cookie[]> {
    const all = [...this.stored.values()].map(({ cookie }) => cookie);
    done?.(null, all);
    return all;
  }

  override async putCookie(cookie: Cookie, done?: ErrorCallback): Promise<void> {
    // The library counts Max-Age from a cookie's last use, so that a cookie in use would never expire.
    if (cookie.maxAge !== null) cookie.expires = cookie.expiryDate() ?? 'Infinity';
    cookie.maxAge = null;
    const name = nameOf(cookie.domain, cookie.path, cookie.key);
    this.remove(name);
    const bytes = cookie.toString().length;
    this.stored.set(name, { cookie, bytes });
    this.storedBytes += bytes;
    while (this.stored.size > MAX_COOKIES || this.storedBytes > MAX_STORED_BYTES)
      this.remove(this.longestUnused());
    done?.(null);
  }

  override updateCookie(_old: Cookie, cookie: Cookie, done?: ErrorCallback): Promise<void> {
    return this.putCookie(cookie, done);
  }

  override async removeCookie(domain: Name, path: Name, key: Name, done?: ErrorCallback): Promise<void> {
    this.remove(nameOf(domain, path, key));
    done?.(null);
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
