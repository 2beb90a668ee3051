/** The values of an attribute list (RFC 8216 section 4.2), by name. */
export type Attributes = ReadonlyMap<string, string>;

/** Attributes with hexadecimal sequences, in which variables are replaced as in quoted strings (RFC 8216bis section 4.4.2.3). */
const HEXADECIMAL: ReadonlySet<string> = new Set(['IV', 'SCTE35-CMD', 'SCTE35-IN', 'SCTE35-OUT']);

/**
 * Reads an attribute list as hls.js does, so that a probe sees what the player sees. A value without quotes ends at the next
 * comma; a quoted value ends at a quote that is followed by a comma or by the end of the text. Names may have blanks around them,
 * values may not. The time is linear in the length of the text, whatever a server sends.
 *
 * @param replaceVariables applied to quoted values and hexadecimal sequences
 */
export function readAttributes(
  text: string,
  replaceVariables = (value: string): string => value,
): Attributes {
  const attributes = new Map<string, string>();
  for (const { name, value } of attributesIn(text)) {
    const isQuoted = value.startsWith('"') && value.endsWith('"');
    const plain = isQuoted ? value.slice(1, -1) : value;
    attributes.set(name, isQuoted || HEXADECIMAL.has(name) ? replaceVariables(plain) : plain);
  }
  return attributes;
}

/** Number of characters after the last attribute. */
export function lengthBehindAttributes(text: string): number {
  let end = 0;
  for (const attribute of attributesIn(text)) end = attribute.end;
  return text.length - end;
}

/** The attributes in their order, values with their quotes. `end` is the position after the comma that follows the value. */
function* attributesIn(text: string): Generator<{ name: string; value: string; end: number }> {
  const closingQuotes = text.matchAll(/"(?=,|$)/g);
  let closing = closingQuotes.next();
  for (let at = 0; at < text.length; ) {
    const equals = text.indexOf('=', at + 1);
    if (equals < 0) return;
    const start = equals + 1;
    while (!closing.done && closing.value.index <= start) closing = closingQuotes.next();
    const comma = text.indexOf(',', start);
    const hasClosing = text[start] === '"' && !closing.done;
    const valueEnd = hasClosing ? (closing.value?.index ?? 0) + 1 : comma < 0 ? text.length : comma;
    const end = Math.min(valueEnd + 1, text.length);
    yield { name: text.slice(at, equals).trim(), value: text.slice(start, valueEnd), end };
    at = end;
  }
}
