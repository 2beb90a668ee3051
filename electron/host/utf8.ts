/** A file's content as text, if it is UTF-8. */
export type Utf8Result =
  | { readonly kind: 'text'; readonly text: string }
  /** All of it is UTF-8, but its last character is incomplete. */
  | { readonly kind: 'cut-off' }
  /** `words` continue a sentence that names the file: "… is UTF-16, not UTF-8". They contain nothing of the content. */
  | { readonly kind: 'other'; readonly words: string };

/** Reads UTF-8, with or without a byte order mark. Invalid bytes are never replaced. */
export function readUtf8(content: Uint8Array): Utf8Result {
  if (isUtf16(content)) return { kind: 'other', words: 'is UTF-16, not UTF-8' };
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let text: string;
  try {
    text = decoder.decode(content, { stream: true });
  } catch {
    return { kind: 'other', words: `is not UTF-8 (${placeOfFault(content)}); it may be Latin-1` };
  }
  try {
    return { kind: 'text', text: text + decoder.decode() };
  } catch {
    return { kind: 'cut-off' };
  }
}

/**
 * Recognises UTF-16 by its byte order mark, or by its first character, which in JSON is ASCII: in UTF-16 that is a byte
 * and a zero.
 */
function isUtf16([first, second]: Uint8Array): boolean {
  if (first === undefined || second === undefined) return false;
  const isMark = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  return isMark || (first === 0) !== (second === 0);
}

/** The place of the first byte that is not UTF-8; lines are counted from 1. */
function placeOfFault(content: Uint8Array): string {
  let line = 1;
  let begin = 0;
  while (isUtf8(content.subarray(begin, endOfLine(content, begin)))) {
    begin = endOfLine(content, begin);
    line += 1;
  }
  return `line ${line}`;
}

/** The position after the line break, or the end of the content. */
function endOfLine(content: Uint8Array, begin: number): number {
  const found = content.indexOf(0x0a, begin);
  return found === -1 ? content.length : found + 1;
}

function isUtf8(line: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(line);
    return line.length > 0;
  } catch {
    return false;
  }
}
