import { setImmediate as nextTurn } from 'node:timers/promises';
import { NewestWindow } from '../../../shared/playlist/newest-window.ts';
import { GatewayFailure } from './gateway-failure.ts';

/**
 * Reads a playlist to its end, and keeps what a page needs of it: it is never in memory as a whole. Between two pieces of it,
 * 64 KB or some more and about 0.5 ms of work each, others are served.
 *
 * @param isPlaylist whether it begins as a playlist does
 * @throws GatewayFailure `too-large` where what a page needs of it exceeds its limit; and whatever the pieces fail with
 */
export async function newestText(
  pieces: AsyncIterable<Uint8Array>,
  isPlaylist: boolean,
  siteName: string,
): Promise<string> {
  const decoder = new TextDecoder();
  const window = new NewestWindow();
  let isFirst = true;
  for await (const piece of pieces) {
    if (!isFirst) await nextTurn();
    isFirst = false;
    window.push(decoder.decode(piece, { stream: true }));
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
