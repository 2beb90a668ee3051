/**
 * Whether a value, as JSON in UTF-8, is larger than `maxBytes`; the backslashes in its texts are not counted. The work
 * is bounded by `maxBytes`, not by the value, which may be anything that can cross a process boundary: cyclic, sparse
 * or binary.
 */
export function isLargerThan(value: unknown, maxBytes: number): boolean {
  let bytes = 0;
  const open: unknown[] = [value];
  while (open.length > 0) {
    const next = open.pop();
    bytes += ownBytes(next, maxBytes);
    if (bytes > maxBytes) return true;
    if (!isObject(next) || binaryBytes(next) !== null) continue;
    if (Array.isArray(next)) for (const item of next) open.push(item);
    else
      for (const key in next) {
        bytes += textBytes(key, maxBytes) + 2;
        if (bytes > maxBytes) return true;
        open.push(Reflect.get(next, key));
      }
  }
  return false;
}

/** The size without the values that it contains. */
function ownBytes(value: unknown, maxBytes: number): number {
  if (typeof value === 'string') return textBytes(value, maxBytes);
  if (!isObject(value)) return String(value).length;
  // A comma for each element, including the holes of a sparse array.
  if (Array.isArray(value)) return 2 + value.length;
  return binaryBytes(value) ?? 2;
}

/** A text that is too long is not read. */
function textBytes(text: string, maxBytes: number): number {
  return 2 + (text.length > maxBytes ? text.length : Buffer.byteLength(text));
}

function binaryBytes(value: object): number | null {
  return ArrayBuffer.isView(value) || value instanceof ArrayBuffer ? value.byteLength : null;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
