import { type Clip, placeInTime } from './fmp4.ts';

/**
 * A clip played for ever: an endless stream without discontinuities, because every fragment's decode time
 * is its place in the whole stream (fragment index x duration), not in the clip. Two loops over the same
 * kind of clip therefore share a timeline without knowing of each other.
 */
export interface ClipLoop {
  /** The init segment. */
  readonly init: Uint8Array;
  readonly segmentMs: number;
  /** The `n`-th segment since the epoch, counted from 0: its fragments one after another. */
  segment(n: number): Uint8Array;
}

/**
 * @param segmentMs duration of a segment in milliseconds
 * @throws {Error} naming the file, where the clip cannot be cut into such segments: fragments of differing
 * duration, segments that are no whole number of fragments, do not fill the clip or begin without a key frame.
 */
export function loopClip(clip: Clip, segmentMs: number): ClipLoop {
  const { fragments, timescale, file } = clip;
  const fragmentTicks = fragments[0]?.durationTicks ?? 0;
  const odd = fragments.findIndex((fragment) => fragment.durationTicks !== fragmentTicks);
  if (odd !== -1)
    throw new Error(
      `${file}: fragment ${odd} lasts ${fragments[odd]?.durationTicks} ticks, the first one ${fragmentTicks}: all must last the same`,
    );
  const perSegment = (segmentMs * timescale) / 1000 / fragmentTicks;
  if (!Number.isInteger(perSegment) || fragments.length % perSegment !== 0)
    throw new Error(
      `${file}: ${fragments.length} fragments of ${fragmentTicks} ticks (${timescale} a second) cannot be cut into segments of ${segmentMs} ms`,
    );
  const keyless = fragments.findIndex(
    (fragment, index) => index % perSegment === 0 && !fragment.startsWithKeyFrame,
  );
  if (keyless !== -1)
    throw new Error(`${file}: fragment ${keyless} begins a segment but not with a key frame`);

  return {
    init: clip.init,
    segmentMs,
    segment(n) {
      const first = n * perSegment;
      const inClip = first % fragments.length;
      return Buffer.concat(
        fragments
          .slice(inClip, inClip + perSegment)
          .map((fragment, i) => placeInTime(fragment, (first + i) * fragmentTicks, first + i)),
      );
    },
  };
}
