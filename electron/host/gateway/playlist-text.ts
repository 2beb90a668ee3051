import { NewestWindow } from '../../../shared/playlist/newest-window.ts';
import { GatewayFailure } from './gateway-failure.ts';
import { SNIFF_BYTES, startsAsPlaylist } from './media-type.ts';
import { PLAYLIST_LIMIT, type SiteBody } from './site-body.ts';

/**
 * Reads a playlist to its end, and keeps what a page needs of it: it is never in memory as a whole.
 *
 * @throws GatewayFailure `too-large` where the playlist, or what a page needs of it, exceeds its limit; and whatever the body
 *   fails with
 */
export async function newestText(body: SiteBody, siteName: string): Promise<string> {
  const decoder = new TextDecoder();
  const window = new NewestWindow();
  const isPlaylist = startsAsPlaylist(await body.peek(SNIFF_BYTES));
  for (let chunk = await body.next(PLAYLIST_LIMIT); chunk !== null; chunk = await body.next(PLAYLIST_LIMIT))
    window.push(decoder.decode(chunk, { stream: true }));
  window.push(decoder.decode());
  const newest = window.end();
  // A playlist that is too much for it becomes a sentence.
  if (isPlaylist && !newest.startsWith('#EXTM3U'))
    throw new GatewayFailure(
      'too-large',
      `${siteName} sent a playlist whose lines or whose newest part are too long`,
    );
  return newest;
}
