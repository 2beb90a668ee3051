import { describe, expect, test } from 'vitest';
import { GAP_GOALS } from './gap-goals.ts';
import type { Record as ResultRecord } from './records.ts';
import { reportMarkdown, type Settings } from './report.ts';
import { summarise } from './summary.ts';
import { SAMPLE_ROW, sampleEnvironment, sampleRound } from './testing/sample-records.ts';

const SETTINGS: Settings = {
  stableMs: 1000,
  failoverWaitMs: 30_000,
  failbackWaitMs: 40_000,
  quietMs: 1500,
};

function reportOf(records: readonly ResultRecord[], environment = sampleEnvironment()): string {
  const summary = summarise([environment, ...records], {
    extent: 'full',
    rows: [SAMPLE_ROW, { ...SAMPLE_ROW, fault: 'hang' }],
    roundsWanted: 1,
    environment,
    goals: GAP_GOALS,
  });
  return reportMarkdown(summary, SETTINGS);
}

/** The line of the report that begins with these words. */
function lineOf(report: string, start: string): string | undefined {
  return report.split('\n').find((line) => line.startsWith(start));
}

describe('reportMarkdown', () => {
  test('says which runtime showed the wall', () => {
    expect(reportOf([])).toContain('in the real Electron 45.4.1');
    const chromium = sampleEnvironment({ shell: 'chromium', electron: null });
    expect(reportOf([], chromium)).toContain('in the Chromium shell');
  });

  test('a row has its figures, and an endless one where tiles did not recover', () => {
    expect(lineOf(reportOf([sampleRound([100, 300, null])]), '| plain-1s/9x/none/refused')).toBe(
      '| plain-1s/9x/none/refused | 1 | cold | 300 | ∞ | ∞ | 67 % | 33 % | **1 of 3** | 20 | 30 | 300 | 40 | 2000 | 0 | refused |',
    );
  });

  test('says what was not run', () => {
    expect(reportOf([sampleRound([100])])).toContain('Rows without a round (1): plain-1s/9x/none/hang.');
  });

  test('says in bold that a goal was missed', () => {
    expect(lineOf(reportOf([sampleRound([500])]), '| failover: 9 tiles, plain, no delay: at most')).toBe(
      '| failover: 9 tiles, plain, no delay: at most 200 ms | 500 ms | 1 | **missed** |',
    );
  });

  test('says that rounds of another build are left out', () => {
    expect(reportOf([sampleRound([100], { environment: 'env-2' })])).toContain(
      '1 rounds in the file were made with another build',
    );
  });

  test('says the same for the same records', () => {
    const records = [sampleRound([100, null]), sampleRound([120], { round: 2 })];
    expect(reportOf(records)).toBe(reportOf(records));
  });
});
