import { type Box, topLevelBoxes } from './iso-box.ts';
import { type MediaInspection, MediaProblem } from './media-inspection.ts';
import { type NalCodec, nalKind } from './nal-units.ts';
import { readSampleEntry, type SampleEntry } from './sample-entry.ts';

/** Boxes that a segment, part or initialization section may begin with (ISO/IEC 14496-12, 23000-19). */
const FIRST_BOXES: ReadonlySet<string> = new Set([
  'ftyp',
  'styp',
  'sidx',
  'emsg',
  'prft',
  'moof',
  'mdat',
  'moov',
  'free',
  'skip',
  'uuid',
]);
/** A segment holds some seconds of a few tracks; one that announces more samples than this is damaged. */
const MAX_SAMPLES = 100_000;

export function looksLikeFmp4(bytes: Uint8Array): boolean {
  return bytes.length >= 8 && FIRST_BOXES.has(String.fromCharCode(...bytes.subarray(4, 8)));
}

/**
 * Inspects ISO BMFF fragments (CMAF chunks, fMP4 segments). With `init`, or with the initialization section
 * in front of the fragments, the first video track is known and its samples are walked through, and no other
 * track's; without, a track is video only if some of its samples are not sync samples.
 */
export function inspectFmp4(bytes: Uint8Array, init: Uint8Array | null): MediaInspection {
  const boxes = topLevelBoxes(bytes);
  const movie =
    movieOf(boxes) ?? (init !== null && looksLikeFmp4(init) ? movieOf(topLevelBoxes(init)) : null);
  const video = movie === null ? null : videoTrackOf(movie);
  if (!boxes.some((box) => box.type === 'moof')) {
    if (boxes.some((box) => box.type === 'mdat'))
      throw new MediaProblem('has no moof box before its mdat box');
    throw new MediaProblem('has no media: no moof box');
  }
  const runs = fragmentsOf(boxes, video).flatMap((fragment) => runsOf(fragment, video));
  return {
    ok: true,
    container: 'fmp4',
    keyFrame: video === null ? keyFrameByFlags(runs) : keyFrameOf(bytes, runs, video),
    complete: true,
    video: video?.format ?? null,
    encrypted: video?.encrypted ?? false,
  };
}

interface VideoTrack extends SampleEntry {
  readonly id: number;
  readonly defaultFlags: number;
  readonly defaultSize: number;
}

interface Sample {
  readonly bytes: number;
  /** Unknown where the flags stand in an initialization section that was not given. */
  readonly sync: boolean | 'unknown';
}

/** The samples of one trun box, which follow each other in the file. */
interface Run {
  readonly trackId: number;
  /** Of the first sample in the file; null where it is given against a file that this is only a piece of. */
  readonly offset: number | null;
  readonly samples: readonly Sample[];
}

function movieOf(boxes: readonly Box[]): Box | null {
  return boxes.find((box) => box.type === 'moov') ?? null;
}

/** The first one, as in players. */
function videoTrackOf(movie: Box): VideoTrack {
  const track = childrenOf(movie, 'trak').find((trak) => trak.child('mdia', 'hdlr')?.type32(8) === 'vide');
  if (track === undefined) throw new MediaProblem('has no video: its initialization section names none');
  const header = track.child('tkhd') ?? track.refuse();
  const id = header.u32(header.u8(0) === 1 ? 20 : 12);
  const extension = movie.child('mvex');
  const defaults = extension === null ? [] : childrenOf(extension, 'trex').filter((box) => box.u32(4) === id);
  return {
    id,
    defaultSize: defaults[0]?.u32(16) ?? 0,
    defaultFlags: defaults[0]?.u32(20) ?? 0,
    ...readSampleEntry(track.child('mdia', 'minf', 'stbl', 'stsd')),
  };
}

/** A moof box, those of its tracks that count, and the mdat boxes before the next one. */
interface Fragment {
  readonly moof: Box;
  readonly tracks: readonly { readonly traf: Box; readonly isFirst: boolean }[];
  readonly media: Box[];
}

function fragmentsOf(boxes: readonly Box[], video: VideoTrack | null): Fragment[] {
  const fragments: Fragment[] = [];
  for (const box of boxes) {
    if (box.type === 'moof') {
      const tracks = childrenOf(box, 'traf').map((traf, index) => ({ traf, isFirst: index === 0 }));
      const counting = tracks.filter(({ traf }) => video === null || traf.child('tfhd')?.u32(4) === video.id);
      fragments.push({ moof: box, tracks: counting, media: [] });
    } else if (box.type === 'mdat') fragments.at(-1)?.media.push(box);
  }
  const announced = fragments
    .flatMap(({ tracks }) => tracks.flatMap(({ traf }) => childrenOf(traf, 'trun')))
    .reduce((sum, trun) => sum + trun.u32(4), 0);
  if (announced > MAX_SAMPLES) throw new MediaProblem(`is damaged: it announces ${announced} samples`);
  return fragments;
}

function runsOf({ moof, tracks, media }: Fragment, video: VideoTrack | null): Run[] {
  if (media.length === 0) throw new MediaProblem('is cut off: its last moof box has no mdat box after it');
  const runs = tracks.flatMap(({ traf, isFirst }) => runsOfTrack(traf, moof.start, isFirst, video));
  const announced = runs.reduce((sum, run) => sum + totalBytes(run.samples), 0);
  const held = media.reduce((sum, box) => sum + box.end - box.contentStart, 0);
  const outside = runs.some(({ offset, samples }) => {
    if (offset === null || samples.length === 0) return false;
    const end = offset + totalBytes(samples);
    return !media.some((box) => box.contentStart <= offset && end <= box.end);
  });
  // Compared in sum as well, so that runs which overlap cannot make the walk through the samples endless.
  if (outside || announced > held)
    throw new MediaProblem(
      `is damaged: the moof box at byte ${moof.start} announces samples that its mdat box does not hold`,
    );
  return runs;
}

function childrenOf(box: Box, type: string): Box[] {
  return box.children().filter((child) => child.type === type);
}

function totalBytes(samples: readonly Sample[]): number {
  return samples.reduce((sum, sample) => sum + sample.bytes, 0);
}

function runsOfTrack(traf: Box, moofStart: number, isFirst: boolean, video: VideoTrack | null): Run[] {
  const header = traf.child('tfhd') ?? traf.refuse();
  const flags = header.u32(0);
  const trackId = header.u32(4);
  let at = 8;
  const field = (bit: number, bytes: number): number | null => {
    if ((flags & bit) === 0) return null;
    at += bytes;
    return header.u32(at - bytes);
  };
  const hasFileOffset = field(0x1, 8) !== null;
  field(0x2, 4);
  field(0x8, 4);
  const defaultSize = field(0x10, 4) ?? video?.defaultSize ?? 0;
  const defaultFlags = field(0x20, 4) ?? video?.defaultFlags ?? null;
  const isMoofBase = (flags & 0x20000) !== 0 || isFirst;
  const base = hasFileOffset || !isMoofBase ? null : moofStart;

  const runs: Run[] = [];
  let offset: number | null = null;
  for (const trun of childrenOf(traf, 'trun')) {
    const samples = samplesOf(trun, defaultSize, defaultFlags);
    if ((trun.u32(0) & 0x1) !== 0) offset = base === null ? null : base + trun.i32(8);
    runs.push({ trackId, offset, samples });
    if (offset !== null) offset += totalBytes(samples);
  }
  return runs;
}

function samplesOf(trun: Box, defaultSize: number, defaultFlags: number | null): Sample[] {
  const flags = trun.u32(0);
  const count = trun.u32(4);
  let at = 8 + ((flags & 0x1) === 0 ? 0 : 4);
  const field = (bit: number): number | null => {
    if ((flags & bit) === 0) return null;
    at += 4;
    return trun.u32(at - 4);
  };
  const firstFlags = field(0x4);
  return Array.from({ length: count }, (_, index) => {
    field(0x100);
    const bytes = field(0x200) ?? defaultSize;
    const sampleFlags = field(0x400) ?? (index === 0 ? firstFlags : null) ?? defaultFlags;
    field(0x800);
    // sample_is_non_sync_sample (ISO/IEC 14496-12, 8.8.3.1)
    return { bytes, sync: sampleFlags === null ? 'unknown' : (sampleFlags & 0x10000) === 0 };
  });
}

function keyFrameByFlags(runs: readonly Run[]): boolean | 'unknown' {
  const byTrack = new Map<number, Sample[]>();
  for (const run of runs) {
    const samples = byTrack.get(run.trackId) ?? [];
    for (const sample of run.samples) samples.push(sample);
    byTrack.set(run.trackId, samples);
  }
  const tracks = [...byTrack.values()];
  if (tracks.every((samples) => samples.length === 0)) throw new MediaProblem('has no video: no samples');
  if (tracks.some((samples) => samples.some((sample) => sample.sync === 'unknown'))) return 'unknown';
  const video = tracks.filter((samples) => samples.some((sample) => sample.sync === false));
  if (video.length === 0) return 'unknown';
  return video.some((samples) => samples.some((sample) => sample.sync === true));
}

/** Chromium decodes from what the NAL units are, not from what the flags say: so where NAL units can be read, they count. */
function keyFrameOf(bytes: Uint8Array, runs: readonly Run[], { nal }: VideoTrack): boolean {
  let pictures = 0;
  let keyFrame = false;
  for (const run of runs) {
    let at = run.offset;
    for (const sample of run.samples) {
      pictures += 1;
      if (nal === null || at === null) keyFrame ||= sample.sync === true;
      else if (holdsKeyFrame(bytes, at, sample.bytes, nal)) keyFrame = true;
      if (at !== null) at += sample.bytes;
    }
  }
  if (pictures === 0) throw new MediaProblem('has no video: no samples of its video track');
  return keyFrame;
}

function holdsKeyFrame(
  bytes: Uint8Array,
  start: number,
  length: number,
  nal: { readonly codec: NalCodec; readonly lengthBytes: number },
): boolean {
  const end = start + length;
  let keyFrame = false;
  for (let at = start; at < end; ) {
    let unitBytes = 0;
    for (let i = 0; i < nal.lengthBytes; i += 1) unitBytes = unitBytes * 256 + (bytes[at + i] ?? 0);
    const header = at + nal.lengthBytes;
    if (header + unitBytes > end) throw new MediaProblem(`is damaged: broken video sample at byte ${start}`);
    if (unitBytes > 0 && nalKind(nal.codec, bytes[header] ?? 0) === 'key-frame') keyFrame = true;
    at = header + unitBytes;
  }
  return keyFrame;
}
