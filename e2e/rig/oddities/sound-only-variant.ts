import type { LiveFiles } from '../../../electron/demo/live-files.ts';
import { PLAYLIST_FILE } from '../../../electron/demo/live-playlist.ts';

/**
 * Adds a third variant to the multivariant playlist: sound alone, with the lowest bandwidth. Its playlist and its segments are
 * those of the `sub` variant, with what `soundOf` leaves of each segment.
 */
export function withSoundOnlyVariant(
  files: LiveFiles,
  soundOf: (segment: Uint8Array) => Uint8Array,
): LiveFiles {
  const folder = 'sound/';
  const variant = `#EXT-X-STREAM-INF:BANDWIDTH=40000,CODECS="mp4a.40.2"\n${folder}${PLAYLIST_FILE}\n`;
  return {
    ...files,
    answer(file, query, nowMs, condition, cookies = '') {
      const isSound = file.startsWith(folder);
      const real = isSound ? `sub/${file.slice(folder.length)}` : file;
      const answer = files.answer(real, query, nowMs, condition, cookies);
      if (answer.kind !== 'file') return answer;
      if (file === PLAYLIST_FILE) return { ...answer, body: `${answer.body}${variant}` };
      if (!isSound || typeof answer.body === 'string') return answer;
      return { ...answer, body: soundOf(answer.body) };
    },
  };
}
