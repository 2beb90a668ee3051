import type { Clip } from '../../../electron/demo/fmp4.ts';
import type { LiveAnswer, LiveFiles } from '../../../electron/demo/live-files.ts';
import { PLAYLIST_FILE } from '../../../electron/demo/live-playlist.ts';
import { multivariantPlaylist } from '../../../electron/demo/multivariant-playlist.ts';
import { editAddresses } from '../oddities/edit-answers.ts';
import { Sessions } from './sessions.ts';

/** MediaMTX 1.18 and newer close a session that is not used for this time. */
const IDLE_MS = 30_000;
const MEDIA_PLAYLIST = 'main_stream.m3u8';
const SESSION = 'session';

/**
 * A stream as MediaMTX hands it out: `index.m3u8` redirects once to find out about cookies, and then makes a session,
 * which is in the query of all addresses. Without a session that lives, everything but `index.m3u8` is 401, whatever the login.
 * @param files a stream that is not multivariant
 * @param clip what it shows, for the multivariant playlist
 */
export function servedByMediaMtx(files: LiveFiles, clip: Clip): LiveFiles {
  const sessions = new Sessions<object>('6c0a4f3e-', IDLE_MS);
  return {
    sessions: (nowMs) => sessions.count(nowMs),
    answer(file, query, nowMs, condition, cookies): LiveAnswer {
      if (condition.sourceGoneSinceMs !== null) sessions.endAll();
      if (file === PLAYLIST_FILE) {
        if (condition.sourceGoneSinceMs !== null) return { kind: 'missing', words: 'no stream is available' };
        if (query.get('cookieCheck') !== '1') {
          const checked = new URLSearchParams(query);
          checked.set('cookieCheck', '1');
          return { kind: 'redirect', location: `${PLAYLIST_FILE}?${checked}` };
        }
        const id = sessions.make(nowMs, {});
        return {
          kind: 'file',
          type: 'application/vnd.apple.mpegurl',
          body: multivariantPlaylist([{ uri: `${MEDIA_PLAYLIST}?${SESSION}=${id}`, clip }]),
        };
      }
      const id = query.get(SESSION);
      if (id === null || sessions.find(id, nowMs, condition) === null)
        return { kind: 'refused', status: 401, words: '{"status":"error","error":"authentication error"}' };
      sessions.use(id, nowMs);
      const real = file === MEDIA_PLAYLIST ? PLAYLIST_FILE : file;
      const answer = files.answer(real, query, nowMs, condition, cookies);
      if (answer.kind !== 'file' || typeof answer.body !== 'string') return answer;
      return { ...answer, body: editAddresses(answer.body, (address) => `${address}?${SESSION}=${id}`) };
    },
  };
}
