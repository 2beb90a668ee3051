/** Longest id that the configuration allows. */
const LONGEST = 64;

/**
 * Makes an id from a name as the configuration allows it: `Tor 3, Süd` becomes `tor-3-sud`. When it is taken, the first free
 * number is added.
 * @param fallback used where nothing of the name is left: letters and digits, for instance `camera`
 */
export function idFromName(name: string, taken: ReadonlySet<string>, fallback: string): string {
  const plain = name
    .normalize('NFKD')
    .replaceAll(/\p{Mark}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, LONGEST)
    .replaceAll(/^-+|-+$/g, '');
  const wanted = plain === '' ? fallback : plain;
  if (!taken.has(wanted)) return wanted;
  for (let number = 2; ; number += 1) {
    const suffix = `-${number}`;
    const numbered = `${wanted.slice(0, LONGEST - suffix.length)}${suffix}`;
    if (!taken.has(numbered)) return numbered;
  }
}
