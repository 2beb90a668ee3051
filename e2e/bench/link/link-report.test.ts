import { expect, test } from 'vitest';
import type { SuiteRun } from '../suite/suite.ts';
import { sampleSuiteRun } from '../suite/testing/sample-suite-run.ts';
import type { LinkFigures } from './link-figures.ts';
import { linkReport } from './link-report.ts';

function run(id: string, changed: Partial<LinkFigures> = {}): SuiteRun<LinkFigures> {
  return sampleSuiteRun(id, 1, {
    watchedMs: 90_000,
    liveShare: 0.99,
    siteChanges: [],
    qualityChanges: 0,
    alarms: [],
    loaded: { shown: 900, standby: 0, probe: 100 },
    ...changed,
  });
}

test('a thin link meets its goals with 95 % LIVE and a tenth of probes', () => {
  const { goals } = linkReport([run('thin/60%', { liveShare: 0.95 })]);
  expect(goals.map(({ verdict, measured }) => [verdict, measured])).toEqual([
    ['met', '95.0 %'],
    ['met', '10.0 %'],
    ['met', '0'],
  ]);
});

test('the worst run of a thin link counts, and each change of site on any link', () => {
  const changed = { siteChanges: ['tile 1 from main/sub to backup/sub (too-slow)'] };
  const { goals, sections } = linkReport([
    run('thin/60%'),
    run('thin/60%', { liveShare: 0.94, loaded: { shown: 800, standby: 0, probe: 100 } }),
    run('loss/3%', changed),
  ]);
  expect(goals.map(({ verdict }) => verdict)).toEqual(['missed', 'missed', 'missed']);
  expect(sections.map(({ text }) => text).join('\n')).toContain('- loss/3%: tile 1 from main/sub');
});

test('other links say nothing of the thin one', () => {
  expect(linkReport([run('thin/150%')]).goals.map(({ verdict }) => verdict)).toEqual([
    'not measured',
    'not measured',
    'met',
  ]);
});
