import { type Box, topLevelBoxes } from '../../shared/media/iso-box.ts';
import { MediaProblem } from '../../shared/media/media-inspection.ts';
import { nalKind } from '../../shared/media/nal-units.ts';
import { readSampleEntry, type SampleEntry } from '../../shared/media/sample-entry.ts';

/** A piece of video as the browser's buffer is given it; times in seconds on the media's timeline. */
export interface AppendedPiece {
  readonly startS: number;
  readonly endS: number;
  /** When its key frames are shown, in order. */
  readonly keyFramesS: readonly number[];
}

/** A piece of some seconds that announces more samples than this is damaged. */
const MAX_SAMPLES = 100_000;

/** How the samples of the video track are laid out. */
interface VideoTrack {
  readonly id: number;
  readonly timescale: number;
  /** What its edit list takes off all times, in units of the timescale. */
  readonly editedBy: number;
  readonly defaultDuration: number;
  readonly defaultSize: number;
  readonly defaultFlags: number;
  /** `null` where key frames cannot be told by their NAL units. */
  readonly nal: SampleEntry['nal'];
}

/**
 * Reads what hls.js gives the browser's video buffer: fragmented MP4 (ISO/IEC 14496-12), whatever the site sent. What
 * Chromium takes for a key frame is what it can begin to decode at, and what it removes up to. It goes by the NAL units where
 * there are some, not by the flags.
 */
export class AppendedVideo {
  private track: VideoTrack | null = null;

  /**
   * @param bytes an initialisation section or whole fragments
   * @param offsetS what the buffer adds to their times, s
   * @returns `null` where no video is in it, or it cannot be read
   */
  read(bytes: Uint8Array, offsetS: number): AppendedPiece | null {
    try {
      const boxes = topLevelBoxes(bytes);
      const movie = boxes.find(({ type }) => type === 'moov');
      if (movie !== undefined) this.track = videoTrackOf(movie);
      return this.track === null ? null : pieceOf(bytes, boxes, this.track, offsetS);
    } catch (error) {
      if (error instanceof MediaProblem) return null;
      throw error;
    }
  }
}

function pieceOf(
  bytes: Uint8Array,
  boxes: readonly Box[],
  track: VideoTrack,
  offsetS: number,
): AppendedPiece | null {
  let startS = Number.POSITIVE_INFINITY;
  let endS = Number.NEGATIVE_INFINITY;
  const keyFramesS: number[] = [];
  for (const fragment of boxes.filter(({ type }) => type === 'moof'))
    for (const run of childrenOf(fragment, 'traf'))
      for (const { shownAt, duration, isKeyFrame } of samplesOf(bytes, fragment, run, track)) {
        const shownS = (shownAt - track.editedBy) / track.timescale + offsetS;
        startS = Math.min(startS, shownS);
        endS = Math.max(endS, shownS + duration / track.timescale);
        if (isKeyFrame) keyFramesS.push(shownS);
      }
  return endS > startS ? { startS, endS, keyFramesS: keyFramesS.sort((a, b) => a - b) } : null;
}

/** In units of the track's timescale. */
interface Sample {
  readonly shownAt: number;
  readonly duration: number;
  readonly isKeyFrame: boolean;
}

function samplesOf(bytes: Uint8Array, fragment: Box, run: Box, track: VideoTrack): Sample[] {
  const header = run.child('tfhd');
  const decodeTime = run.child('tfdt');
  if (header === null || decodeTime === null || header.u32(4) !== track.id) return [];
  const headerField = fields(header, 8);
  const hasFileOffset = headerField(0x1, 8) !== null;
  headerField(0x2, 4);
  const defaultDuration = headerField(0x8, 4) ?? track.defaultDuration;
  const defaultSize = headerField(0x10, 4) ?? track.defaultSize;
  const defaultFlags = headerField(0x20, 4) ?? track.defaultFlags;
  let time = decodeTime.u8(0) === 1 ? u64(decodeTime, 4) : decodeTime.u32(4);
  const samples: Sample[] = [];
  let at: number | null = null;
  for (const list of childrenOf(run, 'trun')) {
    const field = fields(list, 8);
    const count = list.u32(4);
    if (count > MAX_SAMPLES) list.refuse();
    const isSigned = list.u8(0) !== 0;
    const dataOffset = field(0x1, 4);
    // A position in the whole file says nothing here.
    if (dataOffset !== null && !hasFileOffset) at = fragment.start + (dataOffset | 0);
    const firstFlags = field(0x4, 4);
    for (let index = 0; index < count; index += 1) {
      const duration = field(0x100, 4) ?? defaultDuration;
      const size = field(0x200, 4) ?? defaultSize;
      const flags = field(0x400, 4) ?? (index === 0 ? firstFlags : null) ?? defaultFlags;
      const composition = field(0x800, 4) ?? 0;
      const isKeyFrame =
        track.nal === null || at === null
          ? (flags & 0x10000) === 0
          : holdsKeyFrame(bytes, at, at + size, track.nal);
      samples.push({ shownAt: time + (isSigned ? composition | 0 : composition), duration, isKeyFrame });
      time += duration;
      if (at !== null) at += size;
    }
  }
  return samples;
}

/** Reads optional fields one after the other, of larger ones the end: each is there if its bit is set in the box's flags. */
function fields(box: Box, offset: number): (bit: number, bytes: 4 | 8) => number | null {
  const flags = box.u32(0);
  let at = offset;
  return (bit, bytes) => {
    if ((flags & bit) === 0) return null;
    at += bytes;
    return box.u32(at - 4);
  };
}

function holdsKeyFrame(
  bytes: Uint8Array,
  start: number,
  end: number,
  { codec, lengthBytes }: NonNullable<VideoTrack['nal']>,
): boolean {
  for (let at = start; at + lengthBytes < end; ) {
    let length = 0;
    for (let i = 0; i < lengthBytes; i += 1) length = length * 256 + (bytes[at + i] ?? 0);
    const unit = at + lengthBytes;
    if (nalKind(codec, bytes[unit] ?? 0) === 'key-frame') return true;
    at = unit + length;
  }
  return false;
}

function videoTrackOf(movie: Box): VideoTrack | null {
  const track = childrenOf(movie, 'trak').find((box) => box.child('mdia', 'hdlr')?.type32(8) === 'vide');
  const header = track?.child('tkhd');
  const media = track?.child('mdia', 'mdhd');
  if (track === undefined || header == null || media == null) return null;
  const id = header.u32(header.u8(0) === 1 ? 20 : 12);
  const timescale = media.u32(media.u8(0) === 1 ? 20 : 12);
  if (timescale === 0) return null;
  const extension = movie.child('mvex');
  const extensions = extension === null ? [] : childrenOf(extension, 'trex');
  const defaults = extensions.find((box) => box.u32(4) === id);
  return {
    id,
    timescale,
    editedBy: editOf(track),
    defaultDuration: defaults?.u32(12) ?? 0,
    defaultSize: defaults?.u32(16) ?? 0,
    defaultFlags: defaults?.u32(20) ?? 0,
    nal: readSampleEntry(track.child('mdia', 'minf', 'stbl', 'stsd')).nal,
  };
}

/** Of an edit list Chromium takes the beginning of the first edit, and passes over the rest. */
function editOf(track: Box): number {
  const list = track.child('edts', 'elst');
  if (list === null || list.u32(4) === 0) return 0;
  return Math.max(0, list.u8(0) === 1 ? list.i32(16) * 2 ** 32 + list.u32(20) : list.i32(12));
}

function u64(box: Box, offset: number): number {
  return box.u32(offset) * 2 ** 32 + box.u32(offset + 4);
}

function childrenOf(box: Box, type: string): Box[] {
  return box.children().filter((child) => child.type === type);
}
