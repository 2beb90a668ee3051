import type { LiveFiles } from '../../../electron/demo/live-files.ts';
import { editAddresses, editPlaylists } from './edit-answers.ts';

/**
 * A server that sends its clients to another address of the site: by a redirect for each playlist, or by absolute
 * addresses in each playlist.
 * @param baseUrl base of the other address
 */
export function sendingElsewhere(
  files: LiveFiles,
  by: 'redirect' | 'absolute-addresses',
  baseUrl: string,
  camera: string,
): LiveFiles {
  const there = (address: string): string => `${baseUrl}/${camera}/${address}`;
  if (by === 'absolute-addresses')
    return editPlaylists(files, (text, { file }) =>
      editAddresses(text, (address) => there(new URL(address, `http://site.test/${file}`).pathname.slice(1))),
    );
  return {
    ...files,
    answer(file, query, nowMs, condition, cookies) {
      if (!file.endsWith('.m3u8')) return files.answer(file, query, nowMs, condition, cookies);
      const search = query.size === 0 ? '' : `?${query}`;
      return { kind: 'redirect', location: `${there(file)}${search}` };
    },
  };
}
