import { MediaProblem } from './media-inspection.ts';

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

/** Whether bytes begin with one of {@link FIRST_BOXES}: 8 bytes are enough to know. */
export function looksLikeFmp4(bytes: Uint8Array): boolean {
  return bytes.length >= 8 && FIRST_BOXES.has(String.fromCharCode(...bytes.subarray(4, 8)));
}

/**
 * One box of ISO BMFF (ISO/IEC 14496-12). Its functions throw a {@link MediaProblem} instead of reading beyond it. Offsets count
 * from the beginning of its content.
 */
export class Box {
  readonly type: string;
  /** In bytes of the file, as `contentStart` and `end`. */
  readonly start: number;
  readonly contentStart: number;
  readonly end: number;
  private readonly view: DataView;

  constructor(view: DataView, type: string, start: number, contentStart: number, end: number) {
    this.view = view;
    this.type = type;
    this.start = start;
    this.contentStart = contentStart;
    this.end = end;
  }

  u8(offset: number): number {
    return this.view.getUint8(this.at(offset, 1));
  }

  u16(offset: number): number {
    return this.view.getUint16(this.at(offset, 2));
  }

  u32(offset: number): number {
    return this.view.getUint32(this.at(offset, 4));
  }

  i32(offset: number): number {
    return this.view.getInt32(this.at(offset, 4));
  }

  type32(offset: number): string {
    return fourCharacters(this.view, this.at(offset, 4));
  }

  bytes(offset: number, length: number): Uint8Array {
    const start = this.at(offset, length);
    return new Uint8Array(this.view.buffer, this.view.byteOffset + start, length);
  }

  children(offset = 0): Box[] {
    const boxes: Box[] = [];
    for (let at = this.contentStart + offset; at < this.end; ) {
      const box = readBox(this.view, at, this.end);
      if (box === null || box.end > this.end) this.refuse();
      boxes.push(box);
      at = box.end;
    }
    return boxes;
  }

  childrenOf(type: string): Box[] {
    return this.children().filter((child) => child.type === type);
  }

  child(...path: readonly string[]): Box | null {
    let box: Box | null = this;
    for (const type of path) box = box?.children().find((candidate) => candidate.type === type) ?? null;
    return box;
  }

  refuse(): never {
    throw new MediaProblem(`is damaged: broken ${this.type} box at byte ${this.start}`);
  }

  private at(offset: number, length: number): number {
    if (this.contentStart + offset + length > this.end) this.refuse();
    return this.contentStart + offset;
  }
}

/** `null` where there is no box header. The box may end beyond `limit`. */
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

export function topLevelBoxes(bytes: Uint8Array): Box[] {
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

/** As {@link topLevelBoxes}, but never throws: the list ends before a broken box, and a box that is cut off ends with the bytes. */
export function boxesUpToDamage(bytes: Uint8Array): Box[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const boxes: Box[] = [];
  for (let at = 0; at < bytes.length; ) {
    const box = readBox(view, at, bytes.length);
    if (box === null) break;
    const isWhole = box.end <= bytes.length;
    boxes.push(
      isWhole ? box : new Box(view, box.type, at, Math.min(box.contentStart, bytes.length), bytes.length),
    );
    at = box.end;
  }
  return boxes;
}

function fourCharacters(view: DataView, at: number): string {
  return String.fromCharCode(
    view.getUint8(at),
    view.getUint8(at + 1),
    view.getUint8(at + 2),
    view.getUint8(at + 3),
  );
}
