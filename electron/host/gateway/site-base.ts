/** More levels of percent-encoding than any honest address has. */
const MAX_DECODINGS = 8;

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

/** An origin and a folder: what the gateway may ask there lies below it. */
export class SiteBase {
  readonly origin: string;
  /** Begins and ends with a slash. */
  readonly folder: string;
  /** Whether the site's login goes along. */
  readonly takesLogin: boolean;
  /** In the page's own origin, ends with a slash. */
  readonly #pageFolder: string;

  /** @param baseUrl an http(s) address; its query and fragment mean nothing to a folder and are left out. */
  constructor(baseUrl: string, pageFolder: string, takesLogin: boolean) {
    const url = new URL(baseUrl);
    this.origin = url.origin;
    this.folder = url.pathname.endsWith('/') ? url.pathname : `${url.pathname}/`;
    this.takesLogin = takesLogin;
    this.#pageFolder = pageFolder;
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

  /** Of an address that this base contains: what follows the base, without the query. */
  pathOf(url: URL): string {
    return url.pathname.slice(this.folder.length);
  }

  /** The address, in the page's own origin, of one that this base contains. */
  pagePathname(url: URL): string {
    return `${this.#pageFolder}${this.pathOf(url)}${url.search}`;
  }
}
