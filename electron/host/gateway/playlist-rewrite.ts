import { setImmediate as nextTurn } from 'node:timers/promises';
import { withoutFalseScheme } from '../../../shared/playlist/resolve-uri.ts';
import { GatewayFailure } from './gateway-failure.ts';
import { type QueryToken, urlWithoutToken, withoutToken, withoutTokenParameter } from './query-token.ts';
import type { SiteBases, SiteTarget } from './site-bases.ts';

export interface PlaylistOrigin {
  readonly siteName: string;
  readonly bases: SiteBases;
  /** What the page asked for; the page resolves relative addresses against it. */
  readonly asked: SiteTarget;
  /** What answered, after redirects; the site means its relative addresses against it. */
  readonly answered: SiteTarget;
  readonly token: QueryToken | null;
  /** Ends the work. */
  readonly signal: AbortSignal;
}

/** Lines that are rewritten in one go, about 4 ms of work (15 to 20 us an address): the host has others to serve. */
const LINES_PER_TURN = 200;

/** Most addresses of a playlist: some hundred times as many as a live stream has in two minutes. Half a second of work. */
const MAX_ADDRESSES = 20_000;

/**
 * Every attribute of RFC 8216bis that holds one address: `URI`, `SERVER-URI`, and those of interstitials,
 * `X-ASSET-URI` and `X-ASSET-LIST`.
 */
const ADDRESS_ATTRIBUTE = /((?:^|[:,\s])(?:[A-Z0-9-]*URI|X-ASSET-LIST)=")([^"]*)"/g;

/**
 * Makes a playlist safe and usable in the page: addresses on the site become the gateway's, relative ones
 * stay as they are, and those outside of the site's bases become one that the gateway refuses in words.
 *
 * @throws GatewayFailure `too-large` for more than {@link MAX_ADDRESSES}; the signal's reason
 */
export async function rewritePlaylist(text: string, origin: PlaylistOrigin): Promise<string> {
  let addresses = 0;
  const rewrite = (address: string): string => {
    addresses += 1;
    if (addresses > MAX_ADDRESSES)
      throw new GatewayFailure(
        'too-large',
        `the playlist of ${origin.siteName} has more than ${MAX_ADDRESSES} addresses`,
      );
    return rewriteAddress(address, origin);
  };
  // Each line, and each run of line ends.
  const pieces = text.match(/[^\r\n]+|[\r\n]+/g) ?? [];
  let rewritten = '';
  for (let from = 0; from < pieces.length; from += 2 * LINES_PER_TURN) {
    if (from > 0) await nextTurn();
    origin.signal.throwIfAborted();
    const turn = pieces.slice(from, from + 2 * LINES_PER_TURN).map((line) => rewriteLine(line, rewrite));
    rewritten += withoutToken(turn.join(''), origin.token);
  }
  return rewritten;
}

function rewriteLine(line: string, rewrite: (address: string) => string): string {
  if (line.startsWith('#'))
    return line.replace(
      ADDRESS_ATTRIBUTE,
      (_match, before: string, address: string) => `${before}${rewrite(address)}"`,
    );
  return line.trim() === '' ? line : rewrite(line);
}

function rewriteAddress(written: string, { bases, asked, answered, token }: PlaylistOrigin): string {
  // What the URL parser would skip must not hide a scheme from the test for relative addresses below.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out.
  const address = withoutFalseScheme(written.replace(/[\u0000-\u001f]/g, '').trim());
  if (!URL.canParse(address, answered.url.href))
    return bases.outsidePathname({ kind: 'never', address: withoutSecrets(withoutToken(address, token)) });
  const url = new URL(address, answered.url);
  const base = url.username === '' && url.password === '' ? bases.containing(url) : null;
  if (base === null) return bases.outsidePathname(bases.outside(urlWithoutToken(url, token), answered));
  const relative = !/^([a-z][a-z0-9+.-]*:|[/\\])/i.test(address);
  if (relative && base === asked.base && folderOf(asked.url) === folderOf(answered.url))
    return withoutTokenParameter(address, token);
  url.search = withoutTokenParameter(url.search, token);
  return base.pagePathname(url);
}

/**
 * An address that cannot be parsed, to be told in words: without its query, its fragment and what stands before an `@`. A token in
 * them may be too short to be found, and of one that is cut in two the beginning would be told.
 */
function withoutSecrets(address: string): string {
  return address.replace(/[?#].*$/s, '').replace(/^.*@/s, '');
}

function folderOf({ origin, pathname }: URL): string {
  return origin + pathname.slice(0, pathname.lastIndexOf('/') + 1);
}
