import type { Clip, Sample } from './fmp4.ts';
import { writeFragment } from './fragment-writer.ts';
import { packetsOf, writeTransportSegment } from './transport-stream.ts';

/** A run of pictures of a stream. */
export interface PictureRun {
  /** The first one's place in the stream, by which it is timed: a whole number from 0. */
  readonly first: number;
  readonly count: number;
  /** Which picture of the loop the stream's first one is. */
  readonly phase: number;
}

/**
 * A clip played for ever: an endless stream without discontinuities, because every picture's decode time
 * is its place in the whole stream (index x duration), not in the clip. Two loops over the same kind of clip
 * therefore share a timeline without knowing of each other.
 */
export interface ClipLoop {
  /** The init segment of its fragments. */
  readonly init: Uint8Array;
  /** A fragment of MP4. */
  fragment(run: PictureRun): Uint8Array;
  /** A segment of an MPEG transport stream; `segment` counts the segments of the stream from 0. */
  transportSegment(run: PictureRun, segment: number): Uint8Array;
  /** Whether decoding can begin with the run. */
  beginsWithKeyPicture(run: PictureRun): boolean;
}

/** The rhythm of a clip's pictures, which all last the same. */
export interface ClipRhythm {
  readonly picturesPerS: number;
  /** Pictures from one key picture to the next. */
  readonly keyInterval: number;
}

/**
 * @throws {Error} naming the file, where the clip cannot be looped: pictures of differing duration, no whole number
 * of them in a second, or no key picture at its begin and in equal distances.
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
      // Only the counter's lowest bits count: of the rounds no more are needed than leave the sum exact.
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
