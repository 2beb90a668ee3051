import type { LiveFiles } from '../../../electron/demo/live-files.ts';
import { editPlaylists } from './edit-answers.ts';

/**
 * Playlists that say something else than what is true.
 * @param values by tag or attribute, such as `{ 'EXT-X-TARGETDURATION': '1', 'PART-TARGET': '0.02' }`
 */
export function declaring(files: LiveFiles, values: Readonly<Record<string, string>>): LiveFiles {
  return editPlaylists(files, (text) =>
    Object.entries(values).reduce(
      (said, [name, value]) =>
        // After a colon the value of a tag, after an equals sign that of an attribute.
        said.replace(new RegExp(`(?<![A-Z-])(${name}[:=])("[^"]*"|[^,\\n]*)`, 'g'), `$1${value}`),
      text,
    ),
  );
}
