/** What no page may see of a site's login. */
export interface HiddenToken {
  /** Of the query's parameter that carries it; `null` where it goes in a header. */
  readonly name: string | null;
  readonly value: string;
  /** Values that it had before: a site may still write them, and they are no token of an address's own either. */
  readonly formerValues?: readonly string[];
}

/** A site's token in the query string. */
export interface QueryToken extends HiddenToken {
  readonly name: string;
}

/** A token this long does not occur in a text by chance, so that every occurrence of it is the token. */
const UNMISTAKABLE_TOKEN_LENGTH = 8;

/** Whether an address carries a token that the site issued for it, in the place of the one that goes along. */
export function hasOwnToken(search: string, token: QueryToken): boolean {
  return new URLSearchParams(search).has(token.name);
}

/** The query string with the site's token, unless the address carries one of its own. */
export function searchWithToken(search: string, token: QueryToken): string {
  if (hasOwnToken(search, token)) return search;
  const parameter = `${encodeURIComponent(token.name)}=${encodeURIComponent(token.value)}`;
  return search === '' ? `?${parameter}` : `${search}&${parameter}`;
}

/**
 * Takes the site's own token out of an address's query string; where it belongs, it is added again. A different value
 * by the same name was issued for this address and stays.
 */
export function withoutTokenParameter(address: string, token: HiddenToken | null): string {
  const start = address.indexOf('?');
  const name = token?.name ?? null;
  if (token === null || name === null || start < 0) return address;
  const end = address.indexOf('#', start);
  const query = address.slice(start + 1, end < 0 ? undefined : end);
  const kept = query
    .split('&')
    .filter((parameter) => !isToken(new URLSearchParams(parameter).get(name), token))
    .join('&');
  return `${address.slice(0, start)}${kept === '' ? '' : `?${kept}`}${end < 0 ? '' : address.slice(end)}`;
}

/** Takes the site's own token out of a text, wherever it stands in whatever spelling. */
export function withoutToken(text: string, token: HiddenToken | null): string {
  if (token === null) return text;
  return [token.value, ...(token.formerValues ?? [])]
    .filter(({ length }) => length >= UNMISTAKABLE_TOKEN_LENGTH)
    .flatMap((value) => [value, encodeURIComponent(value), encodeURIComponent(encodeURIComponent(value))])
    .reduce((result, spelling) => result.replaceAll(spelling, 'removed'), text);
}

/** An address with the site's own token neither in its path nor in its query: to be told in words. */
export function urlWithoutToken(url: URL, token: HiddenToken | null): URL {
  const bare = new URL(url);
  bare.pathname = withoutToken(url.pathname, token);
  bare.search = withoutTokenParameter(url.search, token);
  return bare;
}

function isToken(value: string | null, token: HiddenToken): boolean {
  return value !== null && (value === token.value || (token.formerValues?.includes(value) ?? false));
}
