import { setImmediate as nextTurn } from 'node:timers/promises';
import { withoutFalseScheme } from '../../../shared/playlist/resolve-uri.ts';
import { GatewayFailure } from './gateway-failure.ts';
import { type HiddenToken, urlWithoutToken, withoutToken, withoutTokenParameter } from './query-token.ts';
import { rebuiltLine } from './rebuilt-line.ts';
import type { SiteBases, SiteTarget } from './site-bases.ts';

export interface PlaylistOrigin {
  readonly siteName: string;
  readonly bases: SiteBases;
  /** What the page asked for; the page resolves relative addresses against it. */
  readonly asked: SiteTarget;
  /** What answered, after redirects; the site means its relative addresses against it. */
  readonly answered: SiteTarget;
  readonly token: HiddenToken | null;
  /** Ends the work. */
  readonly signal: AbortSignal;
}

/** Lines that are rebuilt in one go, about 4 ms of work (15 to 20 us an address): the host has others to serve. */
const LINES_PER_TURN = 200;

/** Most lines of a playlist: some ten times as many as two minutes of parts have. Half a second of work. */
const MAX_LINES = 20_000;

/**
 * Makes a playlist safe and usable in the page: it is read line by line, and written anew ({@link rebuiltLine}). Addresses on the
 * site become the gateway's, relative ones stay as they are, and those outside of the site's bases become one that the
 * gateway refuses in words.
 *
 * @throws GatewayFailure `too-large` for more than {@link MAX_LINES}; the signal's reason
 */
export async function rebuildPlaylist(text: string, origin: PlaylistOrigin): Promise<string> {
  const lines = text.split(/[\r\n]+/);
  if (lines.length > MAX_LINES)
    throw new GatewayFailure(
      'too-large',
      `the playlist of ${origin.siteName} has more than ${MAX_LINES} lines in what has to be kept of it`,
    );
  let rebuilt = '';
  for (let from = 0; from < lines.length; from += LINES_PER_TURN) {
    if (from > 0) await nextTurn();
    origin.signal.throwIfAborted();
    for (const line of lines.slice(from, from + LINES_PER_TURN)) {
      const written = rebuiltLine(line, (address) => pageAddress(address, origin));
      if (written !== null) rebuilt += `${withoutToken(written, origin.token)}\n`;
    }
  }
  return rebuilt;
}

function pageAddress(written: string, { bases, asked, answered, token }: PlaylistOrigin): string {
  // What the URL parser would skip must not hide a scheme from the test for relative addresses below, and nothing may end the line.
  const address = withoutFalseScheme(written.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, '').trim());
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
