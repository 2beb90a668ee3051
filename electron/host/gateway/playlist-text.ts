import { setImmediate as nextTurn } from 'node:timers/promises';
import { NewestWindow } from '../../../shared/playlist/newest-window.ts';
import { GatewayFailure } from './failures.ts';

/**
 * Reads a playlist to its end, and keeps only the newest part that a page needs, so that it is never in memory as a
 * whole. Others are served between two pieces of it, each of about 64 KB and 0.5 ms of work.
 * @param isPlaylist whether its first bytes are those of a playlist
 * @throws GatewayFailure `too-large` where the part that a page needs exceeds its limit; and whatever the pieces fail
 * with
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
  // The window makes the message for a playlist that is too much for it.
  if (isPlaylist && !newest.startsWith('#EXTM3U'))
    throw new GatewayFailure(
      'too-large',
      newest.replace(/^The playlist/, `the playlist of ${siteName}`).replace(/\.$/, ''),
    );
  return newest;
}
