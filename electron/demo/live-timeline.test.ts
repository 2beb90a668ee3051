import { describe, expect, test } from 'vitest';
import { availableAtMs, EPOCH_MS, edgeAt, partsAhead, timelineOf } from './live-timeline.ts';

const plain = timelineOf({ segmentMs: 2000, partMs: null }, EPOCH_MS);
const thirds = timelineOf({ segmentMs: 1000, partMs: 333 }, EPOCH_MS);

describe('the edge', () => {
  test.each([
    [plain, 3999, { segment: 1, parts: 0 }],
    [plain, 4000, { segment: 2, parts: 0 }],
    [thirds, 1333, { segment: 1, parts: 0 }],
    [thirds, 1334, { segment: 1, parts: 1 }],
    [thirds, 1667, { segment: 1, parts: 2 }],
    [thirds, 2000, { segment: 2, parts: 0 }],
  ])('of %o after %i ms is %o', (timeline, afterMs, edge) => {
    expect(edgeAt(timeline, EPOCH_MS + afterMs)).toEqual(edge);
  });

  test('is an error with a message for a clock before the beginning', () => {
    expect(() => edgeAt(plain, 0)).toThrow('The clock says 0 ms since 1970');
    expect(() => edgeAt(plain, Number.NaN)).toThrow(RangeError);
  });
});

test.each([
  ['333 ms', 333],
  ['200 ms', 200],
] as const)('parts of %s are available at the promised moment, not a millisecond earlier', (_n, partMs) => {
  const timeline = timelineOf({ segmentMs: 4000, partMs }, EPOCH_MS);
  // Years after the epoch, where rounding would first lose a fraction of a millisecond.
  const segment = 100_000_000;
  for (let part = 0; part < timeline.partsPerSegment; part++) {
    const atMs = availableAtMs(timeline, segment, part);
    expect(partsAhead(timeline, edgeAt(timeline, atMs - 1), segment, part)).toBe(0);
    expect(partsAhead(timeline, edgeAt(timeline, atMs), segment, part)).toBe(-1);
  }
});

test('decode times stay exact numbers for centuries', () => {
  const { segment } = edgeAt(timelineOf({ segmentMs: 1000, partMs: null }, EPOCH_MS), Date.UTC(2400, 0, 1));
  expect(Number.isSafeInteger(segment * 90_000)).toBe(true);
});
