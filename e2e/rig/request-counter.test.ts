import { expect, test } from 'vitest';
import type { RequestKind } from '../../electron/demo/faults.ts';
import type { OriginRequest } from '../../electron/demo/origin.ts';
import { RequestCounter } from './request-counter.ts';

const request = (
  camera: string,
  kind: RequestKind,
  file = 'index.m3u8',
  { pace = 'client', query = '' }: { pace?: OriginRequest['pace']; query?: string } = {},
): OriginRequest => ({
  camera,
  kind,
  file,
  pace,
  query: new URLSearchParams(query),
});

test('requests are counted by camera and kind, and by second', () => {
  const counter = new RequestCounter();
  counter.count(request('quay', 'playlist'), 1_000_000);
  counter.count(request('quay', 'media'), 1_000_999);
  counter.count(request('hall', 'init'), 1_009_000);
  counter.count(request('hall', 'init'), 1_010_000);
  expect(counter.byCamera).toEqual({
    quay: { login: 0, playlist: 1, init: 0, media: 1 },
    hall: { login: 0, playlist: 0, init: 2, media: 0 },
  });
  const recent = counter.recentPerS(1_010_500);
  expect(recent).toHaveLength(60);
  expect(recent.slice(-10).map(({ requests }) => requests)).toEqual([2, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
  expect(recent.map(({ fromMs }) => fromMs).slice(-2)).toEqual([1_008_000, 1_009_000]);
});

test('the longest time without a request is reported, even while it goes on', () => {
  const counter = new RequestCounter();
  for (const atMs of [1_000_000, 1_004_000, 1_005_000]) counter.count(request('quay', 'media'), atMs);
  counter.count(request('hall', 'playlist'), 1_006_000);
  expect(counter.longestRestMs(1_007_000)).toEqual({ quay: 4000, hall: 1000 });
  expect(counter.longestRestMs(1_010_000)).toEqual({ quay: 5000, hall: 4000 });
});

test('the most polls of one playlist within a second are reported, for any beginning of that second', () => {
  const counter = new RequestCounter();
  for (const atMs of [1_000_700, 1_000_900, 1_001_300, 1_001_699, 1_001_700, 1_005_000])
    counter.count(request('quay', 'playlist'), atMs);
  counter.count(request('quay', 'playlist', 'sub/index.m3u8'), 1_001_000);
  counter.count(request('quay', 'playlist', 'index.m3u8', { pace: 'server' }), 1_001_001);
  counter.count(request('quay', 'playlist', 'index.m3u8', { query: 'session=2' }), 1_001_001);
  counter.count(request('quay', 'media', '1.m4s'), 1_001_002);
  expect(counter.mostPollsPerS).toEqual({ quay: 4 });
});
