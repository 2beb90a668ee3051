import type { LiveAnswer, LiveFiles } from '../../../electron/demo/live-files.ts';
import { PLAYLIST_FILE, PLAYLIST_TYPE } from '../../../electron/demo/live-playlist.ts';
import type { StreamShape } from '../../../electron/demo/stream-shape.ts';
import { editAddresses } from '../oddities/edit-answers.ts';
import { Sessions } from './sessions.ts';

const SESSION = 'hls_ctx';

/**
 * A stream as SRS serves it: both playlists have one address. The answer to a request with an open session is the media
 * playlist. Any other answer is a multivariant playlist, which names the same address with a session: the request's own,
 * which is then open again, or a new one. Requests for segments need no session.
 * @param files a stream that is not multivariant
 * @param camera the folder that it is in
 */
export function servedBySrs(files: LiveFiles, shape: StreamShape, camera: string): LiveFiles {
  const windowMs = shape.windowSegments * shape.segmentMs;
  const sessions = new Sessions<object>('8p44d', 2 * windowMs);
  return {
    sessions: (nowMs) => sessions.count(nowMs),
    answer(file, query, nowMs, condition, cookies): LiveAnswer {
      if (file !== PLAYLIST_FILE || condition.sourceGoneSinceMs !== null)
        return files.answer(file, query, nowMs, condition, cookies);
      const known = query.get(SESSION);
      if (known === null || sessions.find(known, nowMs, condition) === null) {
        const id = sessions.make(nowMs, {}, known);
        const others = known === null && query.size > 0 ? `&${query}` : '';
        const uri = `/${camera}/${PLAYLIST_FILE}?${SESSION}=${id}${others}`;
        const variant = '#EXT-X-STREAM-INF:BANDWIDTH=1,AVERAGE-BANDWIDTH=1';
        return { kind: 'file', type: PLAYLIST_TYPE, body: `#EXTM3U\n${variant}\n${uri}\n` };
      }
      sessions.use(known, nowMs);
      const answer = files.answer(file, query, nowMs, condition, cookies);
      if (answer.kind !== 'file' || typeof answer.body !== 'string') return answer;
      return { ...answer, body: editAddresses(answer.body, (address) => `${address}?${SESSION}=${known}`) };
    },
  };
}
