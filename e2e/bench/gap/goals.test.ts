import { describe, expect, test } from 'vitest';
import type { LatencySummary } from './gap-figures.ts';
import { GAP_GOALS } from './gap-goals.ts';
import { type Goal, judgeGoals } from './goals.ts';
import { SAMPLE_ROW, sampleChange, sampleRound, sampleTile } from './testing/sample-rounds.ts';

const MAX_200: Goal = {
  kind: 'gap',
  words: 'at most 200 ms',
  rows: ({ tiles }) => tiles === 9,
  standby: 'any',
  figure: 'max',
  limitMs: 200,
};

const { fault: _fault, ...SETUP } = SAMPLE_ROW;

function latency(holdfastMs: number, bareMs: number | null): LatencySummary {
  const spread = (median: number | null) => ({ count: 1, median, p95: median, max: median });
  return {
    id: 'plain-1s/9x/none',
    setup: SETUP,
    holdfast: spread(holdfastMs),
    bareGrid: spread(bareMs),
    bareGridDark: 0,
  };
}

function verdicts(goal: Goal, ...rest: [Parameters<typeof judgeGoals>[1], Parameters<typeof judgeGoals>[2]]) {
  return judgeGoals([goal], ...rest).map(({ verdict }) => verdict);
}

describe('judgeGoals', () => {
  test('a gap at the limit meets it, one above misses it', () => {
    expect(verdicts(MAX_200, [sampleRound([120, 200])], [])[0]).toBe('met');
    expect(verdicts(MAX_200, [sampleRound([120, 201])], [])[0]).toBe('missed');
  });

  test('a tile that did not recover misses every limit', () => {
    expect(judgeGoals([MAX_200], [sampleRound([120, null])], [])[0]).toMatchObject({
      verdict: 'missed',
      measured: 'not recovered',
    });
  });

  test('rounds of other rows do not count', () => {
    const other = sampleRound([120], { row: { ...SAMPLE_ROW, tiles: 4 } });
    expect(verdicts(MAX_200, [other], [])).toEqual(['not measured', 'not measured']);
  });

  test('failbacks are judged by themselves', () => {
    const tile = sampleTile(1, { failover: sampleChange(100), failback: sampleChange(400) });
    const round = sampleRound([], { tiles: [tile], failback: 'wait' });
    expect(verdicts(MAX_200, [round], [])).toEqual(['met', 'missed']);
  });

  test('a goal for hot standbys leaves cold ones out', () => {
    const round = sampleRound([], {
      tiles: [
        sampleTile(1, { standby: 'hot', failover: sampleChange(100) }),
        sampleTile(2, { standby: 'cold', failover: sampleChange(900) }),
      ],
    });
    expect(verdicts({ ...MAX_200, standby: 'hot' }, [round], [])[0]).toBe('met');
    expect(verdicts({ ...MAX_200, standby: 'cold' }, [round], [])[0]).toBe('missed');
  });

  test('one false change misses the goal of none', () => {
    const goal: Goal = { kind: 'false-changes', words: 'no false change' };
    const change = {
      tile: 1,
      during: 'quiet',
      cause: 'stalled',
      from: 'main/main',
      to: 'backup/main',
    } as const;
    expect(verdicts(goal, [sampleRound([100])], [])).toEqual(['met']);
    expect(verdicts(goal, [sampleRound([100], { falseChanges: [change] })], [])).toEqual(['missed']);
    expect(verdicts(goal, [], [])).toEqual(['not measured']);
  });

  test('a latency is judged by the worst setup', () => {
    const goal: Goal = { kind: 'latency', words: 'at most 3 s', setups: () => true, limitMs: 3000 };
    expect(verdicts(goal, [], [latency(2900, null)])).toEqual(['met']);
    expect(verdicts(goal, [], [latency(2900, null), latency(3100, null)])).toEqual(['missed']);
  });

  test('the bare grid is the measure where it showed something', () => {
    const goal: Goal = { kind: 'latency-to-bare-grid', words: 'within 10 %', limitRatio: 1.1 };
    expect(verdicts(goal, [], [latency(2100, 2000), latency(5000, null)])).toEqual(['met']);
    expect(verdicts(goal, [], [latency(2300, 2000)])).toEqual(['missed']);
    expect(verdicts(goal, [], [latency(2300, null)])).toEqual(['not measured']);
  });
});

test('the goals for added delay are those of all delayed networks, without the plain one', () => {
  const delayed = GAP_GOALS.filter((goal) => goal.kind === 'gap' && goal.standby !== 'any');
  expect(delayed).toHaveLength(2);
  for (const goal of delayed) {
    if (goal.kind !== 'gap') continue;
    expect(goal.rows(SAMPLE_ROW)).toBe(false);
    expect(goal.rows({ ...SAMPLE_ROW, network: '150±100ms' })).toBe(true);
  }
});
