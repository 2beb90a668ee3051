import { sitePathname } from '../../../shared/gateway-contract.ts';

/** More levels of percent-encoding than any honest address has. */
const MAX_DECODINGS = 8;

/** The part of the address, below a site, of what the gateway refuses on sight: see {@link refusedPathname}. */
const OUTSIDE = '%5Coutside';

/**
 * Whether a path, still percent-encoded, can leave the folder that it is put under: `..` in any spelling
 * and under any number of encodings (servers differ in how often they decode), a backslash (a slash to
 * some), or a control character.
 */
export function escapes(path: string): boolean {
  let decoded = path;
  for (let round = 0; round < MAX_DECODINGS; round += 1) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
    if (/[\\\u0000-\u001f\u007f]/.test(decoded)) return true;
    if (decoded.split('/').some((part) => /^\.\.?(;|$)/.test(part))) return true;
    const next = decoded.replace(/%([0-7][0-9a-f])/gi, (_match, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
    if (next === decoded) return false;
    decoded = next;
  }
  return true;
}

/** Where a page finds nothing but the reason why an address of a playlist's was not followed. */
export function refusedPathname(siteId: string, address: string): string {
  return `${sitePathname(siteId, OUTSIDE)}?address=${encodeURIComponent(address.slice(0, 200))}`;
}

/** The address that {@link refusedPathname} was made of, or `null` for any other path. */
export function refusedAddress(path: string, search: string): string | null {
  return path === OUTSIDE ? (new URLSearchParams(search).get('address') ?? '') : null;
}

/** An origin and a folder: all that the gateway ever asks of a site lies below it. */
export class SiteBase {
  readonly origin: string;
  /** Begins and ends with a slash. */
  readonly folder: string;
  readonly #siteId: string;

  /** @param baseUrl an http(s) address; its query and fragment mean nothing to a folder and are left out. */
  constructor(siteId: string, baseUrl: string) {
    const url = new URL(baseUrl);
    this.#siteId = siteId;
    this.origin = url.origin;
    this.folder = url.pathname.endsWith('/') ? url.pathname : `${url.pathname}/`;
  }

  /** The site's address of a path below the base, or `null` where that would leave it. */
  target(path: string, search: string): URL | null {
    if (escapes(path)) return null;
    const url = new URL(`${this.origin}${this.folder}${path}${search}`);
    return this.contains(url) ? url : null;
  }

  /** Whether the address lies below the base, on the same scheme, host and port. */
  contains(url: URL): boolean {
    return (
      url.origin === this.origin &&
      url.pathname.startsWith(this.folder) &&
      !escapes(url.pathname.slice(this.folder.length))
    );
  }

  /** The address, in the page's own origin, of one that this base contains. */
  pagePathname(url: URL): string {
    return `/sites/${encodeURIComponent(this.#siteId)}/${url.pathname.slice(this.folder.length)}${url.search}`;
  }

  /** An address in the page's own origin that the gateway answers with the reason, naming `address`. */
  refusedPathname(address: string): string {
    return refusedPathname(this.#siteId, address);
  }
}
