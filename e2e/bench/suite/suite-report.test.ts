import { describe, expect, test } from 'vitest';
import { sampleEnvironment } from '../gap/testing/sample-records.ts';
import type { SuiteRecord } from './suite-records.ts';
import { suiteReport } from './suite-report.ts';
import { SAMPLE_SUITE, sampleRun } from './testing/sample-suite.ts';

const environment = sampleEnvironment();

function reportOf(records: readonly SuiteRecord<number>[]): string {
  return suiteReport(SAMPLE_SUITE, [environment, ...records], { extent: 'full', runsWanted: 1, environment });
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
    const report = reportOf([
      sampleRun(),
      {
        kind: 'failure',
        environment: 'env-1',
        extent: 'full',
        at: '2026-01-01T00:00:00.000Z',
        case: 'row/other',
        run: 1,
        reason: 'the window did not come',
      },
    ]);
    expect(report).toContain('* row/other: 0 of 1 runs');
    expect(report).toContain('row/other, run 1: the window did not come');
  });

  test('tells the machine, the load by others and the commit', () => {
    const report = reportOf([sampleRun({ othersCores: 0.5 }), sampleRun({ run: 2, othersCores: 1.5 })]);
    expect(report).toContain('| load by others, cores | median 1.00, max 1.50 (per run) |');
    expect(report).toContain('| commit | 0123456789ab (clean tree) |');
    expect(report).toContain('| CPU | A CPU, 2 cores |');
  });
});
