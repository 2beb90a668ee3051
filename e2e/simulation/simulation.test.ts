import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { mutantOf, PLANTED_BUGS } from './planted-bugs.ts';
import { mediaBytes, simulate } from './simulate.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const MEDIA = mediaBytes(new Uint8Array(readFileSync(path.join(ROOT, 'shared/media/fixtures/h264-aac.ts'))));
const SHORTEST_MS = 30 * 1000;
const SHORT_MS = 60 * 1000;

describe('the simulation', () => {
  it.each([1, 2])('breaks no invariant in the world of seed %i', async (seed) => {
    const { failure, faults } = await simulate(seed, MEDIA, SHORT_MS);
    expect(failure).toBeNull();
    expect(faults).toBeGreaterThan(0);
  });

  it('has tiles that change nothing in each other, where they share nothing', async () => {
    const { failure } = await simulate(3, MEDIA, SHORT_MS, { shares: 'nothing' });
    expect(failure).toBeNull();
  });

  it('is the same twice for the same seed, and another for another', async () => {
    const [first, again, other] = [
      await simulate(4, MEDIA, SHORTEST_MS),
      await simulate(4, MEDIA, SHORTEST_MS),
      await simulate(5, MEDIA, SHORTEST_MS),
    ];
    expect(again.hash).toBe(first.hash);
    expect(other.hash).not.toBe(first.hash);
  });
});

describe('a bug planted on purpose', () => {
  it.each(PLANTED_BUGS.map((bug) => [bug.name, bug] as const))(
    '%s: takes the place of what its module exports',
    async (name, { file, replaces }) => {
      const { [replaces]: original } = await import(/* @vite-ignore */ path.join(ROOT, file));
      expect(original).toBeTypeOf('function');
      const mutant = mutantOf(name, original);
      expect(mutant).toBeTypeOf('function');
      expect(mutant).not.toBe(original);
    },
  );
});
