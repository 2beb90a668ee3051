import { isDeepStrictEqual } from 'node:util';
import type { Site } from '../../shared/config/config.ts';

/** Whether a site has the same connections as before: the same addresses and certificate. */
export function isSamePlace(a: Site, b: Site): boolean {
  return (
    a.baseUrl === b.baseUrl &&
    a.tlsPin === b.tlsPin &&
    isDeepStrictEqual(a.furtherAddresses ?? [], b.furtherAddresses ?? [])
  );
}
