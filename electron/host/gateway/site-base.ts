import { folderEscape } from '../../../shared/folder-escape.ts';

/** An origin and a folder. The gateway may request only addresses below them. */
export class SiteBase {
  readonly origin: string;
  /** Begins and ends with a slash. */
  readonly folder: string;
  /** Whether the site's login is sent there. */
  readonly takesLogin: boolean;
  /** In the page's own origin; ends with a slash. */
  private readonly pageFolder: string;

  /** @param baseUrl an http(s) address; its query and fragment are ignored */
  constructor(baseUrl: string, pageFolder: string, takesLogin: boolean) {
    const url = new URL(baseUrl);
    this.origin = url.origin;
    this.folder = url.pathname.endsWith('/') ? url.pathname : `${url.pathname}/`;
    this.takesLogin = takesLogin;
    this.pageFolder = pageFolder;
  }

  /** The site's address for a path below the base, or `null` where the path would leave it. */
  target(path: string, search: string): URL | null {
    if (folderEscape(path) !== null) return null;
    const url = new URL(`${this.origin}${this.folder}${path}${search}`);
    return this.contains(url) ? url : null;
  }

  /** Whether the address is below the base, with the same scheme, host and port. */
  contains(url: URL): boolean {
    return (
      url.origin === this.origin &&
      url.pathname.startsWith(this.folder) &&
      folderEscape(url.pathname.slice(this.folder.length)) === null
    );
  }

  /** The part of the path after the base, without the query, of an address that this base contains. */
  pathOf(url: URL): string {
    return url.pathname.slice(this.folder.length);
  }

  /** The page's own address for an address that this base contains. */
  pagePathname(url: URL): string {
    return `${this.pageFolder}${this.pathOf(url)}${url.search}`;
  }
}
