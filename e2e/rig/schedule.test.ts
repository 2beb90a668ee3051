import { expect, test } from 'vitest';
import { flapping } from './schedule.ts';

const options = {
  siteId: 'main',
  fault: 'stop',
  fromMs: 500,
  toMs: 60_000,
  down: { minMs: 1000, maxMs: 5000 },
  up: { minMs: 2000, maxMs: 3000 },
} as const;

test('a flapping site fails and recovers in turn, each for a time within its span, and ends well', () => {
  const steps = flapping({ ...options, seed: 7 });
  expect(steps.map(({ faults }) => faults)).toEqual(
    steps.map((_, index) => (index % 2 === 0 ? ['stop'] : [])),
  );
  expect(steps[0]?.atMs).toBe(500);
  const lasts = steps.slice(1).map(({ atMs }, index) => atMs - (steps[index]?.atMs ?? 0));
  for (const [index, lastMs] of lasts.slice(0, -1).entries()) {
    const { minMs, maxMs } = index % 2 === 0 ? options.down : options.up;
    expect(lastMs).toBeGreaterThanOrEqual(minMs);
    expect(lastMs).toBeLessThanOrEqual(maxMs);
  }
  expect(steps.at(-1)).toMatchObject({ faults: [] });
  expect(steps.at(-1)?.atMs).toBeLessThanOrEqual(options.toMs);
});

test('the seed decides', () => {
  expect(flapping({ ...options, seed: 7 })).toEqual(flapping({ ...options, seed: 7 }));
  expect(flapping({ ...options, seed: 8 })).not.toEqual(flapping({ ...options, seed: 7 }));
});

test('a span without duration is refused', () => {
  expect(() => flapping({ ...options, up: { minMs: 0, maxMs: 0 }, seed: 1 })).toThrow('"up" is 0 to 0 ms');
});
