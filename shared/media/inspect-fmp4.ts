import { type MediaInspection, MediaProblem } from './media-inspection.ts';
import { type NalCodec, nalKind } from './nal-units.ts';

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
 * in front of the fragments, the video track is known and its samples are walked through; without, a track is
 * video only if some of its samples are not sync samples.
 */
export function inspectFmp4(bytes: Uint8Array, init: Uint8Array | null): MediaInspection {
  const boxes = topLevelBoxes(bytes);
  const tracks =
    tracksOf(boxes) ?? (init !== null && looksLikeFmp4(init) ? tracksOf(topLevelBoxes(init)) : null);
  if (tracks !== null && ![...tracks.values()].some((track) => track.video))
    throw new MediaProblem('has no video: its initialization section names none');
  if (!boxes.some((box) => box.type === 'moof')) {
    if (boxes.some((box) => box.type === 'mdat'))
      throw new MediaProblem('has no moof box before its mdat box');
    throw new MediaProblem('has no media: no moof box');
  }
  const runs = fragmentsOf(boxes).flatMap((fragment) => runsOf(fragment, tracks));
  const keyFrame = tracks === null ? keyFrameByFlags(runs) : keyFrameOf(bytes, runs, tracks);
  return { ok: true, container: 'fmp4', keyFrame, complete: true, video: null };
}

interface Track {
  readonly video: boolean;
  /** Where the samples' NAL units can be read: codec and bytes of their length fields. */
  readonly nal: { readonly codec: NalCodec; readonly lengthBytes: number } | null;
  readonly defaultFlags: number;
  readonly defaultSize: number;
}
type Tracks = ReadonlyMap<number, Track>;

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

/** One box; the readers refuse to read beyond it. Offsets count from the beginning of its content. */
class Box {
  readonly type: string;
  /** In the file. */
  readonly start: number;
  readonly contentStart: number;
  readonly end: number;
  readonly #view: DataView;

  constructor(view: DataView, type: string, start: number, contentStart: number, end: number) {
    this.#view = view;
    this.type = type;
    this.start = start;
    this.contentStart = contentStart;
    this.end = end;
  }

  u8(offset: number): number {
    return this.#view.getUint8(this.#at(offset, 1));
  }

  u32(offset: number): number {
    return this.#view.getUint32(this.#at(offset, 4));
  }

  i32(offset: number): number {
    return this.#view.getInt32(this.#at(offset, 4));
  }

  type32(offset: number): string {
    return fourCharacters(this.#view, this.#at(offset, 4));
  }

  children(offset = 0): Box[] {
    const boxes: Box[] = [];
    for (let at = this.contentStart + offset; at < this.end; ) {
      const box = readBox(this.#view, at, this.end);
      if (box === null || box.end > this.end) this.refuse();
      boxes.push(box);
      at = box.end;
    }
    return boxes;
  }

  child(...path: readonly string[]): Box | null {
    let box: Box | null = this;
    for (const type of path) box = box?.children().find((candidate) => candidate.type === type) ?? null;
    return box;
  }

  refuse(): never {
    throw new MediaProblem(`is damaged: broken ${this.type} box at byte ${this.start}`);
  }

  #at(offset: number, length: number): number {
    if (this.contentStart + offset + length > this.end) this.refuse();
    return this.contentStart + offset;
  }
}

/** Null where there is no box header; the box may end beyond `limit`. */
function readBox(view: DataView, at: number, limit: number): Box | null {
  if (at + 8 > limit) return null;
  const type = fourCharacters(view, at + 4);
  if (!/^[\x20-\x7e\xa9]{4}$/.test(type)) return null;
  const size = view.getUint32(at);
  if (size === 0) return new Box(view, type, at, at + 8, limit);
  if (size === 1) {
    if (at + 16 > limit) return null;
    const large = view.getUint32(at + 8) * 2 ** 32 + view.getUint32(at + 12);
    return large < 16 ? null : new Box(view, type, at, at + 16, at + large);
  }
  return size < 8 ? null : new Box(view, type, at, at + 8, at + size);
}

function topLevelBoxes(bytes: Uint8Array): Box[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const boxes: Box[] = [];
  for (let at = 0; at < bytes.length; ) {
    const box = readBox(view, at, bytes.length);
    if (box === null) {
      const left = bytes.length - at;
      throw new MediaProblem(
        left < 16
          ? `is cut off: ${left} bytes of a box header at its end`
          : `is damaged: no box where one should begin, at byte ${at}`,
      );
    }
    if (box.end > bytes.length)
      throw new MediaProblem(
        `is cut off: the ${box.type} box says ${box.end - at} bytes, ${bytes.length - at} are there`,
      );
    boxes.push(box);
    at = box.end;
  }
  return boxes;
}

function tracksOf(boxes: readonly Box[]): Tracks | null {
  const moov = boxes.find((box) => box.type === 'moov');
  if (moov === undefined) return null;
  const extension = moov.child('mvex');
  const defaults = new Map(
    extension === null ? [] : childrenOf(extension, 'trex').map((box) => [box.u32(4), box]),
  );
  const tracks = new Map<number, Track>();
  for (const trak of childrenOf(moov, 'trak')) {
    const header = trak.child('tkhd') ?? trak.refuse();
    const id = header.u32(header.u8(0) === 1 ? 20 : 12);
    const video = trak.child('mdia', 'hdlr')?.type32(8) === 'vide';
    tracks.set(id, {
      video,
      nal: video ? nalLayoutOf(trak.child('mdia', 'minf', 'stbl', 'stsd')) : null,
      defaultSize: defaults.get(id)?.u32(16) ?? 0,
      defaultFlags: defaults.get(id)?.u32(20) ?? 0,
    });
  }
  return tracks;
}

/** From the avcC or hvcC box of the first sample entry (ISO/IEC 14496-15); encrypted entries have other names. */
function nalLayoutOf(descriptions: Box | null): Track['nal'] {
  const entry = descriptions?.children(8)[0];
  if (entry === undefined) return null;
  const codec = /^avc[13]$/.test(entry.type) ? 'h264' : /^h(vc|ev)1$/.test(entry.type) ? 'hevc' : null;
  if (codec === null) return null;
  // A visual sample entry has 78 bytes of its own before its boxes.
  const record = entry.children(78).find((box) => box.type === (codec === 'h264' ? 'avcC' : 'hvcC'));
  if (record === undefined) return null;
  return { codec, lengthBytes: (record.u8(codec === 'h264' ? 4 : 21) & 3) + 1 };
}

/** A moof box and the mdat boxes before the next one. */
interface Fragment {
  readonly moof: Box;
  readonly media: Box[];
}

function fragmentsOf(boxes: readonly Box[]): Fragment[] {
  const fragments: Fragment[] = [];
  for (const box of boxes) {
    if (box.type === 'moof') fragments.push({ moof: box, media: [] });
    else if (box.type === 'mdat') fragments.at(-1)?.media.push(box);
  }
  const announced = fragments.reduce((sum, { moof }) => sum + announcedSamples(moof), 0);
  if (announced > MAX_SAMPLES) throw new MediaProblem(`is damaged: it announces ${announced} samples`);
  return fragments;
}

function announcedSamples(moof: Box): number {
  return childrenOf(moof, 'traf')
    .flatMap((traf) => childrenOf(traf, 'trun'))
    .reduce((sum, trun) => sum + trun.u32(4), 0);
}

function runsOf({ moof, media }: Fragment, tracks: Tracks | null): Run[] {
  if (media.length === 0) throw new MediaProblem('is cut off: its last moof box has no mdat box after it');
  const runs = childrenOf(moof, 'traf').flatMap((traf, index) =>
    runsOfTrack(traf, moof.start, index === 0, tracks),
  );
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

function runsOfTrack(traf: Box, moofStart: number, isFirst: boolean, tracks: Tracks | null): Run[] {
  const header = traf.child('tfhd') ?? traf.refuse();
  const flags = header.u32(0);
  const trackId = header.u32(4);
  const track = tracks?.get(trackId);
  let at = 8;
  const field = (bit: number, bytes: number): number | null => {
    if ((flags & bit) === 0) return null;
    at += bytes;
    return header.u32(at - bytes);
  };
  const hasFileOffset = field(0x1, 8) !== null;
  field(0x2, 4);
  field(0x8, 4);
  const defaultSize = field(0x10, 4) ?? track?.defaultSize ?? 0;
  const defaultFlags = field(0x20, 4) ?? track?.defaultFlags ?? null;
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
function keyFrameOf(bytes: Uint8Array, runs: readonly Run[], tracks: Tracks): boolean {
  let pictures = 0;
  let keyFrame = false;
  for (const run of runs) {
    const track = tracks.get(run.trackId);
    if (track?.video !== true) continue;
    let at = run.offset;
    for (const sample of run.samples) {
      pictures += 1;
      if (track.nal === null || at === null) keyFrame ||= sample.sync === true;
      else if (holdsKeyFrame(bytes, at, sample.bytes, track.nal)) keyFrame = true;
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

function fourCharacters(view: DataView, at: number): string {
  return String.fromCharCode(
    view.getUint8(at),
    view.getUint8(at + 1),
    view.getUint8(at + 2),
    view.getUint8(at + 3),
  );
}
