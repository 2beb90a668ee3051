import { setImmediate as nextTurn } from 'node:timers/promises';
import { NewestWindow } from '../../../shared/playlist/newest-window.ts';
import { GatewayFailure } from './gateway-failure.ts';
import { SNIFF_BYTES, startsAsPlaylist } from './media-type.ts';
import { PLAYLIST_LIMIT, type SiteBody } from './site-body.ts';

/**
 * Reads a playlist to its end, and keeps what a page needs of it: it is never in memory as a whole. Between two pieces of it,
 * 64 KB or some more and about 0.5 ms of work each, the host serves others.
 *
 * @throws GatewayFailure `too-large` where the playlist, or what a page needs of it, exceeds its limit; and whatever the body
 *   fails with
 */
export async function newestText(body: SiteBody, siteName: string): Promise<string> {
  const decoder = new TextDecoder();
  const window = new NewestWindow();
  const isPlaylist = startsAsPlaylist(await body.peek(SNIFF_BYTES));
  let isFirst = true;
  for (let chunk = await body.next(PLAYLIST_LIMIT); chunk !== null; chunk = await body.next(PLAYLIST_LIMIT)) {
    if (!isFirst) await nextTurn();
    isFirst = false;
    window.push(decoder.decode(chunk, { stream: true }));
  }
  window.push(decoder.decode());
  const newest = window.end();
  // Of a playlist that is too much for it, the window makes a sentence.
  if (isPlaylist && !newest.startsWith('#EXTM3U'))
    throw new GatewayFailure(
      'too-large',
      newest.replace(/^The playlist/, `the playlist of ${siteName}`).replace(/\.$/, ''),
    );
  return newest;
}
