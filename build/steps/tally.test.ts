import { expect, test } from 'vitest';
import { closingLine, type PlaywrightReport, sumOf, tallyOfPlaywright, tallyOfUnrun } from './tally.mjs';

const report: PlaywrightReport = {
  suites: [
    {
      title: 'failover.spec.ts',
      specs: [{ title: 'starts', tests: [{ status: 'expected', annotations: [] }] }],
      suites: [
        {
          title: 'one site',
          specs: [
            { title: 'stops', tests: [{ status: 'unexpected', annotations: [] }] },
            { title: 'hangs', tests: [{ status: 'flaky', annotations: [] }] },
            {
              title: 'is encoded live',
              tests: [{ status: 'skipped', annotations: [{ type: 'skip', description: 'no ffmpeg' }] }],
            },
            { title: 'is last', tests: [{ status: 'skipped', annotations: [] }] },
          ],
        },
      ],
    },
  ],
  errors: [{ message: 'broken.spec.ts does not load\n    at line 3' }],
};

test('every result of a Playwright report is counted once, and all but the passed ones are named', () => {
  expect(tallyOfPlaywright(report)).toEqual({
    passed: 1,
    failed: [
      'failover.spec.ts > one site > stops',
      'failover.spec.ts > one site > hangs (failed at first)',
      'e2e: broken.spec.ts does not load',
    ],
    skipped: [
      { name: 'failover.spec.ts > one site > is encoded live', reason: 'no ffmpeg' },
      {
        name: 'failover.spec.ts > one site > is last',
        reason: 'not run; an earlier failure or the end of the time kept it from starting',
      },
    ],
  });
});

test('tests that cannot be run are skipped by name, and a file that does not even load has failed', () => {
  const tally = tallyOfUnrun(report, 'no Electron');
  expect(tally.skipped).toHaveLength(5);
  expect(tally.skipped[0]).toEqual({ name: 'failover.spec.ts > starts', reason: 'no Electron' });
  expect(tally.failed).toEqual(['e2e: broken.spec.ts does not load']);
});

test('the closing line sums up several runs', () => {
  const unit = { passed: 40, failed: [], skipped: [{ name: 'a', reason: 'b' }] };
  expect(closingLine(sumOf([unit, tallyOfPlaywright(report)]))).toBe('41 passed, 3 failed, 3 skipped');
});
