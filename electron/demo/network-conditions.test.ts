import { expect, test } from 'vitest';
import { type NetworkConditions, newLinePlace, PERFECT_NETWORK, SiteLine } from './network-conditions.ts';
import { seededRandom } from './seeded-random.ts';

function line(conditions: Partial<NetworkConditions>, random = seededRandom(1)): SiteLine {
  return new SiteLine({ ...PERFECT_NETWORK, ...conditions }, random);
}

test('a perfect line delivers everything immediately', () => {
  expect(line({}).arrivalMs(newLinePlace(), 1e6, 50)).toBe(50);
});

test('the delay is added once to an answer, not to each piece of it', () => {
  const delayed = line({ delayMs: 150 });
  const place = newLinePlace();
  expect([1, 2, 3].map(() => delayed.arrivalMs(place, 16_384, 1000))).toEqual([1150, 1150, 1150]);
});

test('jitter is random for each answer, within its range', () => {
  const jittery = line({ delayMs: 150, jitterMs: 100 });
  const delays = Array.from({ length: 500 }, () => jittery.arrivalMs(newLinePlace(), 100, 0));
  expect(Math.min(...delays)).toBeGreaterThanOrEqual(50);
  expect(Math.max(...delays)).toBeLessThanOrEqual(250);
  expect(Math.max(...delays) - Math.min(...delays)).toBeGreaterThan(180);
});

test('pieces of one connection never overtake each other', () => {
  const rough = line({ delayMs: 100, jitterMs: 100, loss: 0.3 });
  const place = newLinePlace();
  const arrivals = Array.from({ length: 300 }, (_, index) => {
    place.answerDelayMs = null;
    return rough.arrivalMs(place, 1000, index);
  });
  expect(arrivals).toEqual(arrivals.toSorted((one, other) => one - other));
});

test('connections share the bandwidth of the line', () => {
  const narrow = line({ bytesPerS: 1000 });
  expect(narrow.arrivalMs(newLinePlace(), 500, 0)).toBe(500);
  expect(narrow.arrivalMs(newLinePlace(), 500, 0)).toBe(1000);
  expect(narrow.arrivalMs(newLinePlace(), 500, 5000)).toBe(5500);
});

test('a lost piece comes after the retransmission time-out, which doubles, and delays everything behind it', () => {
  const draws = [0.5, 0.05, 0.05, 0.9, 0.9];
  const lossy = line({ loss: 0.1 }, () => draws.shift() ?? 0.9);
  const place = newLinePlace();
  expect(lossy.arrivalMs(place, 1000, 0)).toBe(600);
  expect(lossy.arrivalMs(place, 1000, 10)).toBe(600);
  expect(lossy.arrivalMs(newLinePlace(), 1000, 10)).toBe(10);
});

test('the share of pieces that are lost is the loss', () => {
  const lossy = line({ loss: 0.2 });
  const late = Array.from({ length: 2000 }, () => lossy.arrivalMs(newLinePlace(), 1000, 0)).filter(
    (ms) => ms > 0,
  );
  expect(late.length / 2000).toBeCloseTo(0.2, 1);
});
