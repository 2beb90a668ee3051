import type { Clip, Sample } from './fmp4.ts';
import { writeFragment } from './fragment-writer.ts';
import { packetsOf, writeTransportSegment } from './transport-stream.ts';

/** Consecutive pictures of a stream. */
export interface PictureRun {
  /** Number of the first picture in the stream, which gives its time: a whole number from 0. */
  readonly first: number;
  readonly count: number;
  /** Number, in the loop, of the stream's first picture. */
  readonly phase: number;
}

/**
 * An endless stream made of one clip, without discontinuities: every picture's decode time follows from its number in
 * the stream (number x duration), not in the clip. So loops over two clips of the same kind share a timeline.
 */
export interface ClipLoop {
  /** The init segment of its fragments. */
  readonly init: Uint8Array;
  /** An MP4 fragment. */
  fragment(run: PictureRun): Uint8Array;
  /** A segment of an MPEG transport stream; `segment` counts the segments of the stream from 0. */
  transportSegment(run: PictureRun, segment: number): Uint8Array;
  /** Whether decoding can begin with the run. */
  beginsWithKeyPicture(run: PictureRun): boolean;
}

/** The timing of a clip's pictures, which all have the same duration. */
export interface ClipRhythm {
  readonly picturesPerS: number;
  /** Number of pictures from one key picture to the next. */
  readonly keyInterval: number;
}

/**
 * @throws {Error} naming the file, where the clip cannot be looped: pictures of different durations, a fractional
 * number of pictures per second, or key pictures that do not come first and at equal distances
 */
export function rhythmOf({ samples, timescale, file }: Clip): ClipRhythm {
  const ticks = samples[0]?.durationTicks ?? 0;
  const odd = samples.findIndex(({ durationTicks }) => durationTicks !== ticks);
  if (odd !== -1)
    throw new Error(
      `${file}: picture ${odd} lasts ${samples[odd]?.durationTicks} ticks, the first one ${ticks}: all must last the same`,
    );
  const picturesPerS = timescale / ticks;
  if (!Number.isInteger(picturesPerS))
    throw new Error(
      `${file}: pictures of ${ticks} ticks (${timescale} a second) make no whole number a second`,
    );
  const keys = samples.flatMap(({ picture }, index) => (picture === 'key' ? [index] : []));
  const keyInterval = samples.length / keys.length;
  const missing = keys.findIndex((at, index) => at !== index * keyInterval);
  if (keys.length === 0 || missing !== -1)
    throw new Error(
      `${file}: ${keys.length} key pictures among ${samples.length}, not in equal distances from the first one on`,
    );
  return { picturesPerS, keyInterval };
}

/** @throws {Error} as `rhythmOf` does */
export function loopClip(clip: Clip): ClipLoop {
  rhythmOf(clip);
  const { samples } = clip;
  const ticks = samples[0]?.durationTicks ?? 0;
  const packetsBefore: number[] = [];
  let packetsPerRound = 0;
  for (const sample of samples) {
    packetsBefore.push(packetsPerRound);
    packetsPerRound += packetsOf(clip.video, sample);
  }
  const pictures = ({ first, count, phase }: PictureRun): Sample[] => {
    const begin = (first + phase) % samples.length;
    const run = samples.slice(begin, begin + count);
    while (run.length < count) run.push(...samples.slice(0, count - run.length));
    return run;
  };

  return {
    init: clip.init,
    fragment: (run) =>
      writeFragment(clip, pictures(run), {
        decodeTime: run.first * ticks,
        sequenceNumber: Math.floor(run.first / run.count),
      }),
    transportSegment(run, segment) {
      const at = run.first + run.phase;
      // Only the lowest four bits of the counter matter, so 16 rounds are enough and keep the sum exact.
      const rounds = Math.floor(at / samples.length) % 16;
      return writeTransportSegment(
        clip,
        pictures(run).map((sample, index) => ({ sample, decodeTime: (run.first + index) * ticks })),
        {
          tables: segment,
          video: rounds * packetsPerRound + (packetsBefore[at % samples.length] ?? 0),
        },
      );
    },
    beginsWithKeyPicture: ({ first, phase }) => samples[(first + phase) % samples.length]?.picture === 'key',
  };
}

/** The clip with its first picture in place of every other one: bit-frozen, while time goes on. */
export function stillClip(clip: Clip): Clip {
  const [first] = clip.samples;
  if (first === undefined) return clip;
  return { ...clip, samples: clip.samples.map(() => first) };
}
