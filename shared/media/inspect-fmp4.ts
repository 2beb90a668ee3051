import {
  fragmentsOf,
  isSync,
  MAX_NAL_UNITS,
  type Run,
  readVideoSample,
  runsOf,
  UNKNOWN_DEFAULTS,
} from './fmp4-track.ts';
import { type Box, looksLikeFmp4, topLevelBoxes } from './iso-box.ts';
import { type MediaInspection, MediaProblem } from './media-inspection.ts';
import { readVideoTrack, type VideoTrack } from './video-track.ts';

/**
 * Inspects ISO BMFF fragments (CMAF chunks, fMP4 segments). With an initialization section, as `init` or in front of the
 * fragments, the first video track is known, and only its samples are read. Without one, a track counts as video only if some
 * of its samples are not sync samples.
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
  // Without an initialization section its default flags are unknown, so that a key frame may not be recognised.
  const defaults = video?.defaults ?? UNKNOWN_DEFAULTS;
  const runs = fragmentsOf(boxes, video?.id ?? null).flatMap((fragment) => runsOf(fragment, defaults));
  return {
    ok: true,
    container: 'fmp4',
    keyFrame: video === null ? keyFrameByFlags(runs) : keyFrameOf(bytes, runs, video),
    complete: true,
    video: video?.format ?? null,
    encrypted: video?.encrypted ?? false,
  };
}

function movieOf(boxes: readonly Box[]): Box | null {
  return boxes.find((box) => box.type === 'moov') ?? null;
}

function videoTrackOf(movie: Box): VideoTrack {
  const track = readVideoTrack(movie);
  if (track === null)
    throw new MediaProblem('has no video: its initialization section names none', 'names-no-video');
  return track;
}

function keyFrameByFlags(runs: readonly Run[]): boolean | 'unknown' {
  const byTrack = new Map<number, (number | null)[]>();
  for (const run of runs) {
    const flags = byTrack.get(run.trackId) ?? [];
    for (const sample of run.samples) flags.push(sample.flags);
    byTrack.set(run.trackId, flags);
  }
  const tracks = [...byTrack.values()];
  if (tracks.every((flags) => flags.length === 0))
    throw new MediaProblem('has no video: no samples', 'no-video');
  if (tracks.some((flags) => flags.includes(null))) return 'unknown';
  const isSyncSample = (flags: number | null): boolean => flags !== null && isSync(flags);
  const video = tracks.filter((flags) => !flags.every(isSyncSample));
  if (video.length === 0) return 'unknown';
  return video.some((flags) => flags.some(isSyncSample));
}

/** Chromium looks for key frames in the NAL units, not in the flags: so where NAL units can be read, only they count. */
function keyFrameOf(bytes: Uint8Array, runs: readonly Run[], { nal }: VideoTrack): boolean {
  let pictures = 0;
  let units = 0;
  let keyFrame = false;
  for (const run of runs) {
    let at = run.offset;
    for (const { size, flags } of run.samples) {
      pictures += 1;
      if (nal === null || at === null) keyFrame ||= flags !== null && isSync(flags);
      else {
        const sample = readVideoSample(bytes, at, at + size, nal);
        units += sample.units;
        if (!sample.isWhole || units > MAX_NAL_UNITS)
          throw new MediaProblem(`is damaged: broken video sample at byte ${at}`);
        keyFrame ||= sample.isKeyFrame;
      }
      if (at !== null) at += size;
    }
  }
  if (pictures === 0) throw new MediaProblem('has no video: no samples of its video track', 'no-video');
  return keyFrame;
}
