import { describe, expect, test } from 'vitest';
import type { Environment, FailureRecord, SuiteRecord } from './suite-records.ts';
import { suiteReport } from './suite-report.ts';
import { sampleEnvironment } from './testing/sample-environment.ts';
import { SAMPLE_SUITE, sampleRun } from './testing/sample-suite.ts';

const environment = sampleEnvironment();
const FAILURE: FailureRecord = {
  kind: 'failure',
  environment: 'env-1',
  extent: 'full',
  at: '2026-01-01T00:00:00.000Z',
  case: 'row/other',
  run: 1,
  reason: 'the window did not come',
};

function reportOf(
  records: readonly SuiteRecord<number>[],
  { only = null, of = environment }: { only?: RegExp | null; of?: Environment } = {},
): string {
  return suiteReport(SAMPLE_SUITE, [environment, ...records], {
    extent: 'full',
    runs: 1,
    only,
    environment: of,
  }).text;
}

describe('suiteReport', () => {
  test('states the goals with what was measured', () => {
    const report = reportOf([sampleRun({ figures: 3 })]);
    expect(report).toContain('| at least seven | 3 | 1 | **missed** |');
  });

  test('leaves out runs of another build or extent, and says so', () => {
    const report = reportOf([
      sampleRun(),
      sampleRun({ run: 2, environment: 'another' }),
      sampleRun({ run: 3, extent: 'quick' }),
    ]);
    expect(report).toContain('## Counts\n\nrow/one 1\n');
    expect(report).toContain('**2 runs in the file');
  });

  test('tells what was not run, and what failed', () => {
    const report = reportOf([sampleRun(), FAILURE]);
    expect(report).toContain('* row/other: 0 of 1 runs');
    expect(report).toContain('row/other, run 1: the window did not come');
  });

  test('a run that failed and was made again is no failure any more', () => {
    expect(reportOf([FAILURE, sampleRun({ case: 'row/other' })])).not.toContain('the window did not come');
  });

  test('omitted parts are distinguished from missing ones', () => {
    const report = reportOf([sampleRun()], { only: /one$/ });
    expect(report).toContain('Left out by `--only` (1): row/other.');
    expect(report).not.toContain('0 of 1 runs');
  });

  test('says which runtime showed the windows, and from when to when', () => {
    expect(reportOf([sampleRun()])).toContain(
      'in the real Electron 45.4.1, from 2026-01-01 00:00:00 UTC to 2026-01-01 00:00:01 UTC.',
    );
    const chromium = sampleEnvironment({ shell: 'chromium', electron: null });
    expect(reportOf([sampleRun()], { of: chromium })).toContain('in the Chromium shell');
  });

  test('warns of a machine that had other things to do', () => {
    expect(reportOf([sampleRun({ othersCores: 0.5 })])).toContain('**In 1 of 1 runs others kept more than');
  });

  test('a copy without a repository has an unknown commit', () => {
    const copy = sampleEnvironment({ commit: null, tree: 'unknown' });
    const { text } = suiteReport(SAMPLE_SUITE, [copy, sampleRun()], {
      extent: 'full',
      runs: 1,
      only: null,
      environment: copy,
    });
    expect(text).toContain('| commit | unknown commit |');
  });

  test('tells the machine, the load by others and the commit', () => {
    const report = reportOf([sampleRun({ othersCores: 0.5 }), sampleRun({ run: 2, othersCores: 1.5 })]);
    expect(report).toContain('| load by others, cores | median 1.00, max 1.50 (per run) |');
    expect(report).toContain('| commit | 0123456789ab (clean tree) |');
    expect(report).toContain('| CPU | A CPU, 2 cores |');
  });
});
