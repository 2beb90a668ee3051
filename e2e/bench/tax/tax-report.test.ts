import { describe, expect, test } from 'vitest';
import type { SuiteRun } from '../suite/suite.ts';
import { sampleSuiteRun } from '../suite/testing/sample-suite-run.ts';
import { type TaxCase, taxCaseId } from './tax-cases.ts';
import type { TaxFigures } from './tax-figures.ts';
import { cpuOf, memoryOf, ratios, taxReport } from './tax-report.ts';

type Changes = Partial<Omit<TaxFigures, 'cores' | 'memoryMb'>> & {
  readonly cores?: number;
  readonly memoryMb?: number;
};

function run(
  what: TaxCase,
  number: number,
  { cores = 1, memoryMb = 100, ...rest }: Changes,
): SuiteRun<TaxFigures> {
  const none = { main: 0, renderer: 0, gpu: 0, utility: 0, other: 0 };
  return sampleSuiteRun(taxCaseId(what), number, {
    shown: what.tiles,
    players: what.tiles,
    framesPerS: 15,
    toldPerS: 15,
    lowestFramesPerS: 15,
    droppedPerS: 0,
    latencyMedianMs: 3000,
    latencyP95Ms: 3200,
    memoryMeasure: 'pss',
    ...rest,
    cores: { ...none, main: cores / 4, renderer: (3 * cores) / 4 },
    memoryMb: { ...none, renderer: memoryMb },
  });
}

describe('ratios', () => {
  test('compare the walls of a pair with each other, whatever other pairs had', () => {
    const runs = [
      run({ tiles: 16, viewer: 'bare' }, 1, { cores: 1 }),
      run({ tiles: 16, viewer: 'probed' }, 1, { cores: 1.5 }),
      run({ tiles: 16, viewer: 'bare' }, 2, { cores: 2 }),
      run({ tiles: 16, viewer: 'probed' }, 2, { cores: 2 }),
      run({ tiles: 16, viewer: 'probed' }, 3, { cores: 9 }),
    ];
    expect(ratios(runs, 16, 'probed', cpuOf)).toEqual([1.5, 1]);
  });

  test('are not made of different measures of memory', () => {
    const runs = [
      run({ tiles: 16, viewer: 'bare' }, 1, { memoryMeasure: 'rss' }),
      run({ tiles: 16, viewer: 'probed' }, 1, {}),
    ];
    expect(ratios(runs, 16, 'probed', memoryOf)).toEqual([]);
  });
});

describe('the goals', () => {
  const verdicts = (runs: Parameters<typeof taxReport>[0]) =>
    taxReport(runs).goals.map(({ verdict }) => verdict);

  test('are met by a wall of 16 that costs what the bare one does', () => {
    const runs = [run({ tiles: 16, viewer: 'bare' }, 1, {}), run({ tiles: 16, viewer: 'probed' }, 1, {})];
    expect(verdicts(runs)).toEqual(['met', 'met', 'not measured']);
  });

  test('are missed by one that costs more', () => {
    const runs = [
      run({ tiles: 16, viewer: 'bare' }, 1, {}),
      run({ tiles: 16, viewer: 'probed' }, 1, { cores: 1.11, memoryMb: 116 }),
    ];
    expect(verdicts(runs)).toEqual(['missed', 'missed', 'not measured']);
  });

  test.each([
    [12, 4, 'met'],
    [11.9, 4, 'missed'],
    [13, 14, 'missed'],
  ])('64 tiles at %d frames/s beside %d of the bare grid: %s', (own, bare, verdict) => {
    const runs = [
      run({ tiles: 64, viewer: 'bare' }, 1, { framesPerS: bare }),
      run({ tiles: 64, viewer: 'probed' }, 1, { framesPerS: own }),
    ];
    expect(verdicts(runs)[2]).toBe(verdict);
  });
});

test('the digest sets each viewer beside the bare grid', () => {
  const { digest } = taxReport([
    run({ tiles: 9, viewer: 'bare' }, 1, { cores: 1 }),
    run({ tiles: 9, viewer: 'probed' }, 1, { cores: 1.5, memoryMb: 110 }),
  ]);
  expect(digest).toContain('| 9 tiles | Holdfast, probed | 15.0 | 1.50 (1.50) | 110 (1.10) |');
});

test('the tables have a line for each viewer that ran', () => {
  const { sections } = taxReport([
    run({ tiles: 9, viewer: 'bare' }, 1, { cores: 1 }),
    run({ tiles: 9, viewer: 'all' }, 1, { cores: 1.5 }),
  ]);
  const cpu = sections.find(({ title }) => title === 'CPU')?.text;
  expect(cpu).toContain('| 9 | bare grid | 1 | 1.00 | 1.00 | 0.25 | 0.75 |');
  expect(cpu).toContain('| 9 | Holdfast, all hot | 1 | 1.50 | 1.50 |');
});
