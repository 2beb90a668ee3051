import type { Site } from '../../../shared/config/config.ts';
import { folderEscape } from '../../../shared/folder-escape.ts';
import { sitePathname } from '../../../shared/gateway/gateway-contract.ts';
import { SiteBase } from './site-base.ts';

/**
 * Paths in the page's origin. A path below the base address never holds a backslash, so `%5C` marks the others: `%5Cfurther-1/…`
 * lies below the first further address; `%5Coutside?…` stands for an address that is not followed, and its query says why.
 */
const FURTHER = '%5Cfurther-';
const OUTSIDE = '%5Coutside';

/** Most of an address that is told in words, in characters. */
const MAX_SHOWN_ADDRESS = 200;

/** Why an address is not followed. */
export type Outside =
  /** An admin can allow it, by adding `address` to the site's further addresses. */
  | { readonly kind: 'addable'; readonly address: string }
  | { readonly kind: 'never'; readonly address: string };

export interface SiteTarget {
  readonly base: SiteBase;
  readonly url: URL;
}

/** A {@link SiteTarget} as plain data, for another thread. */
export interface PlainTarget {
  /** The base's place: 0 for the base address, then the further ones in their order. */
  readonly base: number;
  readonly href: string;
}

/** What a site's bases are made of. */
export type ListSite = Pick<Site, 'id' | 'baseUrl' | 'furtherAddresses'>;

/** Where a site may be asked: below its base address, and below each of its further addresses. */
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

  /** @throws Error for a base that the site does not have */
  targetOf({ base, href }: PlainTarget): SiteTarget {
    const found = [this.main, ...this.further][base];
    if (found === undefined) throw new Error(`the site has no base ${base}`);
    return { base: found, url: new URL(href) };
  }

  /** The base that an address lies below, or `null` for one that is outside of all. */
  containing(url: URL): SiteBase | null {
    return this.byPrecedence.find((base) => base.contains(url)) ?? null;
  }

  /** What a page means by a path below the site, still encoded; `null` where that leaves its base. */
  target(path: string, search: string): SiteTarget | null {
    const [, number, below = ''] = new RegExp(`^${FURTHER}(\\d+)/(.*)$`).exec(path) ?? [];
    const base = number === undefined ? this.main : this.further[Number(number) - 1];
    const url = base?.target(number === undefined ? path : below, search) ?? null;
    return base === undefined || url === null ? null : { base, url };
  }

  /**
   * What to say of an address that no base contains.
   * @param asked what led there
   */
  outside(url: URL, asked: SiteTarget): Outside {
    if (url.origin === 'null') return { kind: 'never', address: url.protocol };
    const folder = folderOf(url);
    if (url.username !== '' || url.password !== '')
      return { kind: 'never', address: `${url.origin}${folder} with a login in the address` };
    if (folderEscape(url.pathname) !== null) return { kind: 'never', address: `${url.origin}${folder}` };
    // The camera's own folder is asked for at every address alike: without it the address is good for all cameras.
    const cameraFolder = `/${asked.base.pathOf(asked.url).replace(/[^/]*$/, '')}`;
    const at = cameraFolder === '/' ? -1 : folder.indexOf(cameraFolder);
    const shared = at < 0 ? folder : folder.slice(0, at + 1);
    return { kind: 'addable', address: `${url.origin}${shared}` };
  }

  /** An address in the page's own origin that the gateway answers with the reason: {@link reasonOutside}. */
  outsidePathname({ kind, address }: Outside): string {
    return `${sitePathname(this.site.id, OUTSIDE)}?${kind}=${encodeURIComponent(shortened(address))}`;
  }
}

/** Why a page is not led to where a playlist points, if the path below the site is one of {@link SiteBases.outsidePathname}. */
export function reasonOutside(path: string, search: string): Outside | null {
  if (path !== OUTSIDE) return null;
  const query = new URLSearchParams(search);
  const addable = query.get('addable');
  return addable === null
    ? { kind: 'never', address: query.get('never') ?? '' }
    : { kind: 'addable', address: addable };
}

/**
 * The end of a sentence that says where a site leads to. Behind a proxy that publishes a site under another name or path than its
 * own, the address may be one that does not answer here.
 */
export function outsideWords({ kind, address }: Outside): string {
  const shown = shortened(address);
  return kind === 'addable'
    ? `${shown}: add that address to the site's further addresses, or have its server send relative ones where that does not answer here`
    : `${shown}, which Holdfast does not follow`;
}

/** Up to the last slash of the path. */
function folderOf(url: URL): string {
  return url.pathname.slice(0, url.pathname.lastIndexOf('/') + 1);
}

function shortened(address: string): string {
  return address.length <= MAX_SHOWN_ADDRESS ? address : `${address.slice(0, MAX_SHOWN_ADDRESS)}…`;
}
