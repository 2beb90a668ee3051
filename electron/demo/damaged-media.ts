import type { FaultEffect } from './faults.ts';

/** Every so many bytes one is flipped: in every box and transport packet that matters, and at the same places each time. */
const FLIPPED_EVERY_BYTES = 61;

const PAGE = '<!doctype html><title>Site</title><p>Please log in.</p>\n';

/** A segment or part as a broken site sends it. */
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
