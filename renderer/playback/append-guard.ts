import type { EvidenceCause } from '../../shared/cause.ts';
import { av1UnitsIn } from '../../shared/media/av1-sizes.ts';
import { isOverBoxBudget } from '../../shared/media/box-budget.ts';
import {
  announcedRuns,
  type Fragment,
  fragmentsOf,
  MAX_NAL_UNITS,
  MAX_SAMPLES,
  nalUnitsIn,
} from '../../shared/media/fmp4-track.ts';
import { type Box, boxesUpToDamage } from '../../shared/media/iso-box.ts';
import { MediaProblem } from '../../shared/media/media-inspection.ts';
import { nalKind } from '../../shared/media/nal-units.ts';
import { LONGEST_PARAMETERS, sizeIn } from '../../shared/media/parameter-sets.ts';
import { readSampleEntries } from '../../shared/media/sample-entry.ts';
import type { VideoFormat } from '../../shared/media/video-format.ts';
import { readVideoTrack, type VideoTrack } from '../../shared/media/video-track.ts';
import { vp9SizesIn } from '../../shared/media/vp9-sizes.ts';
import { isTooLarge } from './video-decoder.ts';

/**
 * Most parameter sets in one piece that differ from the set before them. Normal media has one set before each key picture.
 */
const MAX_PARAMETERS = 2000;

type Objection = Extract<EvidenceCause, 'not-media' | `codec-${string}`>;

/**
 * Checks everything that a player appends to the browser's buffer, before it does. At this point the media is decrypted and in
 * fragmented MP4, whatever container the site sent. Media may begin with small pictures and continue with pictures that take
 * gigabytes to decode: a second initialisation section, or parameters within the pictures, can announce them. Media that
 * arrived encrypted has passed no budget before.
 */
export class AppendGuard {
  private track: VideoTrack | null = null;
  /** The last parameter set that was let through. Most streams repeat it unchanged. */
  private parameters = new Uint8Array();

  /**
   * @param bytes an initialisation section or fragments, whole or not
   * @returns why the bytes must not be appended; `null` where they may
   */
  objectionTo(bytes: Uint8Array): Objection | null {
    if (isOverBoxBudget(bytes, MAX_SAMPLES)) return 'not-media';
    const boxes = boxesUpToDamage(bytes);
    try {
      for (const movie of boxes.filter(({ type }) => type === 'moov')) {
        const objection = this.objectionToMovie(movie);
        if (objection !== null) return objection;
      }
      return this.objectionToPictures(bytes, boxes);
    } catch (error) {
      // The browser stops reading at the same place.
      if (error instanceof MediaProblem) return null;
      throw error;
    }
  }

  private objectionToMovie(movie: Box): Objection | null {
    this.track = readVideoTrack(movie);
    const entries = movie
      .childrenOf('trak')
      .filter((track) => track.child('mdia', 'hdlr')?.type32(8) === 'vide')
      .map((track) => track.child('mdia', 'minf', 'stbl', 'stsd'))
      .flatMap((descriptions) => (descriptions === null ? [] : readSampleEntries(descriptions)));
    for (const { format } of entries)
      if (format !== null && isTooLarge(format)) return `codec-${format.codec}`;
    // A fragment may choose any of the entries, but its pictures are read here by the layout of the first one.
    const layouts = new Set(entries.flatMap(({ nal }) => (nal === null ? [] : [JSON.stringify(nal)])));
    return layouts.size > 1 ? 'not-media' : null;
  }

  private objectionToPictures(bytes: Uint8Array, boxes: readonly Box[]): Objection | null {
    const { track } = this;
    if (track === null || track.encrypted) return null;
    if (track.nal === null) return this.objectionToSizes(bytes, boxes, track);
    const { codec, lengthBytes } = track.nal;
    let units = 0;
    let parameters = 0;
    for (const { start, end } of samplesIn(boxes, track)) {
      for (const unit of nalUnitsIn(bytes, start, Math.min(end, bytes.length), lengthBytes)) {
        units += 1;
        if (units > MAX_NAL_UNITS) return 'not-media';
        const set = bytes.subarray(unit.start, Math.min(unit.end, end, unit.start + LONGEST_PARAMETERS));
        if (set.length === 0 || nalKind(codec, set[0] ?? 0) !== 'parameters') continue;
        if (isSame(set, this.parameters)) continue;
        parameters += 1;
        if (parameters > MAX_PARAMETERS) return 'not-media';
        if (isTooLarge({ size: sizeIn(codec, set) })) return `codec-${codec}`;
        this.parameters = set.slice();
      }
    }
    return null;
  }

  /** Checks the picture size of codecs that state it in their pictures or in parameters among them. */
  private objectionToSizes(bytes: Uint8Array, boxes: readonly Box[], track: VideoTrack): Objection | null {
    const codec = track.format?.codec;
    if (codec !== 'av1' && codec !== 'vp9') return null;
    let units = 0;
    for (const { start, end } of samplesIn(boxes, track))
      for (const size of sizesIn(codec, bytes, start, Math.min(end, bytes.length))) {
        units += 1;
        if (units > MAX_NAL_UNITS) return 'not-media';
        if (isTooLarge({ size })) return `codec-${codec}`;
      }
    return null;
  }
}

function* sizesIn(
  codec: 'av1' | 'vp9',
  bytes: Uint8Array,
  start: number,
  end: number,
): Generator<VideoFormat['size']> {
  if (codec === 'vp9') yield* vp9SizesIn(bytes, start, end);
  else for (const { size } of av1UnitsIn(bytes, start, end)) yield size;
}

/** Where the samples of a track are, fragment by fragment. Stops at the first fragment that cannot be read. */
function* samplesIn(
  boxes: readonly Box[],
  track: VideoTrack,
): Generator<{ readonly start: number; readonly end: number }> {
  for (const fragment of readableFragments(boxes, track.id))
    for (const { offset, samples } of announcedRuns(fragment, track.defaults)) {
      if (offset === null) continue;
      let start = offset;
      for (const { size } of samples) {
        yield { start, end: start + size };
        start += size;
      }
    }
}

function* readableFragments(boxes: readonly Box[], trackId: number): Generator<Fragment> {
  for (const moof of boxes.filter(({ type }) => type === 'moof')) yield* fragmentsOf([moof], trackId);
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}
