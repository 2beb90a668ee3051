/**
 * Whether an answer that is no complete playlist is what servers send while there is no media: an empty text, or an `#EXTM3U` that
 * names neither segments nor variants.
 */
export function holdsNothing(text: string): boolean {
  const plain = text.replace(/^\uFEFF/, '').trimStart();
  if (plain === '') return true;
  const namesSomething = /^[ \t]*[^#\s]/m.test(plain) || /^[ \t]*#EXT-X-(PART|MAP|STREAM-INF):/m.test(plain);
  return /^#EXTM3U(?!\S)/.test(plain) && !namesSomething;
}
