import type { SiteBase } from './site-base.ts';

/** A site's token in the query string, which no page may see. */
export interface QueryToken {
  readonly name: string;
  readonly value: string;
  /** Values that it had before: a site may still write them, and they are no token of an address's own either. */
  readonly formerValues?: readonly string[];
}

export interface PlaylistOrigin {
  readonly base: SiteBase;
  /** What the page asked for; the page resolves relative addresses against it. */
  readonly asked: URL;
  /** What answered, after redirects; the site means its relative addresses against it. */
  readonly answered: URL;
  readonly token: QueryToken | null;
}

/** A token this long does not occur in a playlist by chance, so that every occurrence of it is the token. */
const UNMISTAKABLE_TOKEN_LENGTH = 8;

/**
 * Every attribute of RFC 8216bis that holds one address: `URI`, `SERVER-URI`, and those of interstitials,
 * `X-ASSET-URI` and `X-ASSET-LIST`.
 */
const ADDRESS_ATTRIBUTE = /((?:^|[:,\s])(?:[A-Z0-9-]*URI|X-ASSET-LIST)=")([^"]*)"/g;

/**
 * Makes a playlist safe and usable in the page: addresses on the site become the gateway's, relative ones
 * stay as they are, and those outside of the site's base become one that the gateway refuses in words.
 */
export function rewritePlaylist(text: string, origin: PlaylistOrigin): string {
  const rewritten = text.replace(/[^\r\n]+/g, (line) => {
    if (line.startsWith('#'))
      return line.replace(
        ADDRESS_ATTRIBUTE,
        (_match, before: string, address: string) => `${before}${rewriteAddress(address, origin)}"`,
      );
    return line.trim() === '' ? line : rewriteAddress(line, origin);
  });
  return origin.token === null ? rewritten : withoutToken(rewritten, origin.token);
}

function rewriteAddress(written: string, { base, asked, answered, token }: PlaylistOrigin): string {
  // What the URL parser would skip must not hide a scheme from the test for relative addresses below.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out.
  const address = written.replace(/[\u0000-\u001f]/g, '').trim();
  if (!URL.canParse(address, answered.href)) return base.refusedPathname(address);
  const url = new URL(address, answered);
  if (!base.contains(url) || url.username !== '' || url.password !== '')
    return base.refusedPathname(url.origin === 'null' ? url.protocol : `${url.origin}${url.pathname}`);
  const relative = !/^([a-z][a-z0-9+.-]*:|[/\\])/i.test(address);
  if (relative && folderOf(asked) === folderOf(answered)) return withoutTokenParameter(address, token);
  url.search = withoutTokenParameter(url.search, token);
  return base.pagePathname(url);
}

function folderOf(url: URL): string {
  return url.pathname.slice(0, url.pathname.lastIndexOf('/') + 1);
}

/**
 * Takes the site's own token out of an address's query string; the gateway adds it again. A different value
 * by the same name was issued for this address and stays.
 */
function withoutTokenParameter(address: string, token: QueryToken | null): string {
  const start = address.indexOf('?');
  if (token === null || start < 0) return address;
  const end = address.indexOf('#', start);
  const query = address.slice(start + 1, end < 0 ? undefined : end);
  const kept = query
    .split('&')
    .filter((parameter) => !isToken(new URLSearchParams(parameter).get(token.name), token))
    .join('&');
  return `${address.slice(0, start)}${kept === '' ? '' : `?${kept}`}${end < 0 ? '' : address.slice(end)}`;
}

function isToken(value: string | null, token: QueryToken): boolean {
  return value !== null && (value === token.value || (token.formerValues?.includes(value) ?? false));
}

function withoutToken(text: string, { value, formerValues = [] }: QueryToken): string {
  return [value, ...formerValues]
    .filter(({ length }) => length >= UNMISTAKABLE_TOKEN_LENGTH)
    .flatMap((token) => [token, encodeURIComponent(token), encodeURIComponent(encodeURIComponent(token))])
    .reduce((result, spelling) => result.replaceAll(spelling, 'removed'), text);
}
