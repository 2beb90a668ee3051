import type { LiveFiles } from '../../../electron/demo/live-files.ts';
import { editPlaylists } from './edit-answers.ts';

/** Init segments keep their name when the encoding changes: clients have to notice by themselves. */
export function keepingInitName(files: LiveFiles): LiveFiles {
  const [usual, other] = ['init.mp4', 'init-other.mp4'];
  return editPlaylists(
    {
      ...files,
      answer: (file, query, nowMs, condition, cookies) =>
        files.answer(
          condition.encoding === 'other' ? file.replace(usual, other) : file,
          query,
          nowMs,
          condition,
          cookies,
        ),
    },
    (text) => text.replaceAll(other, usual),
  );
}
