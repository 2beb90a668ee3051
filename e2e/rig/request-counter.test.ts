import { expect, test } from 'vitest';
import { RequestCounter } from './request-counter.ts';

test('requests are told by camera and kind, and second by second', () => {
  const counter = new RequestCounter();
  counter.count({ camera: 'quay', kind: 'playlist' }, 1_000_000);
  counter.count({ camera: 'quay', kind: 'media' }, 1_000_999);
  counter.count({ camera: 'hall', kind: 'init' }, 1_009_000);
  counter.count({ camera: 'hall', kind: 'init' }, 1_010_000);
  expect(counter.byCamera).toEqual({
    quay: { login: 0, playlist: 1, init: 0, media: 1 },
    hall: { login: 0, playlist: 0, init: 2, media: 0 },
  });
  const recent = counter.recentPerS(1_010_500);
  expect(recent).toHaveLength(60);
  expect(recent.slice(-10).map(({ requests }) => requests)).toEqual([2, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
  expect(recent.map(({ fromMs }) => fromMs).slice(-2)).toEqual([1_008_000, 1_009_000]);
});
