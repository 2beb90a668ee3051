import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'vite';
import { describe, expect, it } from 'vitest';
import { PLANTED_BUGS, type PlantedBug, plant } from './planted-bugs.ts';
import { mediaBytes, simulate } from './simulate.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const MEDIA = mediaBytes(new Uint8Array(readFileSync(path.join(ROOT, 'shared/media/fixtures/h264-aac.ts'))));
const SHORT_MS = 4 * 60 * 1000;
/** Worlds in which a planted bug may stay unseen before it counts as missed. */
const SEEDS_TRIED = 12;

describe('the simulation', () => {
  it.each([1, 2])('breaks no invariant in the world of seed %i', async (seed) => {
    const { failure, faults } = await simulate(seed, MEDIA, SHORT_MS);
    expect(failure).toBeNull();
    expect(faults).toBeGreaterThan(0);
  });

  it('is the same twice for the same seed, and another for another', async () => {
    const first = await simulate(4, MEDIA, SHORT_MS);
    const again = await simulate(4, MEDIA, SHORT_MS);
    const other = await simulate(5, MEDIA, SHORT_MS);
    expect(again.hash).toBe(first.hash);
    expect(other.hash).not.toBe(first.hash);
  });
});

describe('bugs planted on purpose', () => {
  it.each(PLANTED_BUGS.map((bug) => [bug.name, bug] as const))(
    '%s: is caught',
    async (_name, bug) => {
      expect(await invariantThatCatches(bug)).toBe(bug.caughtBy);
    },
    60_000,
  );
});

/** Builds the simulation with the bug in it and runs world after world until one breaks. */
async function invariantThatCatches(bug: PlantedBug): Promise<string | null> {
  const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-bug-'));
  try {
    const file = path.join(folder, 'simulate.mjs');
    writeFileSync(file, await bundleWith(bug));
    const bugged: { simulate: typeof simulate } = await import(/* @vite-ignore */ pathToFileURL(file).href);
    for (let seed = bug.fromSeed; seed < bug.fromSeed + SEEDS_TRIED; seed += 1) {
      const { failure } = await bugged.simulate(seed, MEDIA, SHORT_MS);
      if (failure !== null) return failure.invariant;
    }
    return null;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function bundleWith(bug: PlantedBug): Promise<string> {
  let planted = false;
  const built = await build({
    root: ROOT,
    configFile: false,
    logLevel: 'silent',
    ssr: { noExternal: true },
    plugins: [
      {
        name: 'plant-bug',
        enforce: 'pre',
        transform(source, id) {
          if (!id.endsWith(`/${bug.file}`)) return undefined;
          planted = true;
          return plant(bug, source);
        },
      },
    ],
    build: { ssr: 'renderer/simulation/simulate.ts', write: false, minify: false, target: 'node20' },
  });
  if (!planted) throw new Error(`the simulation does not use ${bug.file}`);
  const [chunk] = 'output' in built ? built.output : [];
  if (chunk === undefined) throw new Error('the simulation was built to nothing');
  return chunk.code;
}
