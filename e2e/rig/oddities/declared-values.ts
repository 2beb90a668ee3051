import type { LiveFiles } from '../../../electron/demo/live-files.ts';
import { editPlaylists } from './edit-answers.ts';

/**
 * Playlists that declare values which are not true.
 * @param values by tag or attribute, such as `{ 'EXT-X-TARGETDURATION': '1', 'PART-TARGET': '0.02' }`
 */
export function declaring(files: LiveFiles, values: Readonly<Record<string, string>>): LiveFiles {
  return editPlaylists(files, (text) =>
    Object.entries(values).reduce(
      (said, [name, value]) =>
        // The value of a tag follows a colon, the value of an attribute an equals sign.
        said.replace(new RegExp(`(?<![A-Z-])(${name}[:=])("[^"]*"|[^,\\n]*)`, 'g'), `$1${value}`),
      text,
    ),
  );
}
