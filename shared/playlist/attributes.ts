/** An attribute list (RFC 8216 section 4.2) by names. */
export type Attributes = ReadonlyMap<string, string>;

/** Names are looked for after a comma only, which also keeps the time linear in whatever a server sends. */
export function readAttributes(text: string): Attributes {
  const attributes = new Map<string, string>();
  for (const match of text.matchAll(/(?:^|,)\s*([A-Z0-9-]+)\s*=\s*(?:"([^"]*)"|([^",]*))/g))
    attributes.set(match[1] ?? '', match[2] ?? match[3]?.trim() ?? '');
  return attributes;
}
