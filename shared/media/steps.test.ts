import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inspectMedia, inspectMediaInSteps } from './inspect-media.ts';
import { isOverMediaBudgetInSteps } from './media-budget.ts';
import { allAtOnce, STEP_BYTES, type Steps } from './steps.ts';
import { PACKET_BYTES } from './ts-packet.ts';
import { VideoOnly } from './video-only.ts';

const segment = new Uint8Array(readFileSync(new URL('fixtures/h264-no-key-frame.ts', import.meta.url)));
/** A packet of the segment's video that continues the unit of the packets before it. It contains no start code. */
const MORE_VIDEO = Uint8Array.from([0x47, 1, 0, 0x10, ...Array(PACKET_BYTES - 4).fill(1)]);

/** The segment, with more video after it: this number of bytes in all, in whole packets. */
function grownTo(bytes: number): Uint8Array {
  const packets = Math.floor((bytes - segment.length) / PACKET_BYTES);
  const grown = new Uint8Array(segment.length + packets * PACKET_BYTES);
  grown.set(segment);
  for (let at = segment.length; at < grown.length; at += PACKET_BYTES) grown.set(MORE_VIDEO, at);
  return grown;
}

function countSteps(steps: Steps<unknown>): number {
  for (let count = 1; ; count += 1) if (steps.next().done === true) return count;
}

const WORK: [string, (bytes: Uint8Array) => Steps<unknown>][] = [
  ['is counted', isOverMediaBudgetInSteps],
  ['is looked into', (bytes) => inspectMediaInSteps(bytes, null)],
  ['loses its sound', (bytes) => new VideoOnly().filterInSteps(bytes)],
];

describe('media', () => {
  it.each(WORK)('that is large %s in as many steps as its bytes need', (_what, work) => {
    expect(countSteps(work(grownTo(5.5 * STEP_BYTES)))).toBe(6);
  });

  it.each(WORK)('of a usual size %s in one step', (_what, work) => {
    expect(countSteps(work(grownTo(STEP_BYTES - PACKET_BYTES)))).toBe(1);
  });

  it('is the same to a reader that takes steps', () => {
    const grown = grownTo(2.5 * STEP_BYTES);
    expect(allAtOnce(inspectMediaInSteps(grown, null))).toEqual(inspectMedia(segment));
  });
});
