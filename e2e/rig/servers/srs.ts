import type { Clip } from '../../../electron/demo/fmp4.ts';
import type { LiveAnswer, LiveFiles } from '../../../electron/demo/live-files.ts';
import { PLAYLIST_FILE } from '../../../electron/demo/live-playlist.ts';
import { multivariantPlaylist } from '../../../electron/demo/multivariant-playlist.ts';
import { editAddresses } from '../oddities/edit-answers.ts';
import { Sessions } from './sessions.ts';

const IDLE_MS = 30_000;
const SESSION = 'hls_ctx';

/**
 * A stream as SRS hands it out: one address for both playlists. With a session that lives it is the media playlist,
 * and else a multivariant one that names the same address with a new session. Segments ask for none.
 * @param files a stream that is not multivariant
 * @param clip what it shows, for the multivariant playlist
 */
export function servedBySrs(files: LiveFiles, clip: Clip): LiveFiles {
  const sessions = new Sessions<object>('8p44d', IDLE_MS);
  return {
    sessions: (nowMs) => sessions.count(nowMs),
    answer(file, query, nowMs, condition, cookies): LiveAnswer {
      if (file !== PLAYLIST_FILE || condition.sourceGoneSinceMs !== null)
        return files.answer(file, query, nowMs, condition, cookies);
      const known = query.get(SESSION);
      if (known === null || sessions.find(known, nowMs, condition) === null) {
        const uri = `${PLAYLIST_FILE}?${SESSION}=${sessions.make(nowMs, {})}`;
        return {
          kind: 'file',
          type: 'application/vnd.apple.mpegurl',
          body: multivariantPlaylist([{ uri, clip }]),
        };
      }
      sessions.use(known, nowMs);
      const answer = files.answer(file, query, nowMs, condition, cookies);
      if (answer.kind !== 'file' || typeof answer.body !== 'string') return answer;
      return { ...answer, body: editAddresses(answer.body, (address) => `${address}?${SESSION}=${known}`) };
    },
  };
}
