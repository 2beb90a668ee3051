import {
  isSync,
  MAX_SAMPLES,
  nalUnitsIn,
  placedRuns,
  readTrackFragment,
  type TrackSample,
  totalBytes,
  UNKNOWN_DEFAULTS,
} from './fmp4-track.ts';
import { type Box, topLevelBoxes } from './iso-box.ts';
import { type MediaInspection, MediaProblem } from './media-inspection.ts';
import { nalKind } from './nal-units.ts';
import type { SampleEntry } from './sample-entry.ts';
import { readVideoTrack, type VideoTrack } from './video-track.ts';

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

/** Samples of one track, which follow each other in the file. */
interface Run {
  readonly trackId: number;
  /** Of the first sample in the file; null where it is given against a file that this is only a piece of. */
  readonly offset: number | null;
  readonly samples: readonly TrackSample[];
}

function movieOf(boxes: readonly Box[]): Box | null {
  return boxes.find((box) => box.type === 'moov') ?? null;
}

function videoTrackOf(movie: Box): VideoTrack {
  const track = readVideoTrack(movie);
  if (track === null) throw new MediaProblem('has no video: its initialization section names none');
  return track;
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
      const tracks = box.childrenOf('traf').map((traf, index) => ({ traf, isFirst: index === 0 }));
      const counting = tracks.filter(({ traf }) => video === null || traf.child('tfhd')?.u32(4) === video.id);
      fragments.push({ moof: box, tracks: counting, media: [] });
    } else if (box.type === 'mdat') fragments.at(-1)?.media.push(box);
  }
  const announced = fragments
    .flatMap(({ tracks }) => tracks.flatMap(({ traf }) => traf.childrenOf('trun')))
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

function runsOfTrack(traf: Box, moofStart: number, isFirst: boolean, video: VideoTrack | null): Run[] {
  // The flags of an initialization section that was not given are unknown, and with them what a key frame is.
  const fragment = readTrackFragment(traf, video?.defaults ?? UNKNOWN_DEFAULTS);
  const isMoofBase = fragment.base === 'moof' || (fragment.base === 'unsaid' && isFirst);
  const runs = placedRuns(fragment, isMoofBase ? moofStart : null);
  return runs.map((run) => ({ trackId: fragment.trackId, ...run }));
}

function keyFrameByFlags(runs: readonly Run[]): boolean | 'unknown' {
  const byTrack = new Map<number, (number | null)[]>();
  for (const run of runs) {
    const flags = byTrack.get(run.trackId) ?? [];
    for (const sample of run.samples) flags.push(sample.flags);
    byTrack.set(run.trackId, flags);
  }
  const tracks = [...byTrack.values()];
  if (tracks.every((flags) => flags.length === 0)) throw new MediaProblem('has no video: no samples');
  if (tracks.some((flags) => flags.includes(null))) return 'unknown';
  const isSyncSample = (flags: number | null): boolean => flags !== null && isSync(flags);
  const video = tracks.filter((flags) => !flags.every(isSyncSample));
  if (video.length === 0) return 'unknown';
  return video.some((flags) => flags.some(isSyncSample));
}

/** Chromium decodes from what the NAL units are, not from what the flags say: so where NAL units can be read, they count. */
function keyFrameOf(bytes: Uint8Array, runs: readonly Run[], { nal }: VideoTrack): boolean {
  let pictures = 0;
  let keyFrame = false;
  for (const run of runs) {
    let at = run.offset;
    for (const { size, flags } of run.samples) {
      pictures += 1;
      if (nal === null || at === null) keyFrame ||= flags !== null && isSync(flags);
      else if (holdsKeyFrame(bytes, at, at + size, nal)) keyFrame = true;
      if (at !== null) at += size;
    }
  }
  if (pictures === 0) throw new MediaProblem('has no video: no samples of its video track');
  return keyFrame;
}

function holdsKeyFrame(
  bytes: Uint8Array,
  start: number,
  end: number,
  { codec, lengthBytes }: NonNullable<SampleEntry['nal']>,
): boolean {
  let keyFrame = false;
  for (const unit of nalUnitsIn(bytes, start, end, lengthBytes)) {
    if (unit.end > end) throw new MediaProblem(`is damaged: broken video sample at byte ${start}`);
    if (unit.end > unit.start && nalKind(codec, bytes[unit.start] ?? 0) === 'key-frame') keyFrame = true;
  }
  return keyFrame;
}
