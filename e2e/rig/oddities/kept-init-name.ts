import type { LiveFiles } from '../../../electron/demo/live-files.ts';
import { EPOCH_MS } from '../../../electron/demo/live-timeline.ts';
import { editPlaylists, segmentNumber } from './edit-answers.ts';

/**
 * Init segments keep their name when the encoding changes, so clients have to notice the change by themselves. The encoding
 * changes with the next segment. Earlier segments keep the usual encoding, although the playlist names the new init segment
 * for them too.
 */
export function keepingInitName(files: LiveFiles, segmentMs: number): LiveFiles {
  const [usual, other] = ['init.mp4', 'init-other.mp4'];
  /** Number of the first segment in the other encoding; `null` while the encoding is the usual one. */
  let changedFrom: number | null = null;
  return editPlaylists(
    {
      ...files,
      answer: (file, query, nowMs, condition, cookies) => {
        const current = Math.floor((nowMs - EPOCH_MS) / segmentMs);
        changedFrom = condition.encoding === 'usual' ? null : (changedFrom ?? current + 1);
        const number = file.endsWith('.m4s') ? segmentNumber(file) : current;
        const isOther = changedFrom !== null && number >= changedFrom;
        return files.answer(
          isOther ? file.replace(usual, other) : file,
          query,
          nowMs,
          { ...condition, encoding: isOther ? 'other' : 'usual' },
          cookies,
        );
      },
    },
    (text) => text.replaceAll(other, usual),
  );
}
