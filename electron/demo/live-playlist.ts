/** What every segment's number and time is counted by. */
export interface LiveTimeline {
  /** When segment 0 began, in milliseconds since 1970. */
  readonly epochMs: number;
  readonly segmentMs: number;
  /** Segments in a playlist. */
  readonly windowSegments: number;
  /** Segments before the playlist's first one that are still served, for clients that are late. */
  readonly keptSegments: number;
}

/**
 * The same fixed epoch in every process, so that origins agree without talking. Recent, which keeps decode
 * times far below 2^53 ticks; no day or process start, so that nothing ever begins anew.
 */
export const DEMO_TIMELINE: LiveTimeline = {
  epochMs: Date.UTC(2020, 0, 1),
  segmentMs: 1000,
  windowSegments: 7,
  keptSegments: 10,
};

/** The numbers of the first and the last segment in a playlist, both included. */
export interface SegmentWindow {
  readonly first: number;
  readonly last: number;
}

/**
 * The segments that a playlist lists at `nowMs`: a segment appears when the whole of it has passed.
 * @throws {RangeError} where not even one segment has passed since the epoch: the clock is wrong
 */
export function windowAt(timeline: LiveTimeline, nowMs: number): SegmentWindow {
  const last = Math.floor((nowMs - timeline.epochMs) / timeline.segmentMs) - 1;
  if (!(last >= 0))
    throw new RangeError(
      `The clock says ${nowMs} ms since 1970, but live segments are counted from ${new Date(timeline.epochMs).toISOString()}`,
    );
  return { first: Math.max(0, last - timeline.windowSegments + 1), last };
}

/** Whether segment `n` can be had while the playlist lists `window`. */
export function segmentState(
  timeline: LiveTimeline,
  window: SegmentWindow,
  n: number,
): 'not yet' | 'served' | 'gone' {
  if (n > window.last) return 'not yet';
  return n >= window.first - timeline.keptSegments ? 'served' : 'gone';
}

/** A media playlist (RFC 8216) of a window; its addresses are relative to its own. */
export function livePlaylist(timeline: LiveTimeline, window: SegmentWindow): string {
  const lines = [
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    `#EXT-X-TARGETDURATION:${Math.ceil(timeline.segmentMs / 1000)}`,
    `#EXT-X-MEDIA-SEQUENCE:${window.first}`,
    '#EXT-X-INDEPENDENT-SEGMENTS',
    `#EXT-X-MAP:URI="${INIT_FILE}"`,
  ];
  for (let n = window.first; n <= window.last; n++) {
    lines.push(
      `#EXT-X-PROGRAM-DATE-TIME:${new Date(timeline.epochMs + n * timeline.segmentMs).toISOString()}`,
      `#EXTINF:${(timeline.segmentMs / 1000).toFixed(3)},`,
      `${n}.m4s`,
    );
  }
  return `${lines.join('\n')}\n`;
}

export const PLAYLIST_FILE = 'index.m3u8';
export const INIT_FILE = 'init.mp4';
