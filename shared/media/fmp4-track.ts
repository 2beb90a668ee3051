import type { Box } from './iso-box.ts';
import { MediaProblem } from './media-inspection.ts';
import { type NalCodec, nalKind } from './nal-units.ts';

/** Limit of samples in a segment: it has some seconds of a few tracks, so one that announces more samples is damaged. */
export const MAX_SAMPLES = 100_000;

/** The values of those samples of a track that have no values of their own. */
export interface SampleDefaults {
  /** In units of the track's timescale. */
  readonly duration: number;
  /** In bytes. */
  readonly size: number;
  /** `null` where they are in an initialisation section that is not known. */
  readonly flags: number | null;
}

/** The defaults where no initialisation section is known. */
export const UNKNOWN_DEFAULTS: SampleDefaults = { duration: 0, size: 0, flags: null };

interface TrackSample extends SampleDefaults {
  /** Time from its decoding until it is shown, in units of the track's timescale. */
  readonly compositionOffset: number;
}

/** The samples of one trun box, which follow each other in the file. */
interface TrackRun {
  /** Offset of the first sample from the fragment's base, in bytes; `null` where the run follows the run before it. */
  readonly dataOffset: number | null;
  readonly samples: readonly TrackSample[];
}

/** Samples of one track, which follow each other in the file. */
export interface Run {
  readonly trackId: number;
  /** Position of the first sample in the file; `null` where it is relative to a larger file, of which this is only a piece. */
  readonly offset: number | null;
  readonly samples: readonly TrackSample[];
}

/** A moof box, those of its traf boxes that count, and the mdat boxes before the next one. */
export interface Fragment {
  readonly moof: Box;
  readonly tracks: readonly { readonly traf: Box; readonly isFirst: boolean }[];
  readonly media: readonly Box[];
}

/** One traf box: what a fragment contains of one track. */
interface TrackFragment {
  readonly trackId: number;
  /**
   * What the offsets of the runs count from. `file`: a position in a larger file, of which this is only a piece. `unsaid`: it is
   * not stated; for the first track it is the moof box.
   */
  readonly base: 'file' | 'moof' | 'unsaid';
  readonly runs: readonly TrackRun[];
}

/** The defaults that a movie states for the samples of one of its tracks; zeros where it states none. */
export function sampleDefaultsOf(movie: Box, trackId: number): SampleDefaults {
  const extensions = movie.child('mvex')?.childrenOf('trex') ?? [];
  const defaults = extensions.find((box) => box.u32(4) === trackId);
  return {
    duration: defaults?.u32(12) ?? 0,
    size: defaults?.u32(16) ?? 0,
    flags: defaults?.u32(20) ?? 0,
  };
}

/**
 * @param boxes of the top level
 * @param trackId of the track that counts; `null` for all of them
 * @throws MediaProblem for more than {@link MAX_SAMPLES} samples
 */
export function fragmentsOf(boxes: readonly Box[], trackId: number | null): Fragment[] {
  const fragments: (Fragment & { readonly media: Box[] })[] = [];
  for (const box of boxes) {
    if (box.type === 'moof') {
      const tracks = box.childrenOf('traf').map((traf, index) => ({ traf, isFirst: index === 0 }));
      const counting = tracks.filter(
        ({ traf }) => trackId === null || traf.child('tfhd')?.u32(4) === trackId,
      );
      fragments.push({ moof: box, tracks: counting, media: [] });
    } else if (box.type === 'mdat') fragments.at(-1)?.media.push(box);
  }
  const announced = fragments
    .flatMap(({ tracks }) => tracks.flatMap(({ traf }) => traf.childrenOf('trun')))
    .reduce((sum, trun) => sum + trun.u32(4), 0);
  if (announced > MAX_SAMPLES) throw new MediaProblem(`is damaged: it announces ${announced} samples`);
  return fragments;
}

/**
 * The samples of a fragment's tracks, run by run.
 * @param known what the initialisation section says of them
 * @throws MediaProblem where a run is not inside one of the fragment's mdat boxes
 */
export function runsOf(fragment: Fragment, known: SampleDefaults): Run[] {
  const { moof, media } = fragment;
  if (media.length === 0) throw new MediaProblem('is cut off: its last moof box has no mdat box after it');
  const runs = announcedRuns(fragment, known);
  const announced = runs.reduce((sum, run) => sum + totalBytes(run.samples), 0);
  const held = media.reduce((sum, box) => sum + box.end - box.contentStart, 0);
  const outside = runs.some(({ offset, samples }) => {
    if (offset === null || samples.length === 0) return false;
    const end = offset + totalBytes(samples);
    return !media.some((box) => box.contentStart <= offset && end <= box.end);
  });
  // The sums are compared as well: runs that overlap would otherwise make the walk through the samples very long.
  if (outside || announced > held)
    throw new MediaProblem(
      `is damaged: the moof box at byte ${moof.start} announces samples that its mdat box does not hold`,
    );
  return runs;
}

/** As {@link runsOf}, without a check of the mdat boxes: the runs may overlap, and may be anywhere. */
export function announcedRuns({ moof, tracks }: Fragment, known: SampleDefaults): Run[] {
  return tracks.flatMap(({ traf, isFirst }) => runsOfTrack(traf, moof.start, isFirst, known));
}

function runsOfTrack(traf: Box, moofStart: number, isFirst: boolean, known: SampleDefaults): Run[] {
  const fragment = readTrackFragment(traf, known);
  const isMoofBase = fragment.base === 'moof' || (fragment.base === 'unsaid' && isFirst);
  const runs = placedRuns(fragment, isMoofBase ? moofStart : null);
  return runs.map((run) => ({ trackId: fragment.trackId, ...run }));
}

/**
 * @param traf a traf box
 * @param known what the initialisation section says of the track's samples
 */
function readTrackFragment(traf: Box, known: SampleDefaults): TrackFragment {
  const header = traf.child('tfhd') ?? traf.refuse();
  const field = optionalFields(header, 8);
  const hasFileOffset = field(0x1, 8) !== null;
  field(0x2);
  const defaults = {
    duration: field(0x8) ?? known.duration,
    size: field(0x10) ?? known.size,
    flags: field(0x20) ?? known.flags,
  };
  const base = hasFileOffset ? 'file' : (header.u32(0) & 0x20000) === 0 ? 'unsaid' : 'moof';
  return { trackId: header.u32(4), base, runs: traf.childrenOf('trun').map((run) => readRun(run, defaults)) };
}

/**
 * A track fragment's runs, each with the position in the file at which its samples begin.
 * @param base what their offsets count from; `null` where it is not known
 */
function placedRuns(
  { runs }: TrackFragment,
  base: number | null,
): { readonly offset: number | null; readonly samples: readonly TrackSample[] }[] {
  let next: number | null = null;
  return runs.map(({ dataOffset, samples }) => {
    const offset: number | null = dataOffset === null || base === null ? next : base + dataOffset;
    next = offset === null ? null : offset + totalBytes(samples);
    return { offset, samples };
  });
}

function totalBytes(samples: readonly TrackSample[]): number {
  return samples.reduce((sum, { size }) => sum + size, 0);
}

/** Whether decoding may begin at a sample with these flags: sample_is_non_sync_sample (ISO/IEC 14496-12, 8.8.3.1). */
export function isSync(flags: number): boolean {
  return (flags & 0x10000) === 0;
}

/** Limit of NAL units in one piece of media: 10 s of 60 pictures a second in 68 slices, with units between them, have fewer. */
export const MAX_NAL_UNITS = 200_000;

/**
 * Reads the NAL units of a video sample: whether one is a key frame, whether they end where the sample ends, and their number. A
 * sample with more than {@link MAX_NAL_UNITS} is not read to its end, and is not whole.
 */
export function readVideoSample(
  bytes: Uint8Array,
  start: number,
  end: number,
  { codec, lengthBytes }: { readonly codec: NalCodec; readonly lengthBytes: number },
): { readonly isKeyFrame: boolean; readonly isWhole: boolean; readonly units: number } {
  let isKeyFrame = false;
  let isWhole = true;
  let units = 0;
  for (const unit of nalUnitsIn(bytes, start, end, lengthBytes)) {
    units += 1;
    if (unit.end > end || units > MAX_NAL_UNITS) isWhole = false;
    if (units > MAX_NAL_UNITS) break;
    if (unit.start < Math.min(unit.end, end) && nalKind(codec, bytes[unit.start] ?? 0) === 'key-frame')
      isKeyFrame = true;
  }
  return { isKeyFrame, isWhole, units };
}

/**
 * The NAL units of a sample. Each follows its length. `start` is where a unit begins; `end` is where it ends by its length, which
 * may be beyond the sample.
 */
export function* nalUnitsIn(
  bytes: Uint8Array,
  start: number,
  end: number,
  lengthBytes: number,
): Generator<{ readonly start: number; readonly end: number }> {
  for (let at = start; at < end; ) {
    let length = 0;
    for (let i = 0; i < lengthBytes; i += 1) length = length * 256 + (bytes[at + i] ?? 0);
    const unit = at + lengthBytes;
    at = unit + length;
    yield { start: unit, end: at };
  }
}

function readRun(run: Box, defaults: SampleDefaults): TrackRun {
  const count = run.u32(4);
  if (count > MAX_SAMPLES) run.refuse();
  const isSigned = run.u8(0) !== 0;
  const field = optionalFields(run, 8);
  const dataOffset = field(0x1);
  const firstFlags = field(0x4);
  const samples = Array.from({ length: count }, (_, index): TrackSample => {
    const duration = field(0x100) ?? defaults.duration;
    const size = field(0x200) ?? defaults.size;
    const flags = field(0x400) ?? (index === 0 ? firstFlags : null) ?? defaults.flags;
    const composition = field(0x800) ?? 0;
    return { duration, size, flags, compositionOffset: isSigned ? composition | 0 : composition };
  });
  return { dataOffset: dataOffset === null ? null : dataOffset | 0, samples };
}

/**
 * Reads the optional fields of a box, which follow each other. A field is there if its bit is set in the box's flags. Of a field of
 * 8 bytes it reads only the last 4.
 */
function optionalFields(box: Box, offset: number): (bit: number, bytes?: 4 | 8) => number | null {
  const flags = box.u32(0);
  let at = offset;
  return (bit, bytes = 4) => {
    if ((flags & bit) === 0) return null;
    at += bytes;
    return box.u32(at - 4);
  };
}
