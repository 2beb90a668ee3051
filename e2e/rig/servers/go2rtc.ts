import { loopClip, rhythmOf, stillClip } from '../../../electron/demo/clip-loop.ts';
import type { Clip } from '../../../electron/demo/fmp4.ts';
import type { LiveAnswer, LiveFiles } from '../../../electron/demo/live-files.ts';
import { PLAYLIST_FILE, PLAYLIST_TYPE } from '../../../electron/demo/live-playlist.ts';
import { EPOCH_MS } from '../../../electron/demo/live-timeline.ts';
import { PACKET } from '../../../electron/demo/transport-stream.ts';
import { Sessions } from './sessions.ts';

/** A session ends this time after its last request for a segment, ms. Requests for playlists do not count. */
const IDLE_MS = 5000;
/** Longest time that a request waits for a session's first segment, ms. */
const SEGMENT_WAIT_MS = 3000;
/** Counter in the packets of the tables. It does not change: the tables of a session are the same bytes each time. */
const TABLES_COUNTER = 0;
/** Length of the tables of the program and of its streams, bytes. */
const TABLES_BYTES = 2 * PACKET;
const MEDIA_PLAYLIST = 'hls/playlist.m3u8';
const SEGMENT = 'hls/segment.ts';

interface Session {
  /** Number of segments that were sent. */
  taken: number;
  /** Number of the first picture that was not sent yet. */
  next: number;
  /** Since when a request waits for the first segment, ms since 1970; `null` while none waits. */
  waitsSinceMs: number | null;
}

/**
 * A camera as go2rtc serves it in MPEG-TS. Each request for `index.m3u8` makes a session. The playlist of a session always
 * lists two segments, with a declared duration of 0.5 s each, and moves on only when a segment is requested. A segment is
 * everything that came since the session's previous segment, whichever number the request has. The first segment of a
 * session begins with any picture and has no tables, and its request waits until there are pictures. Each later segment is
 * sent at once and begins with the tables; where no picture came, it is the tables alone.
 * @param phaseMs how far the pictures are ahead of those of the clip, ms
 */
export function servedByGo2rtc(clip: Clip, phaseMs: number): LiveFiles {
  const sessions = new Sessions<Session>('kq3v', IDLE_MS);
  const { picturesPerS } = rhythmOf(clip);
  const loops = { moving: loopClip(clip), frozen: loopClip(stillClip(clip)), black: null };
  const phase = Math.round((phaseMs * picturesPerS) / 1000);
  /** Number of the picture that the camera takes at this time. It can be sent only after its own duration is over. */
  const pictureAt = (atMs: number): number => Math.floor(((atMs - EPOCH_MS) * picturesPerS) / 1000);
  const overAtMs = (picture: number): number => EPOCH_MS + Math.ceil(((picture + 1) * 1000) / picturesPerS);

  return {
    sessions: (nowMs) => sessions.count(nowMs),
    answer(file, query, nowMs, condition): LiveAnswer {
      if (file === PLAYLIST_FILE) {
        // The answer of go2rtc for a camera that it cannot reach is an empty playlist and no failure.
        if (condition.sourceGoneSinceMs !== null) return { kind: 'file', type: PLAYLIST_TYPE, body: '' };
        const id = sessions.make(nowMs, { taken: 0, next: pictureAt(nowMs), waitsSinceMs: null });
        const variant = `#EXT-X-STREAM-INF:BANDWIDTH=192000,CODECS="${clip.video.codec}"`;
        return { kind: 'file', type: PLAYLIST_TYPE, body: `#EXTM3U\n${variant}\n${MEDIA_PLAYLIST}?id=${id}` };
      }
      const id = query.get('id');
      const session = sessions.find(id, nowMs, condition);
      if (id === null || session === null) return { kind: 'missing', words: 'no such session' };
      if (file === MEDIA_PLAYLIST)
        return { kind: 'file', type: PLAYLIST_TYPE, body: list(id, session.taken) };
      if (file !== SEGMENT) return { kind: 'missing', words: 'no such file' };
      sessions.use(id, nowMs);
      const endMs = Math.min(nowMs, condition.sourceGoneSinceMs ?? nowMs);
      const count = pictureAt(endMs) - session.next;
      if (count <= 0 && session.taken === 0) {
        session.waitsSinceMs ??= nowMs;
        if (nowMs - session.waitsSinceMs < SEGMENT_WAIT_MS)
          return { kind: 'wait', untilMs: Math.max(nowMs + 50, overAtMs(session.next)) };
        session.waitsSinceMs = null;
        return { kind: 'missing', words: 'nothing came' };
      }
      const run = { first: session.next, count: Math.max(0, count), phase };
      const segment = (loops[condition.picture] ?? loops.moving).transportSegment(run, TABLES_COUNTER);
      const body = session.taken === 0 ? segment.subarray(TABLES_BYTES) : segment;
      Object.assign(session, { taken: session.taken + 1, next: run.first + run.count, waitsSinceMs: null });
      return { kind: 'file', type: 'video/mp2t', body };
    },
  };
}

function list(id: string, taken: number): string {
  const segments = [taken, taken + 1].map((n) => `#EXTINF:0.500,\nsegment.ts?id=${id}&n=${n}`);
  return [
    '#EXTM3U',
    '#EXT-X-VERSION:3',
    '#EXT-X-TARGETDURATION:1',
    `#EXT-X-MEDIA-SEQUENCE:${taken}`,
    ...segments,
  ].join('\n');
}
