import type { FaultEffect } from './faults.ts';

/** Distance of flipped bytes, in bytes: it hits every box and transport packet, at the same positions each time. */
const FLIPPED_EVERY_BYTES = 61;

const PAGE = '<!doctype html><title>Site</title><p>Please log in.</p>\n';

/** A segment or part as a damaged site sends it. */
export function damagedMedia(body: Uint8Array, damage: FaultEffect['media']): Uint8Array {
  switch (damage) {
    case 'whole':
      return body;
    case 'truncated':
      return body.subarray(0, Math.floor(body.length / 2));
    case 'corrupt':
      return body.map((byte, at) => (at % FLIPPED_EVERY_BYTES === 5 ? byte ^ 0xff : byte));
    case 'not-media':
      return Buffer.from(PAGE);
  }
}
