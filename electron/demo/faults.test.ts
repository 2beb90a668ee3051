import { expect, test } from 'vitest';
import { type ActiveFault, combinedEffects, type Fault, faultSchema } from './faults.ts';

const since = (fault: Fault, sinceMs = 0): ActiveFault => ({ fault, sinceMs });

test('no fault leaves everything as it is', () => {
  expect(combinedEffects([since('none')])).toEqual(combinedEffects([]));
  expect(combinedEffects([])).toMatchObject({
    connections: 'open',
    media: 'whole',
    frozenAtMs: null,
    restartedAtMs: null,
  });
});

test('a camera fault is added to the fault of its site', () => {
  expect(combinedEffects([since('freeze', 5), since('503')])).toMatchObject({
    connections: 'open',
    answers: { login: 503, playlist: 503, init: 503, media: 503 },
    frozenAtMs: 5,
  });
  expect(combinedEffects([since('503'), since('hang')]).answers.playlist).toBe('held');
  expect(combinedEffects([since('none'), since('stop')]).connections).toBe('refused');
  expect(combinedEffects([since('picture-frozen'), since('corrupt')])).toMatchObject({
    picture: 'frozen',
    media: 'corrupt',
  });
});

test('a source is gone since the earliest such fault, and a status has the longest of its delays', () => {
  const slow = (afterMs?: number): Fault => ({ kind: 'status', status: 401, of: 'everything', afterMs });
  expect(combinedEffects([since('source-gone', 7), since('source-gone', 5)]).sourceGoneSinceMs).toBe(5);
  expect(combinedEffects([since(slow()), since(slow(3000))])).toMatchObject({
    sourceGoneSinceMs: null,
    statusAfterMs: 3000,
  });
});

test('lost media depends on when its fault began; of two, the later one counts', () => {
  const part: Fault = { kind: 'parts-lost', parts: [1], whole: 'there' };
  expect(combinedEffects([since('segment-lost', 4), since(part, 9)]).lost).toEqual({
    parts: [1],
    whole: 'there',
    sinceMs: 9,
  });
  expect(combinedEffects([since('segment-lost', 9), since(part, 4)]).lost).toEqual({
    parts: 'all',
    whole: 'lost',
    sinceMs: 9,
  });
  expect(combinedEffects([since('stop')]).lost).toBeNull();
});

test('of two freezes the earlier one counts, of two restarts the later one', () => {
  expect(combinedEffects([since('freeze', 9), since('freeze', 4)]).frozenAtMs).toBe(4);
  expect(combinedEffects([since('restart', 9), since('restart', 4)]).restartedAtMs).toBe(9);
});

test('of two rates the lower one counts, and clock jumps add up', () => {
  expect(
    combinedEffects([since({ kind: 'slow', bytesPerS: 9 }), since({ kind: 'slow', bytesPerS: 5 })])
      .mediaBytesPerS,
  ).toBe(5);
  expect(
    combinedEffects([since({ kind: 'clock-jump', byMs: -3000 }), since({ kind: 'clock-jump', byMs: 1000 })])
      .clockJumpMs,
  ).toBe(-2000);
});

test.each([
  ['everything', { login: 404, playlist: 404, init: 404, media: 404 }],
  ['playlists', { login: 'given', playlist: 404, init: 'given', media: 'given' }],
  ['media', { login: 'given', playlist: 'given', init: 'given', media: 404 }],
] as const)('a status of %s applies to these and no others', (of, answers) => {
  expect(combinedEffects([since({ kind: 'status', status: 404, of })]).answers).toEqual(answers);
});

test.each(['explode', { kind: 'status', status: 200, of: 'media' }, { kind: 'slow', bytesPerS: 0 }])(
  '%j is no fault',
  (fault) => {
    expect(faultSchema.safeParse(fault).success).toBe(false);
  },
);
