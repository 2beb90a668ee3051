import type { Box } from './iso-box.ts';

/** A segment holds some seconds of a few tracks; one that announces more samples than this is damaged. */
export const MAX_SAMPLES = 100_000;

/** What the samples of a track have that say nothing of their own. */
export interface SampleDefaults {
  /** In units of the track's timescale. */
  readonly duration: number;
  /** In bytes. */
  readonly size: number;
  /** `null` where they stand in an initialisation section that is not known. */
  readonly flags: number | null;
}

/** Where no initialisation section is known. */
export const UNKNOWN_DEFAULTS: SampleDefaults = { duration: 0, size: 0, flags: null };

export interface TrackSample extends SampleDefaults {
  /** How much later than it is decoded it is shown, in units of the track's timescale. */
  readonly compositionOffset: number;
}

/** The samples of one trun box, which follow each other in the file. */
export interface TrackRun {
  /** Of the first sample, from the fragment's base; `null` where it follows the run before. */
  readonly dataOffset: number | null;
  readonly samples: readonly TrackSample[];
}

/** One traf box: what a fragment holds of one track. */
export interface TrackFragment {
  readonly trackId: number;
  /** `file`: a position in the whole file, of which this is only a piece; `unsaid`: the first track's is its moof box. */
  readonly base: 'file' | 'moof' | 'unsaid';
  readonly runs: readonly TrackRun[];
}

/** What a movie says of the samples of one of its tracks; zeros where it says nothing. */
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
 * @param traf a traf box
 * @param known what the initialisation section says of the track's samples
 */
export function readTrackFragment(traf: Box, known: SampleDefaults): TrackFragment {
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
 * A fragment's runs with where their samples begin in the file.
 * @param base what their offsets count from; `null` where it is not known
 */
export function placedRuns(
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

export function totalBytes(samples: readonly TrackSample[]): number {
  return samples.reduce((sum, { size }) => sum + size, 0);
}

/** Whether decoding may begin at a sample with these flags: sample_is_non_sync_sample (ISO/IEC 14496-12, 8.8.3.1). */
export function isSync(flags: number): boolean {
  return (flags & 0x10000) === 0;
}

/**
 * The NAL units of a sample, each behind its length: where it begins, and where it says that it ends, which may be beyond the
 * sample.
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

/** Reads optional fields one after the other, of larger ones the end: each is there if its bit is set in the box's flags. */
function optionalFields(box: Box, offset: number): (bit: number, bytes?: 4 | 8) => number | null {
  const flags = box.u32(0);
  let at = offset;
  return (bit, bytes = 4) => {
    if ((flags & bit) === 0) return null;
    at += bytes;
    return box.u32(at - 4);
  };
}
