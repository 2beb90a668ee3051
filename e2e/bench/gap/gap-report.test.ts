import { describe, expect, test } from 'vitest';
import type { SuiteRun } from '../suite/suite.ts';
import type { GapFigures } from './gap-figures.ts';
import { gapReport } from './gap-report.ts';
import { gapCases } from './matrix.ts';
import { sampleChange, sampleRound, sampleTile } from './testing/sample-rounds.ts';

const ID = 'plain-1s/9x/none/refused';

function runOf(
  { tiles, falseChanges, quietMs, failback }: ReturnType<typeof sampleRound>,
  changes: Partial<SuiteRun<GapFigures>> = {},
): SuiteRun<GapFigures> {
  return {
    id: ID,
    run: 1,
    othersCores: 0.1,
    machine: 'quiet',
    figures: { kind: 'round', tiles, falseChanges, quietMs, failback },
    ...changes,
  };
}

function reportOf(...runs: SuiteRun<GapFigures>[]) {
  return gapReport(gapCases('full'), runs);
}

function section(title: string, ...runs: SuiteRun<GapFigures>[]): string {
  return reportOf(...runs).sections.find((found) => found.title === title)?.text ?? '';
}

/** The line that begins with these words. */
function lineOf(text: string, start: string): string | undefined {
  return text.split('\n').find((line) => line.startsWith(start));
}

describe('gapReport', () => {
  test('a row has its figures, and an endless one where tiles did not recover', () => {
    expect(lineOf(section('Failover', runOf(sampleRound([100, 300, null]))), `| ${ID}`)).toBe(
      `| ${ID} | 1 | cold | 300 | ∞ | ∞ | 67 % | 33 % | **1 of 3** | 20 | 30 | 300 | 40 | 2000 | 0 | refused | 0.10 |`,
    );
  });

  test('a row says that its machine was busy', () => {
    const busy = runOf(sampleRound([100]), { othersCores: 1.2, machine: 'busy' });
    expect(lineOf(section('Failover', busy), `| ${ID}`)).toContain('**1.20: too high**');
  });

  test('judges the goals', () => {
    const { goals } = reportOf(runOf(sampleRound([500])));
    const own = goals.find(({ words }) => words === 'failover: 9 tiles, plain, no delay: at most 200 ms');
    expect(own).toMatchObject({ verdict: 'missed', measured: '500 ms' });
  });

  test('sets the bare grid of a setup beside its rounds', () => {
    const bare: SuiteRun<GapFigures> = {
      ...runOf(sampleRound([])),
      id: 'plain-1s/9x/none/bare-grid',
      figures: { kind: 'bare-grid', latenciesMs: [1600], dark: 0 },
    };
    expect(lineOf(section('Latency', runOf(sampleRound([100])), bare), '| plain-1s/9x/none')).toContain(
      '125 %',
    );
  });

  test('the digest tells hot and cold standbys apart, over all faults of a wall', () => {
    const tiles = [
      sampleTile(1, { standby: 'hot', failover: sampleChange(100) }),
      sampleTile(2, { standby: 'cold', failover: sampleChange(900) }),
    ];
    const { digest } = reportOf(
      runOf(sampleRound([], { tiles })),
      runOf(sampleRound([300]), { id: 'plain-1s/9x/none/hang' }),
    );
    expect(lineOf(digest, '| plain-1s, 9 tiles')).toBe(
      '| plain-1s, 9 tiles | 100 / 100 / 100 (1) | 600 / 900 / 900 (2) | – |',
    );
  });

  test('draws every row that has a round', () => {
    const [plot] = reportOf(runOf(sampleRound([100]))).files ?? [];
    expect(plot?.name).toBe('gap.svg');
    expect(plot?.text).toContain(ID);
  });
});
