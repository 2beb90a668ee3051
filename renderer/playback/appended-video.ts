import { type NalCodec, nalKind } from '../../shared/media/nal-units.ts';

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
  readonly defaultFlags: number;
  readonly defaultSize: number;
  /** `null` where key frames cannot be told by their NAL units. */
  readonly nal: { readonly codec: NalCodec; readonly lengthBytes: number } | null;
}

interface Box {
  readonly type: string;
  readonly start: number;
  readonly content: number;
  readonly end: number;
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
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    try {
      const boxes = boxesIn(view, 0, view.byteLength);
      const movie = boxes.find(({ type }) => type === 'moov');
      if (movie !== undefined) this.track = videoTrackOf(view, movie);
      const { track } = this;
      return track === null ? null : pieceOf(view, boxes, track, offsetS);
    } catch (error) {
      // Reading beyond the end: damaged.
      if (error instanceof RangeError) return null;
      throw error;
    }
  }
}

function pieceOf(
  view: DataView,
  boxes: readonly Box[],
  track: VideoTrack,
  offsetS: number,
): AppendedPiece | null {
  let startS = Number.POSITIVE_INFINITY;
  let endS = Number.NEGATIVE_INFINITY;
  const keyFramesS: number[] = [];
  for (const fragment of boxes.filter(({ type }) => type === 'moof'))
    for (const run of childrenOf(view, fragment, 'traf'))
      for (const sample of samplesOf(view, fragment, run, track)) {
        const shownS = (sample.shownAt - track.editedBy) / track.timescale + offsetS;
        startS = Math.min(startS, shownS);
        endS = Math.max(endS, shownS + sample.duration / track.timescale);
        if (sample.isKeyFrame) keyFramesS.push(shownS);
      }
  return endS > startS ? { startS, endS, keyFramesS: keyFramesS.sort((a, b) => a - b) } : null;
}

/** In units of the track's timescale. */
interface Sample {
  readonly shownAt: number;
  readonly duration: number;
  readonly isKeyFrame: boolean;
}

function samplesOf(view: DataView, fragment: Box, run: Box, track: VideoTrack): Sample[] {
  const header = childOf(view, run, 'tfhd');
  const decodeTime = childOf(view, run, 'tfdt');
  if (header === undefined || decodeTime === undefined || view.getUint32(header.content + 4) !== track.id)
    return [];
  const headerField = fields(view, header, 8);
  const hasOffset = headerField(0x1, 8) !== null;
  headerField(0x2, 4);
  const defaultDuration = headerField(0x8, 4) ?? track.defaultDuration;
  const defaultSize = headerField(0x10, 4) ?? track.defaultSize;
  const defaultFlags = headerField(0x20, 4) ?? track.defaultFlags;
  let time =
    view.getUint8(decodeTime.content) === 1
      ? view.getUint32(decodeTime.content + 4) * 2 ** 32 + view.getUint32(decodeTime.content + 8)
      : view.getUint32(decodeTime.content + 4);
  const samples: Sample[] = [];
  let at: number | null = null;
  for (const list of childrenOf(view, run, 'trun')) {
    const field = fields(view, list, 8);
    const count = view.getUint32(list.content + 4);
    if (count > MAX_SAMPLES) throw new RangeError('too many samples');
    const isSigned = view.getUint8(list.content) !== 0;
    const dataOffset = field(0x1, 4);
    // A position in the whole file says nothing here.
    if (dataOffset !== null && !hasOffset) at = fragment.start + (dataOffset | 0);
    const firstFlags = field(0x4, 4);
    for (let index = 0; index < count; index += 1) {
      const duration = field(0x100, 4) ?? defaultDuration;
      const size = field(0x200, 4) ?? defaultSize;
      const flags = field(0x400, 4) ?? (index === 0 ? firstFlags : null) ?? defaultFlags;
      const composition = field(0x800, 4) ?? 0;
      const isKeyFrame =
        track.nal === null || at === null
          ? (flags & 0x10000) === 0
          : holdsKeyFrame(view, at, at + size, track.nal);
      samples.push({ shownAt: time + (isSigned ? composition | 0 : composition), duration, isKeyFrame });
      time += duration;
      if (at !== null) at += size;
    }
  }
  return samples;
}

/** Reads optional fields one after the other: each is there if its bit is set in the box's flags. */
function fields(view: DataView, box: Box, offset: number): (bit: number, bytes: 4 | 8) => number | null {
  const flags = view.getUint32(box.content);
  let at = box.content + offset;
  return (bit, bytes) => {
    if ((flags & bit) === 0) return null;
    if (at + bytes > box.end) throw new RangeError('a field is cut off');
    at += bytes;
    return view.getUint32(at - 4);
  };
}

function holdsKeyFrame(
  view: DataView,
  start: number,
  end: number,
  { codec, lengthBytes }: NonNullable<VideoTrack['nal']>,
): boolean {
  for (let at = start; at + lengthBytes < end; ) {
    let bytes = 0;
    for (let i = 0; i < lengthBytes; i += 1) bytes = bytes * 256 + view.getUint8(at + i);
    const unit = at + lengthBytes;
    if (nalKind(codec, view.getUint8(unit)) === 'key-frame') return true;
    at = unit + bytes;
  }
  return false;
}

function videoTrackOf(view: DataView, movie: Box): VideoTrack | null {
  for (const track of childrenOf(view, movie, 'trak')) {
    const media = childOf(view, track, 'mdia');
    const header = childOf(view, track, 'tkhd');
    const handler = media && childOf(view, media, 'hdlr');
    const mediaHeader = media && childOf(view, media, 'mdhd');
    if (header === undefined || handler === undefined || mediaHeader === undefined) continue;
    if (typeAt(view, handler.content + 8) !== 'vide') continue;
    const id = view.getUint32(header.content + (view.getUint8(header.content) === 1 ? 20 : 12));
    const timescale = view.getUint32(
      mediaHeader.content + (view.getUint8(mediaHeader.content) === 1 ? 20 : 12),
    );
    const extension = childOf(view, movie, 'mvex');
    const defaults = (extension === undefined ? [] : childrenOf(view, extension, 'trex')).find(
      (box) => view.getUint32(box.content + 4) === id,
    );
    const defaultAt = (offset: number): number =>
      defaults === undefined ? 0 : view.getUint32(defaults.content + offset);
    if (timescale === 0) return null;
    return {
      id,
      timescale,
      editedBy: editOf(view, track),
      defaultDuration: defaultAt(12),
      defaultSize: defaultAt(16),
      defaultFlags: defaultAt(20),
      nal: nalLayoutOf(view, media),
    };
  }
  return null;
}

/** Of an edit list Chromium takes the beginning of the first edit, and passes over the rest. */
function editOf(view: DataView, track: Box): number {
  const edits = childOf(view, track, 'edts');
  const list = edits && childOf(view, edits, 'elst');
  if (list === undefined || view.getUint32(list.content + 4) === 0) return 0;
  const mediaTime =
    view.getUint8(list.content) === 1
      ? view.getInt32(list.content + 16) * 2 ** 32 + view.getUint32(list.content + 20)
      : view.getInt32(list.content + 12);
  return Math.max(0, mediaTime);
}

/** From the avcC or hvcC box of the first sample entry (ISO/IEC 14496-15). */
function nalLayoutOf(view: DataView, media: Box | undefined): VideoTrack['nal'] {
  const information = media && childOf(view, media, 'minf');
  const table = information && childOf(view, information, 'stbl');
  const descriptions = table && childOf(view, table, 'stsd');
  const entry = descriptions && boxesIn(view, descriptions.content + 8, descriptions.end)[0];
  if (entry === undefined) return null;
  const codec = /^avc[13]$/.test(entry.type) ? 'h264' : /^h(vc|ev)1$/.test(entry.type) ? 'hevc' : null;
  // A visual sample entry has 78 bytes of its own before its boxes.
  const record = boxesIn(view, entry.content + 78, entry.end).find(({ type }) => /^(avcC|hvcC)$/.test(type));
  if (codec === null || record === undefined) return null;
  return { codec, lengthBytes: (view.getUint8(record.content + (codec === 'h264' ? 4 : 21)) & 3) + 1 };
}

/** The whole boxes from `start` on; what is broken ends them. */
function boxesIn(view: DataView, start: number, end: number): Box[] {
  const boxes: Box[] = [];
  for (let at = start; at + 8 <= end; ) {
    const size = view.getUint32(at);
    const isLarge = size === 1;
    const content = at + (isLarge ? 16 : 8);
    const next =
      size === 0 ? end : at + (isLarge ? view.getUint32(at + 8) * 2 ** 32 + view.getUint32(at + 12) : size);
    if (next < content || next > end) break;
    boxes.push({ type: typeAt(view, at + 4), start: at, content, end: next });
    at = next;
  }
  return boxes;
}

function childrenOf(view: DataView, parent: Box, type: string): Box[] {
  return boxesIn(view, parent.content, parent.end).filter((box) => box.type === type);
}

function childOf(view: DataView, parent: Box, type: string): Box | undefined {
  return childrenOf(view, parent, type)[0];
}

function typeAt(view: DataView, at: number): string {
  return String.fromCharCode(...[0, 1, 2, 3].map((i) => view.getUint8(at + i)));
}
