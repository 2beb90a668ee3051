import type { Site } from '../../../shared/config/config.ts';
import { folderEscape } from '../../../shared/folder-escape.ts';
import { sitePathname } from '../../../shared/gateway/gateway-contract.ts';
import { SiteBase } from './site-base.ts';

/**
 * Paths in the page's origin. A path below the base address never contains a backslash, so `%5C` marks all others:
 * `%5Cfurther-1/…` is below the first further address; `%5Coutside?…` stands for an address that is not allowed, and
 * its query says why.
 */
const FURTHER = '%5Cfurther-';
const OUTSIDE = '%5Coutside';

/** Length to which an address in a message is cut, in characters. */
const MAX_SHOWN_ADDRESS = 200;

/** Why an address is not allowed. */
export type Outside =
  /** An admin can allow it by adding `address` to the site's further addresses. */
  | { readonly kind: 'addable'; readonly address: string }
  | { readonly kind: 'never'; readonly address: string };

export interface SiteTarget {
  readonly base: SiteBase;
  readonly url: URL;
}

/** A {@link SiteTarget} as plain data, for another thread. */
export interface PlainTarget {
  /** The base's index: 0 for the base address, then the further addresses in order. */
  readonly base: number;
  readonly href: string;
}

/** The settings from which a site's bases are made. */
export type ListSite = Pick<Site, 'id' | 'baseUrl' | 'furtherAddresses'>;

/** The allowed addresses of a site: those below its base address, and below each of its further addresses. */
export class SiteBases {
  readonly site: ListSite;
  readonly main: SiteBase;
  readonly further: readonly SiteBase[];
  /** The base address first, then the further ones, the deepest folder first. */
  private readonly byPrecedence: readonly SiteBase[];

  constructor({ id, baseUrl, furtherAddresses = [] }: ListSite) {
    this.site = { id, baseUrl, furtherAddresses };
    this.main = new SiteBase(baseUrl, sitePathname(id, ''), true);
    this.further = furtherAddresses.map(
      ({ baseUrl: furtherUrl, sendLogin }, index) =>
        new SiteBase(furtherUrl, sitePathname(id, `${FURTHER}${index + 1}/`), sendLogin),
    );
    const deepestFirst = [...this.further].sort((a, b) => b.folder.length - a.folder.length);
    this.byPrecedence = [this.main, ...deepestFirst];
  }

  plainTarget({ base, url }: SiteTarget): PlainTarget {
    return { base: [this.main, ...this.further].indexOf(base), href: url.href };
  }

  /** @throws Error for an index without a base */
  targetOf({ base, href }: PlainTarget): SiteTarget {
    const found = [this.main, ...this.further][base];
    if (found === undefined) throw new Error(`the site has no base ${base}`);
    return { base: found, url: new URL(href) };
  }

  /** The base that contains the address, or `null` if none does. */
  containing(url: URL): SiteBase | null {
    return this.byPrecedence.find((base) => base.contains(url)) ?? null;
  }

  /** The target of a page's path below the site, still encoded; `null` where the path leaves its base. */
  target(path: string, search: string): SiteTarget | null {
    const [, number, below = ''] = new RegExp(`^${FURTHER}(\\d+)/(.*)$`).exec(path) ?? [];
    const base = number === undefined ? this.main : this.further[Number(number) - 1];
    const url = base?.target(number === undefined ? path : below, search) ?? null;
    return base === undefined || url === null ? null : { base, url };
  }

  /**
   * The message about an address that no base contains.
   * @param asked the target whose answer led there
   */
  outside(url: URL, asked: SiteTarget): Outside {
    if (url.origin === 'null') return { kind: 'never', address: url.protocol };
    const folder = folderOf(url);
    if (url.username !== '' || url.password !== '')
      return { kind: 'never', address: `${url.origin}${folder} with a login in the address` };
    if (folderEscape(url.pathname) !== null) return { kind: 'never', address: `${url.origin}${folder}` };
    // The camera's own folder exists at every address alike. Without it, the further address serves all cameras.
    const cameraFolder = `/${asked.base.pathOf(asked.url).replace(/[^/]*$/, '')}`;
    const at = cameraFolder === '/' ? -1 : folder.indexOf(cameraFolder);
    const shared = at < 0 ? folder : folder.slice(0, at + 1);
    return { kind: 'addable', address: `${url.origin}${shared}` };
  }

  /** A page's own address that the gateway answers with the reason: {@link reasonOutside}. */
  outsidePathname({ kind, address }: Outside): string {
    return `${sitePathname(this.site.id, OUTSIDE)}?${kind}=${encodeURIComponent(shortened(address))}`;
  }
}

/** The reason why an address in a playlist is not allowed, if the path is one of {@link SiteBases.outsidePathname}. */
export function reasonOutside(path: string, search: string): Outside | null {
  if (path !== OUTSIDE) return null;
  const query = new URLSearchParams(search);
  const addable = query.get('addable');
  return addable === null
    ? { kind: 'never', address: query.get('never') ?? '' }
    : { kind: 'addable', address: addable };
}

/**
 * The end of a sentence about an address that is not allowed. Behind a proxy that publishes a site under another name
 * or path, the address may be one that does not answer here.
 */
export function outsideWords({ kind, address }: Outside): string {
  const shown = shortened(address);
  return kind === 'addable'
    ? `${shown}: add that address to the site's further addresses, or have its server send relative ones where that does not answer here`
    : `${shown}, which Holdfast does not follow`;
}

/** The path up to its last slash. */
function folderOf(url: URL): string {
  return url.pathname.slice(0, url.pathname.lastIndexOf('/') + 1);
}

function shortened(address: string): string {
  return address.length <= MAX_SHOWN_ADDRESS ? address : `${address.slice(0, MAX_SHOWN_ADDRESS)}…`;
}
