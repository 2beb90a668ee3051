import { describe, expect, test } from 'vitest';
import type { SuiteRun } from '../suite/suite.ts';
import { sampleSuiteRun } from '../suite/testing/sample-suite-run.ts';
import type { StartSuiteFigures } from './start-figures.ts';
import { startReport } from './start-report.ts';

function start(id: string, run: number, allPicturesMs: number): SuiteRun<StartSuiteFigures> {
  return sampleSuiteRun(id, run, { kind: 'start', pageCache: 'warm', firstPictureMs: 900, allPicturesMs });
}

describe('the goal', () => {
  test.each([
    [[1500, 2000, 9000], 'met', '2.00 s'],
    [[1500, 2001, 2100], 'missed', '2.00 s'],
  ])('of warm starts that took %j ms: %s', (times, verdict, measured) => {
    const { goals } = startReport(times.map((ms, index) => start('start/9x/warm', index + 1, ms)));
    expect(goals).toMatchObject([{ verdict, measured, values: 3 }]);
  });

  test('is not measured by cold ones', () => {
    expect(startReport([start('start/9x/cold', 1, 100)]).goals).toMatchObject([{ verdict: 'not measured' }]);
  });
});

test('says where the page cache could not be dropped', () => {
  const { sections } = startReport([
    sampleSuiteRun('start/9x/cold', 1, {
      kind: 'start',
      pageCache: 'kept',
      firstPictureMs: 900,
      allPicturesMs: 1200,
    }),
  ]);
  expect(sections[0]?.text).toContain('| 9 | cold | could not be dropped | 1 | 900 | 900 | 1200 | 1200 |');
});

test('the digest has a line for each start that was measured', () => {
  const { digest } = startReport([start('start/9x/warm', 1, 1500), start('start/9x/warm', 2, 1700)]);
  expect(digest).toContain('| 9 tiles, warm start | 900 | 1600 |');
  expect(digest).not.toContain('16 tiles');
});
