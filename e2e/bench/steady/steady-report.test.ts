import { expect, test } from 'vitest';
import type { SuiteRun } from '../suite/suite.ts';
import { sampleSuiteRun } from '../suite/testing/sample-suite-run.ts';
import type { SteadyCondition } from './steady-cases.ts';
import type { SteadyFigures } from './steady-figures.ts';
import { steadyReport } from './steady-report.ts';

function run(
  minutes: number,
  falseChanges: readonly string[],
  condition: SteadyCondition = 'jitter',
): SuiteRun<SteadyFigures> {
  return sampleSuiteRun(condition, 1, {
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
  [20, [], 'met', '0 in 60.0 min'],
  [1, [], 'not judged', '0 in 3.0 min'],
  [1, ['tile 1 from main/main to backup/main (stalled) after 3.0 s'], 'missed', '1 in 3.0 min'],
])('%d min each way with false changes %j: %s', (minutes, changes, verdict, measured) => {
  const runs = [run(minutes, [], 'plain'), run(minutes, changes, 'jitter'), run(minutes, [], 'load')];
  expect(steadyReport(runs).goals).toMatchObject([{ verdict, measured }]);
});

test('an hour without jitter and load judges nothing', () => {
  expect(steadyReport([run(60, [], 'plain')]).goals).toMatchObject([{ verdict: 'not judged' }]);
});

test('a wrong change is reported in words', () => {
  const { sections } = steadyReport([run(1, ['tile 1 left'])]);
  expect(sections.find(({ title }) => title === 'False changes')?.text).toBe('* jitter, run 1: tile 1 left');
});

test('the digest tells the walls together with what was false on them', () => {
  expect(steadyReport([run(2, ['tile 1 left'])]).digest).toContain('| jitter | 2.0 | 1 | 3 | 1.2 % |');
});
