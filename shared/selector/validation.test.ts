import { describe, expect, it } from 'vitest';
import { showingFirst } from './testing/fake-tile.ts';
import type { WatchedStream } from './types.ts';
import { edgeLagMs, keepsPace, offsets, withinHours } from './validation.ts';

const STREAM = showingFirst(['north/main']).stream('north/main');
const HEALTHY = { kind: 'healthy' } as const;

function withOffsets(edgeOffsetMs: number | null, learnedOffsetMs: number | null): WatchedStream {
  return { ...STREAM, edgeOffsetMs, learnedOffsetMs };
}

describe('the clock offset of a stream', () => {
  it('is the edge’s date-time less the time, and learned from the first one at once', () => {
    expect(offsets(STREAM, HEALTHY, { programDateTimeMs: 5000 }, 2000)).toEqual({
      edgeOffsetMs: 3000,
      learnedOffsetMs: 3000,
      steadyOffset: { offsetMs: 3000, sinceMs: 2000 },
    });
  });

  it('takes over a tenth of each later one', () => {
    const next = offsets(withOffsets(1000, 1000), HEALTHY, { programDateTimeMs: 4000 }, 2000);
    expect(next).toMatchObject({ edgeOffsetMs: 2000, learnedOffsetMs: 1100 });
  });

  it('is learned only from a healthy stream', () => {
    const next = offsets(withOffsets(1000, 1000), { kind: 'unknown' }, { programDateTimeMs: 4000 }, 2000);
    expect(next).toMatchObject({ edgeOffsetMs: 2000, learnedOffsetMs: 1000 });
  });

  it('stays as it is with proof by media, and is forgotten with a playlist without date-times', () => {
    const known = { ...withOffsets(1000, 900), steadyOffset: { offsetMs: 1000, sinceMs: 5 } };
    expect(offsets(known, HEALTHY, undefined, 2000)).toEqual({
      edgeOffsetMs: 1000,
      learnedOffsetMs: 900,
      steadyOffset: known.steadyOffset,
    });
    expect(offsets(known, HEALTHY, { programDateTimeMs: null }, 2000)).toEqual({
      edgeOffsetMs: null,
      learnedOffsetMs: null,
      steadyOffset: null,
    });
  });

  it.each([3000, -3000])('is steady while it keeps within 3 s: by %i ms', (byMs) => {
    const steadyOffset = { offsetMs: 1000, sinceMs: 5 };
    const known = { ...STREAM, steadyOffset };
    const at = (offsetMs: number) =>
      offsets(known, HEALTHY, { programDateTimeMs: 2000 + offsetMs }, 2000).steadyOffset;
    expect(at(1000 + byMs)).toEqual(steadyOffset);
    const further = 1000 + byMs + Math.sign(byMs);
    expect(at(further)).toEqual({ offsetMs: further, sinceMs: 2000 });
  });
});

describe('edgeLagMs', () => {
  it('is how much further behind the candidate is than it used to be', () => {
    expect(edgeLagMs(withOffsets(-4000, 1000), withOffsets(-500, 500))).toBe(4000);
  });

  it('is null where an offset is not known, or was never learned', () => {
    const known = withOffsets(0, 0);
    for (const unknown of [withOffsets(null, 0), withOffsets(0, null)]) {
      expect(edgeLagMs(unknown, known)).toBeNull();
      expect(edgeLagMs(known, unknown)).toBeNull();
    }
  });
});

describe('keepsPace', () => {
  it('takes nine tenths of real time, less 5 s for segments', () => {
    const validating = { kind: 'validating', sinceMs: 1000, spreadMs: 0 } as const;
    expect(keepsPace({ ...validating, advancedMs: 22_000 }, 31_000)).toBe(true);
    expect(keepsPace({ ...validating, advancedMs: 21_999 }, 31_000)).toBe(false);
  });
});

describe('withinHours', () => {
  it('is true from the first hour until the last one begins', () => {
    const hours = { from: 8, to: 17 };
    expect([7, 8, 16, 17].map((hour) => withinHours(hours, hour))).toEqual([false, true, true, false]);
  });

  it('goes across midnight', () => {
    const hours = { from: 22, to: 6 };
    expect([21, 22, 23, 0, 5, 6].map((hour) => withinHours(hours, hour))).toEqual([
      false,
      true,
      true,
      true,
      true,
      false,
    ]);
  });

  it('is false where both hours are the same', () => {
    expect(withinHours({ from: 8, to: 8 }, 8)).toBe(false);
  });

  it('is true without hours, and false before the hour is known', () => {
    expect(withinHours(undefined, null)).toBe(true);
    expect(withinHours({ from: 0, to: 24 }, null)).toBe(false);
  });
});
