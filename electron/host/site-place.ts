import { isDeepStrictEqual } from 'node:util';
import type { Site } from '../../shared/config/config.ts';

/** Whether a site is still where it was: the same connections lead to it. */
export function isSamePlace(a: Site, b: Site): boolean {
  return (
    a.baseUrl === b.baseUrl &&
    a.tlsPin === b.tlsPin &&
    isDeepStrictEqual(a.furtherAddresses ?? [], b.furtherAddresses ?? [])
  );
}
