import { describe, expect, test } from 'vitest';
import { reloadOf } from './blocking-reload.ts';
import { EPOCH_MS, timelineOf } from './live-timeline.ts';

const timeline = timelineOf({ segmentMs: 1000, partMs: 200 }, EPOCH_MS);
/** Two of the five parts of segment 20 are available; 19 is the last whole segment. */
const edge = { segment: 20, parts: 2 };
const reload = (query: string) => reloadOf(new URLSearchParams(query), timeline, edge);
const waitFor = (afterMs: number) => ({ kind: 'wait', untilMs: EPOCH_MS + afterMs });

describe('is answered immediately', () => {
  test.each([
    ['without directives', '', 'whole'],
    ['for a segment that is there', '_HLS_msn=19', 'whole'],
    ['for a part that is there', '_HLS_msn=20&_HLS_part=1', 'whole'],
    ['for a delta update', '_HLS_msn=20&_HLS_part=0&_HLS_skip=YES', 'delta'],
    ['for a delta update of the second kind', '_HLS_skip=v2', 'delta'],
  ])('%s', (_name, query, extent) => {
    expect(reload(query)).toEqual({ kind: 'now', extent });
  });
});

describe('waits', () => {
  test.each([
    ['for the next part', '_HLS_msn=20&_HLS_part=2', 20_600],
    ['for the whole segment', '_HLS_msn=20', 21_000],
    ['for the next segment but one', '_HLS_msn=21', 22_000],
    [
      "for the next segment's first part, when a part after the last is asked for",
      '_HLS_msn=20&_HLS_part=5',
      21_200,
    ],
  ])('%s', (_name, query, afterMs) => {
    expect(reload(query)).toEqual(waitFor(afterMs));
  });
});

describe('is a bad request', () => {
  test.each([
    ['for a segment too far ahead', '_HLS_msn=22', '_HLS_msn is 22: the last segment is 19'],
    ['for a part without its segment', '_HLS_part=1', 'without _HLS_msn'],
    ['for what is no number', '_HLS_msn=-1', 'whole numbers'],
    ['for a part that is no number', '_HLS_msn=20&_HLS_part=x', 'whole numbers'],
    ['for another kind of skip', '_HLS_skip=NO', '_HLS_skip is "NO"'],
  ])('%s', (_name, query, words) => {
    expect(reload(query)).toEqual({ kind: 'bad-request', words: expect.stringContaining(words) });
  });

  test('for a part more than three seconds of parts ahead', () => {
    const long = timelineOf({ segmentMs: 4000, partMs: 200 }, EPOCH_MS);
    const ask = (part: number) =>
      reloadOf(new URLSearchParams(`_HLS_msn=20&_HLS_part=${part}`), long, edge).kind;
    expect([ask(16), ask(17)]).toEqual(['wait', 'bad-request']);
  });
});
