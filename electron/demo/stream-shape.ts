/** How a stream is divided, packaged and listed. */
export interface StreamShape {
  readonly segmentMs: 1000 | 2000 | 4000 | 5000;
  readonly container: 'fmp4' | 'mpegts';
  /** Low-Latency HLS with parts of this duration, in fragmented MP4 only; 333 means a third of a second. */
  readonly partMs: 200 | 333 | null;
  readonly programDateTimes: boolean;
  /** Two renditions below a multivariant playlist: `main` and `sub`. */
  readonly multivariant: boolean;
  /** Whole segments in a playlist, at least 3 (RFC 8216, 6.2.2). */
  readonly windowSegments: number;
  /** Whether each segment begins with a key picture, as it should; `anywhere` divides by time alone. */
  readonly keyPictures: 'begin-segments' | 'anywhere';
  /** Number of segments before the playlist's first one that are still served, for late clients; from 0. */
  readonly keptSegments: number;
}

/** One second of fragmented MP4 as most packagers make it. */
export const PLAIN_SHAPE: StreamShape = {
  segmentMs: 1000,
  container: 'fmp4',
  partMs: null,
  programDateTimes: true,
  multivariant: false,
  windowSegments: 7,
  keyPictures: 'begin-segments',
  keptSegments: 10,
};

/** Low-Latency HLS. Its window is longer than its skip boundary, so that delta updates have something to skip. */
export const LOW_LATENCY_SHAPE: StreamShape = { ...PLAIN_SHAPE, partMs: 333, windowSegments: 10 };

/** @throws {RangeError} naming the settings that do not go together */
export function checkShape(shape: StreamShape): void {
  const { segmentMs, container, partMs, windowSegments, keptSegments } = shape;
  if (![1000, 2000, 4000, 5000].includes(segmentMs))
    throw new RangeError(`segmentMs is ${segmentMs}: segments last 1000, 2000, 4000 or 5000 ms`);
  if (partMs !== null && ![200, 333].includes(partMs))
    throw new RangeError(`partMs is ${partMs}: parts last 200 or 333 ms, or null for none`);
  if (partMs !== null && container === 'mpegts')
    throw new RangeError(`partMs is ${partMs} with the container mpegts: parts come in fmp4 only`);
  if (!Number.isInteger(windowSegments) || windowSegments < 3)
    throw new RangeError(`windowSegments is ${windowSegments}: a live playlist lists at least 3 segments`);
  if (!Number.isInteger(keptSegments) || keptSegments < 0)
    throw new RangeError(`keptSegments is ${keptSegments}: it is a whole number from 0`);
}
