import { describe, expect, it } from 'vitest';
import {
  CLEAN_RECORD,
  isFlapping,
  QUIET_MS,
  stableTimeMs,
  steadiest,
  withLoss,
  withTrouble,
  withUndone,
} from './damping.ts';
import type { TroubleRecord } from './types.ts';

function undone(times: number): TroubleRecord {
  return { ...CLEAN_RECORD, undone: times };
}

/** The record of a flapping stream whose latest trouble was at `atMs`. */
function flapping(atMs: number): { readonly record: TroubleRecord } {
  return { record: withLoss(withLoss(CLEAN_RECORD, 0, 0), atMs, 0) };
}

describe('the stable time of a damped stream (rule 9)', () => {
  it('is what is configured while no failback was undone', () => {
    expect(stableTimeMs(3000, CLEAN_RECORD)).toBe(3000);
  });

  it('doubles from 10 s at least to 10 minutes at most', () => {
    expect([1, 2, 6, 7, 8].map((times) => stableTimeMs(1000, undone(times)))).toEqual([
      10_000, 20_000, 320_000, 600_000, 600_000,
    ]);
  });
});

describe('a record (rule 9)', () => {
  it('is kept for 30 quiet minutes, and is clean after them', () => {
    const record = { ...undone(3), lastAtMs: 1000 };
    expect(withTrouble(record, 1000 + QUIET_MS - 1, 0).undone).toBe(3);
    expect(withTrouble(record, 1000 + QUIET_MS, 0)).toEqual({ ...CLEAN_RECORD, lastAtMs: 1000 + QUIET_MS });
  });

  it('does not count time in which nothing could be observed as quiet', () => {
    const { record } = flapping(1000);
    expect(isFlapping(record, 5000 + QUIET_MS - 1, 5000)).toBe(true);
    expect(isFlapping(record, 5000 + QUIET_MS, 5000)).toBe(false);
  });

  it('is that of a flapping stream from its second loss on', () => {
    const once = withLoss(CLEAN_RECORD, 1000, 0);
    expect(isFlapping(once, 1000, 0)).toBe(false);
    expect(isFlapping(withLoss(once, 2000, 0), 2000, 0)).toBe(true);
  });

  it('counts a failback as undone once, however many streams are left with it', () => {
    const first = withUndone(CLEAN_RECORD, 1000, 2000);
    expect(first).toEqual({ lastAtMs: 2000, losses: 0, undone: 1, undoneAtMs: 2000 });
    expect(withUndone(first, 1000, 3000)).toBe(first);
    expect(withUndone(first, 2000, 3000)).toBe(first);
    expect(withUndone(first, 2001, 3000).undone).toBe(2);
  });
});

describe('steadiest (rule 9)', () => {
  it('is undefined without candidates', () => {
    expect(steadiest([], 0, 0)).toBeUndefined();
  });

  it('is the first candidate unless that flaps', () => {
    const [steady, flaps] = [{ record: CLEAN_RECORD }, flapping(1000)];
    expect(steadiest([steady, flaps], 2000, 0)).toBe(steady);
  });

  it('is, where all flap, the one with the longest clean record', () => {
    const [first, second, third] = [flapping(3000), flapping(1000), flapping(2000)];
    expect(steadiest([first, second, third], 4000, 0)).toBe(second);
    expect(steadiest([third, first, second], 4000, 0)).toBe(second);
  });

  it('is a steady one that ranks above the longest clean record, not one that ranks below it', () => {
    const [newer, older, steady] = [flapping(3000), flapping(1000), { record: CLEAN_RECORD }];
    expect(steadiest([newer, steady, older], 4000, 0)).toBe(steady);
    expect(steadiest([newer, older, steady], 4000, 0)).toBe(older);
  });
});
