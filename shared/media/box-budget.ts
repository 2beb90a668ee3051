/** Limit of boxes in one answer. 10 s with a fragment for each picture, at 60 pictures a second, have about 6000. */
export const MAX_BOXES = 20_000;
/** Limit of samples in one answer: a second of raw sound has 48 000. */
export const MAX_SAMPLES = 1_000_000;

/** Boxes that contain boxes, which readers search (ISO/IEC 14496-12). */
const CONTAINERS: ReadonlySet<string> = new Set([
  'moov',
  'trak',
  'edts',
  'mdia',
  'minf',
  'dinf',
  'stbl',
  'mvex',
  'udta',
  'moof',
  'traf',
  'mfra',
  'sinf',
  'schi',
]);

/**
 * Whether fragmented MP4 takes more work to read than real media: some readers take a step for each box, and for each
 * sample that a fragment announces. In bytes that are no such media, only some boxes are read. The time is bounded for
 * any bytes.
 * @param mostSamples lower than {@link MAX_SAMPLES} where there is no sound
 */
export function isOverBoxBudget(bytes: Uint8Array, mostSamples = MAX_SAMPLES): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let boxes = 0;
  let samples = 0;
  const left = [{ at: 0, end: bytes.length }];
  for (let place = left.pop(); place !== undefined; place = left.pop()) {
    const { at, end } = place;
    if (at + 8 > end) continue;
    boxes += 1;
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    const { content, next } = extentOf(view, at, end);
    if (next < content) continue;
    if (type === 'trun' && content + 8 <= bytes.length) samples += view.getUint32(content + 4);
    if (boxes > MAX_BOXES || samples > mostSamples) return true;
    left.push({ at: next, end });
    if (CONTAINERS.has(type)) left.push({ at: content, end: Math.min(next, end) });
  }
  return false;
}

/** Where a box's content begins, and where the next box begins; that is before the content if the size is invalid. */
function extentOf(view: DataView, at: number, end: number): { content: number; next: number } {
  const size = view.getUint32(at);
  if (size === 0) return { content: at + 8, next: end };
  if (size !== 1) return { content: at + 8, next: at + size };
  if (at + 16 > end) return { content: at + 16, next: at };
  return { content: at + 16, next: at + view.getUint32(at + 8) * 2 ** 32 + view.getUint32(at + 12) };
}
