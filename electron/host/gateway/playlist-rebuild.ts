import { setImmediate as nextTurn } from 'node:timers/promises';
import { withoutFalseScheme } from '../../../shared/playlist/resolve-uri.ts';
import { GatewayFailure } from './failures.ts';
import { type HiddenToken, urlWithoutToken, withoutToken, withoutTokenParameter } from './query-token.ts';
import { rebuiltLine } from './rebuilt-line.ts';
import type { SiteBases, SiteTarget } from './site-bases.ts';

export interface PlaylistOrigin {
  readonly siteName: string;
  readonly bases: SiteBases;
  /** The address that the page asked for; the page resolves relative addresses against it. */
  readonly asked: SiteTarget;
  /** The address that answered, after redirects; the site's relative addresses are relative to it. */
  readonly answered: SiteTarget;
  readonly token: HiddenToken | null;
  /** Ends the work. */
  readonly signal: AbortSignal;
}

/**
 * Lines rebuilt in one turn, about 4 ms of work (15 to 20 us per address), so that the host can serve others between
 * turns.
 */
const LINES_PER_TURN = 200;

/** Line limit of a playlist: about ten times two minutes of parts, half a second of work. */
const MAX_LINES = 20_000;

/**
 * Makes a playlist safe and usable in the page: each line is read and written again ({@link rebuiltLine}). Absolute
 * addresses on the site become addresses of the gateway, relative ones stay as they are. An address outside of the
 * site's bases becomes one that the gateway refuses with a message.
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
  // Characters that a URL parser skips must neither hide a scheme from the test for relative addresses below nor end
  // the line.
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
 * An address that cannot be parsed, for a message: without its query, its fragment and the part before an `@`. A token
 * there may be too short to be found, or cut so that its beginning would be shown.
 */
function withoutSecrets(address: string): string {
  return address.replace(/[?#].*$/s, '').replace(/^.*@/s, '');
}

function folderOf({ origin, pathname }: URL): string {
  return origin + pathname.slice(0, pathname.lastIndexOf('/') + 1);
}
