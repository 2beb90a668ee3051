/** A box of an MP4 file (ISO/IEC 14496-12). `start` and `end` are offsets in the file, bytes. */
export interface Mp4Box {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

const HEAD = 8;

/** The boxes in `bytes` between the offsets `from` and `to`. */
export function boxesIn(bytes: Uint8Array, from = 0, to = bytes.length): Mp4Box[] {
  const view = viewOf(bytes);
  const boxes: Mp4Box[] = [];
  for (let start = from; start + HEAD <= to; ) {
    const end = start + view.getUint32(start);
    boxes.push({ type: Buffer.from(bytes.subarray(start + 4, start + HEAD)).toString('latin1'), start, end });
    start = Math.max(end, start + HEAD);
  }
  return boxes;
}

/** The box at a path such as `moof/traf/tfdt`. @throws {Error} where there is none */
export function boxAt(bytes: Uint8Array, path: string, from = 0, to = bytes.length): Mp4Box {
  const [type, ...below] = path.split('/');
  const found = boxesIn(bytes, from, to).find((box) => box.type === type);
  if (found === undefined) throw new Error(`There is no box "${type}"`);
  return below.length === 0 ? found : boxAt(bytes, below.join('/'), found.start + HEAD, found.end);
}

export function box(type: string, ...content: readonly Uint8Array[]): Uint8Array {
  const size = content.reduce((sum, { length }) => sum + length, HEAD);
  return Buffer.concat([uint32(size), Buffer.from(type, 'latin1'), ...content]);
}

/** A box with a version and flags. */
export function fullBox(
  type: string,
  versionAndFlags: number,
  ...content: readonly Uint8Array[]
): Uint8Array {
  return box(type, uint32(versionAndFlags), ...content);
}

export function uint32(...values: readonly number[]): Uint8Array {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value, 4 * index);
  return bytes;
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
