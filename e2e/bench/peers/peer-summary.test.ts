import { describe, expect, test } from 'vitest';
import type { SuiteRun } from '../suite/suite.ts';
import { sampleSuiteRun } from '../suite/testing/sample-suite-run.ts';
import { peerCases } from './peer-cases.ts';
import type { PeerFigures } from './peer-figures.ts';
import { peerReport } from './peer-report.ts';
import { peerGoals, summarisePeers } from './peer-summary.ts';

const ROW = 'plain-1s/4x/unrelated/refused';

/** One tile per gap, `null` for one that never recovered. */
function run(
  contender: string,
  gapsMs: readonly (number | null)[],
  returnedMs?: number | null,
): SuiteRun<PeerFigures> {
  return sampleSuiteRun(`${ROW}/${contender}`, 1, {
    tiles: gapsMs.map((gapMs, index) => ({
      tile: index + 1,
      recoveredMs: gapMs === null ? null : 900,
      gapMs,
      blankLooks: 0,
      blankMs: 0,
      returnedMs: returnedMs ?? null,
    })),
    giveUpMs: 60_000,
    returns: returnedMs === undefined ? 'not-waited-for' : 'waited-for',
  });
}

function summaries(...runs: SuiteRun<PeerFigures>[]) {
  return summarisePeers(peerCases('full'), runs);
}

describe('summarisePeers', () => {
  test('sets each contender beside Holdfast in its row', () => {
    const [holdfast, peer] = summaries(run('holdfast', [80, 120]), run('shaka-default', [300, 500]));
    expect(holdfast).toMatchObject({ medianGapMs: 100, maxGapMs: 120, toHoldfast: 1 });
    expect(peer).toMatchObject({ medianGapMs: 400, maxGapMs: 500, toHoldfast: 4, neverRecovered: 0 });
  });

  test('a tile that never recovered has an endless gap', () => {
    const [, peer] = summaries(run('holdfast', [100]), run('shaka-default', [300, null]));
    expect(peer).toMatchObject({ maxGapMs: Number.POSITIVE_INFINITY, neverRecovered: 1 });
  });

  test('tells who returned, of those that were waited for', () => {
    const [first, second] = summaries(run('holdfast', [100], 34_000), run('shaka-default', [300], null));
    expect(first?.returned).toEqual({ tiles: 1, medianMs: 34_000 });
    expect(second?.returned).toEqual({ tiles: 0, medianMs: null });
    expect(summaries(run('holdfast', [100]))[0]?.returned).toBeNull();
  });
});

describe('peerGoals', () => {
  test('a gap as long as the best peer’s meets the goal of its tuning', () => {
    const goals = peerGoals(
      summaries(run('holdfast', [100]), run('shaka-default', [100]), run('video-js-default', [90_000])),
    );
    expect(goals.map(({ verdict }) => verdict)).toEqual(['met', 'not measured', 'met']);
  });

  test('a longer one misses it, and says against whom', () => {
    const [, tuned] = peerGoals(summaries(run('holdfast', [101]), run('hls-redundant-tuned', [100])));
    expect(tuned).toMatchObject({
      verdict: 'missed',
      measured: `0 of 1 rows; ${ROW}: 101 ms against 100 ms of hls-redundant-tuned, less than a frame`,
    });
  });

  test('a difference of a frame and more is reported as it is', () => {
    const [, tuned] = peerGoals(summaries(run('holdfast', [200]), run('shaka-tuned', [100])));
    expect(tuned?.measured).toBe(`0 of 1 rows; ${ROW}: 200 ms against 100 ms of shaka-tuned`);
  });

  test('Holdfast not recovering misses the goal of recovery, a peer does not', () => {
    expect(peerGoals(summaries(run('holdfast', [null]))).at(-1)?.verdict).toBe('missed');
    expect(peerGoals(summaries(run('holdfast', [1]), run('shaka-default', [null]))).at(-1)?.verdict).toBe(
      'met',
    );
  });
});

test('the report has a line for each contender, with its ratio', () => {
  const { sections } = peerReport(
    [run('holdfast', [100], 34_000), run('shaka-default', [250, null])],
    'full',
  );
  expect(sections[0]?.text).toContain(
    `| ${ROW} | holdfast | 1 | 100 ms | 100 ms | 1.0 x | 0 | 0 | 1 of 1, after 34.0 s |`,
  );
  expect(sections[0]?.text).toContain(`| ${ROW} | shaka-default | 2 | ∞ | ∞ | ∞ | 0 | **1** | – |`);
});

test('the digest sets the contenders side by side', () => {
  const { digest } = peerReport([run('holdfast', [80, 120]), run('shaka-default', [300, null])], 'full');
  expect(digest).toContain(`| gap, median / max | ${ROW} |`);
  expect(digest).toContain('| holdfast | 100 ms / 120 ms |');
  expect(digest).toContain('| shaka-default | ∞ / ∞ |');
});
