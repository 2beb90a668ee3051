import type { LiveFiles } from '../../../electron/demo/live-files.ts';
import { editPlaylists } from './edit-answers.ts';

/** Playlists of segments with these lines before the first segment, as they are. */
export function withFurtherLines(files: LiveFiles, lines: readonly string[]): LiveFiles {
  return editPlaylists(files, (text) => text.replace(/^#EXTINF:/m, (first) => [...lines, first].join('\n')));
}
