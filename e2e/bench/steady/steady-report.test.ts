import { expect, test } from 'vitest';
import type { SuiteRun } from '../suite/suite.ts';
import { sampleSuiteRun } from '../suite/testing/sample-suite-run.ts';
import type { SteadyFigures } from './steady-figures.ts';
import { steadyReport } from './steady-report.ts';

function run(minutes: number, falseChanges: readonly string[]): SuiteRun<SteadyFigures> {
  return sampleSuiteRun('jitter', 1, {
    watchedMs: minutes * 60_000,
    falseChanges: [...falseChanges],
    alarms: [],
    stills: 3,
    intervalMs: 1000,
    missingShare: 0.012,
    latencyFirstThirdMs: 3000,
    latencyLastThirdMs: 3100,
    worstDriftMs: 200,
  });
}

test.each([
  [60, [], 'met', '0 in 60.0 min'],
  [1, [], 'not judged', '0 in 1.0 min'],
  [1, ['tile 1 from main/main to backup/main (stalled) after 3.0 s'], 'missed', '1 in 1.0 min'],
])('%d min with false changes %j: %s', (minutes, changes, verdict, measured) => {
  const { goals } = steadyReport([run(minutes, changes)]);
  expect(goals.find(({ words }) => words.startsWith('jitter'))).toMatchObject({ verdict, measured });
});

test('a false change is told in words', () => {
  const { sections } = steadyReport([run(1, ['tile 1 left'])]);
  expect(sections.find(({ title }) => title === 'False changes')?.text).toBe('* jitter, run 1: tile 1 left');
});

test('the digest tells the walls together with what was false on them', () => {
  expect(steadyReport([run(2, ['tile 1 left'])]).digest).toContain('| jitter | 2.0 | 1 | 3 | 1.2 % |');
});
