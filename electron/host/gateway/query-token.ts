/** The token of a site's login, which no page may see. */
export interface HiddenToken {
  /** The query parameter that carries it; `null` where it is sent in a header. */
  readonly name: string | null;
  readonly value: string;
  /** Earlier tokens: a site may still write them into addresses, and there they count as the site's token too. */
  readonly formerValues?: readonly string[];
}

/** A site's token that is sent in the query string. */
export interface QueryToken extends HiddenToken {
  readonly name: string;
}

/** A token of at least this length does not occur in text by chance, so every occurrence of it is the token. */
const UNMISTAKABLE_TOKEN_LENGTH = 8;

/**
 * Whether an address carries another token, which the site issued for this address, in the parameter of the site's own
 * token.
 */
export function hasOwnToken(search: string, token: QueryToken): boolean {
  return new URLSearchParams(search).has(token.name);
}

/** The query string with the site's token, unless the address has its own. */
export function searchWithToken(search: string, token: QueryToken): string {
  if (hasOwnToken(search, token)) return search;
  const parameter = `${encodeURIComponent(token.name)}=${encodeURIComponent(token.value)}`;
  return search === '' ? `?${parameter}` : `${search}&${parameter}`;
}

/**
 * Removes the site's own token from an address's query string; the gateway adds it again where it is needed. Another
 * value of the same parameter was issued for this address and stays.
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

/** Removes the site's own token from a text, in every position and spelling. */
export function withoutToken(text: string, token: HiddenToken | null): string {
  if (token === null) return text;
  return [token.value, ...(token.formerValues ?? [])]
    .filter(({ length }) => length >= UNMISTAKABLE_TOKEN_LENGTH)
    .flatMap((value) => [value, encodeURIComponent(value), encodeURIComponent(encodeURIComponent(value))])
    .reduce((result, spelling) => result.replaceAll(spelling, 'removed'), text);
}

/** An address for a message, without the site's own token in its path and its query. */
export function urlWithoutToken(url: URL, token: HiddenToken | null): URL {
  const bare = new URL(url);
  bare.pathname = withoutToken(url.pathname, token);
  bare.search = withoutTokenParameter(url.search, token);
  return bare;
}

function isToken(value: string | null, token: HiddenToken): boolean {
  return value !== null && (value === token.value || (token.formerValues?.includes(value) ?? false));
}
