import type { ClipLoop } from './clip-loop.ts';
import type { LiveAnswer, LiveFiles } from './live-files.ts';
import {
  INIT_FILE,
  type LiveTimeline,
  livePlaylist,
  PLAYLIST_FILE,
  segmentState,
  windowAt,
} from './live-playlist.ts';

/**
 * A looped clip as plain HLS: `index.m3u8`, `init.mp4`, `<n>.m4s`. Its answers throw a RangeError where the clock
 * stands before the timeline's epoch.
 *
 * @param camera names the camera in words
 * @param loop its segments last `timeline.segmentMs`
 */
export function loopedFiles(camera: string, loop: ClipLoop, timeline: LiveTimeline): LiveFiles {
  return {
    answer(file, _query, nowMs): LiveAnswer {
      if (file.includes('/')) return missing(`The camera "${camera}" has no folders.`);
      if (file === INIT_FILE) return { kind: 'file', type: 'video/mp4', body: loop.init };
      const window = windowAt(timeline, nowMs);
      if (file === PLAYLIST_FILE)
        return { kind: 'file', type: 'application/vnd.apple.mpegurl', body: livePlaylist(timeline, window) };
      const number = /^(0|[1-9]\d{0,14})\.m4s$/.exec(file)?.[1];
      if (number === undefined) return missing(`The camera "${camera}" has no file "${file}".`);
      const state = segmentState(timeline, window, Number(number));
      if (state === 'not yet')
        return missing(`Segment ${number} is not there yet: the last one is ${window.last}.`);
      if (state === 'gone')
        return missing(`Segment ${number} is gone: the playlist begins with ${window.first}.`);
      return { kind: 'file', type: 'video/mp4', body: loop.segment(Number(number)) };
    },
  };
}

function missing(words: string): LiveAnswer {
  return { kind: 'missing', words };
}
