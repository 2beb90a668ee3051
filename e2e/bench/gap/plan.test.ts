import { describe, expect, test } from 'vitest';
import { type Row, rowId, rowsOf, setupId } from './matrix.ts';
import { planVisits, type Visit } from './plan.ts';
import { SAMPLE_ROW } from './testing/sample-records.ts';

const NONE: ReadonlySet<number> = new Set();
const ROWS: readonly Row[] = [SAMPLE_ROW, { ...SAMPLE_ROW, fault: 'hang' }, { ...SAMPLE_ROW, tiles: 4 }];

function namesOf(visits: readonly Visit[]): string[] {
  return visits.flatMap(({ rounds }) => rounds.map(({ row, round }) => `${rowId(row)} ${round}`));
}

describe('planVisits', () => {
  test('plans every round of every row once', () => {
    const names = namesOf(planVisits(rowsOf('full'), 10, () => NONE));
    expect(names).toHaveLength(rowsOf('full').length * 10);
    expect(new Set(names).size).toBe(names.length);
  });

  test('within a visit the rows take turns', () => {
    const [first] = planVisits(ROWS, 2, () => NONE);
    expect(first?.rounds.map(({ row, round }) => `${row.fault} ${round}`)).toEqual([
      'refused 1',
      'hang 1',
      'refused 2',
      'hang 2',
    ]);
  });

  test('a setup is come back to after all the others had a visit', () => {
    const setups = planVisits(ROWS, 6, () => NONE).map(({ setup }) => setupId(setup));
    expect(setups).toEqual(['plain-1s/9x/none', 'plain-1s/4x/none', 'plain-1s/9x/none', 'plain-1s/4x/none']);
  });

  test('leaves out the rounds that are finished', () => {
    const finished = new Map([[rowId(SAMPLE_ROW), new Set([1, 2])]]);
    const names = namesOf(planVisits(ROWS, 2, (id) => finished.get(id) ?? NONE));
    expect(names).toEqual([
      'plain-1s/9x/none/hang 1',
      'plain-1s/9x/none/hang 2',
      'plain-1s/4x/none/refused 1',
      'plain-1s/4x/none/refused 2',
    ]);
  });

  test('plans no visit of a setup that is finished', () => {
    expect(planVisits(ROWS, 2, () => new Set([1, 2]))).toEqual([]);
  });

  test.each([
    [2, 1],
    [9, 3],
  ])('of %i rounds every row waits for its failback in %i', (rounds, waits) => {
    const planned = planVisits(ROWS, rounds, () => NONE).flatMap((visit) => visit.rounds);
    for (const row of ROWS) {
      const own = planned.filter((round) => rowId(round.row) === rowId(row));
      expect(own.filter(({ failback }) => failback === 'wait')).toHaveLength(waits);
    }
  });

  test('of a single round every third row waits for its failback', () => {
    const planned = planVisits(rowsOf('quick'), 1, () => NONE).flatMap((visit) => visit.rounds);
    const waiting = planned.filter(({ failback }) => failback === 'wait').length;
    expect(waiting).toBeGreaterThan(0);
    expect(waiting).toBeLessThan(planned.length / 2);
  });

  test('which rounds wait does not depend on what is finished', () => {
    const modes = (finished: ReadonlySet<number>): string[] =>
      planVisits(ROWS, 4, () => finished)
        .flatMap((visit) => visit.rounds)
        .map(({ row, round, failback }) => `${rowId(row)} ${round} ${failback}`);
    expect(modes(NONE)).toEqual(expect.arrayContaining(modes(new Set([1]))));
  });
});
