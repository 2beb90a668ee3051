// @ts-check
// The deterministic simulation (renderer/simulation): the bundle of it, worlds in worker threads, and the bugs that are
// planted on purpose to prove that it finds any.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { build } from 'vite';
import { ROOT } from './command.mjs';
import { emptyTally } from './tally.mjs';

/** Worlds that break are told of, and so many are enough. */
const MOST_FAILURES = 3;
const WORKERS = 2;
/** The whole run: tile-hours, the faults that have to strike in them, and the wall time that it may take, ms. */
export const FULL_HOURS = 1000;
const LEAST_FAULTS = 20_000;
const LONGEST_MS = 85_000;
/** Virtual time of a world with a planted bug, ms, and the worlds in which it has to be caught. */
const BUGGED_MS = 3 * 60_000;
const BUGGED_WORLDS = 12;

// Local hours of the day decide on failbacks: the same on every machine.
process.env.TZ = 'UTC';

if (!isMainThread && workerData?.simulation !== undefined) await work();

/**
 * @param {{ hours: number, longestMs: number }} [length] Until so many tile-hours were run, or so much time is over.
 * @returns {Promise<import('./tally.mjs').Tally>} Of the worlds and of the planted bugs.
 */
export async function runSimulation(length = { hours: FULL_HOURS, longestMs: LONGEST_MS }) {
  return withBundle(async (simulation, bundle, folder) => {
    const tally = emptyTally();
    for (const bug of simulation.PLANTED_BUGS) {
      const caughtBy = await invariantThatCatches(simulation, bug, folder);
      if (caughtBy === bug.caughtBy) tally.passed += 1;
      else
        tally.failed.push(
          `simulation: the planted bug "${bug.name}" is caught by ${caughtBy ?? 'nothing'}, not by ${bug.caughtBy}`,
        );
    }
    const worlds = await runWorlds(simulation, bundle, length);
    tally.passed += worlds.passed;
    tally.failed.push(...worlds.failed);
    return tally;
  });
}

/**
 * @param {number} seed
 * @returns {Promise<import('./tally.mjs').Tally>}
 */
export async function replay(seed) {
  return withBundle(async (simulation) => {
    const report = await simulation.simulate(seed, simulation.mediaBytes(media()));
    console.log(`seed ${seed}: ${report.faults} faults, trace ${report.hash.toString(16)}`);
    if (report.failure === null) return { ...emptyTally(), passed: 1 };
    tell(seed, report.failure);
    return { ...emptyTally(), failed: [nameOf(seed, report.failure)] };
  });
}

/**
 * @param {any} simulation The bundled renderer/simulation/simulate.ts.
 * @param {string} bundle
 * @param {{ hours: number, longestMs: number }} length
 */
async function runWorlds(simulation, bundle, { hours, longestMs }) {
  const startedMs = Date.now();
  const tally = simulation.emptyTally();
  let next = 1;
  const isOver = () =>
    tally.tileMs >= hours * 3_600_000 ||
    tally.failed.length >= MOST_FAILURES ||
    Date.now() - startedMs >= longestMs;
  await Promise.all(
    Array.from({ length: WORKERS }, () => {
      const worker = new Worker(new URL(import.meta.url), { workerData: { simulation: bundle } });
      return new Promise((done, fail) => {
        let seed = 0;
        const give = () => {
          if (isOver()) {
            void worker.terminate().then(done);
            return;
          }
          seed = next;
          next += 1;
          worker.postMessage(seed);
        };
        worker.on('message', (report) => {
          simulation.add(tally, seed, report);
          give();
        });
        worker.on('error', (error) => fail(new Error(`in the world of seed ${seed}`, { cause: error })));
        give();
      });
    }),
  );
  console.log(simulation.tableOf(tally.coverage));
  const tileHours = tally.tileMs / 3_600_000;
  const empty = simulation.emptyCells(tally.coverage);
  for (const { seed, failure } of tally.failed) tell(seed, failure);
  const seconds = Math.round((Date.now() - startedMs) / 1000);
  console.log(
    `simulation: ${tally.worlds} worlds, ${Math.round(tileHours)} tile-hours, ${tally.faults} faults in ${seconds} s`,
  );
  if (empty.length > 0) console.log(`simulation: ${empty.length} cells of the table were not reached`);
  // A run that was cut short cannot have reached every cell.
  const isWhole = tally.failed.length === 0 && tileHours >= FULL_HOURS;
  const complaints = [
    ...(isWhole && empty.length > 0 ? [`never reached: ${empty.join('; ')}`] : []),
    ...(tally.faults < (LEAST_FAULTS * tileHours) / FULL_HOURS ? [`only ${tally.faults} faults struck`] : []),
  ];
  return {
    passed: tally.worlds - tally.failed.length,
    failed: [
      ...tally.failed.map((/** @type {{ seed: number, failure: { words: string } }} */ { seed, failure }) =>
        nameOf(seed, failure),
      ),
      ...complaints.map((complaint) => `simulation: ${complaint}`),
    ],
  };
}

/**
 * Builds the simulation with the bug in it and runs world after world until one breaks.
 *
 * @param {any} simulation
 * @param {{ name: string, file: string, wanted?: object }} bug
 * @param {string} folder
 * @returns {Promise<string | null>}
 */
async function invariantThatCatches(simulation, bug, folder) {
  let planted = false;
  const code = await bundled([
    {
      name: 'plant-bug',
      enforce: 'pre',
      transform(source, id) {
        if (!id.endsWith(`/${bug.file}`)) return undefined;
        planted = true;
        return simulation.plant(bug, source);
      },
    },
  ]);
  if (!planted) throw new Error(`the simulation does not use ${bug.file}`);
  const file = join(folder, `${bug.name.replaceAll(/\W+/g, '-')}.mjs`);
  writeFileSync(file, code);
  const bugged = await import(pathToFileURL(file).href);
  for (let seed = 1; seed <= BUGGED_WORLDS; seed += 1) {
    const { failure } = await bugged.simulate(seed, simulation.mediaBytes(media()), BUGGED_MS, bug.wanted);
    if (failure !== null) return failure.invariant;
  }
  return null;
}

/**
 * @template T
 * @param {(simulation: any, bundle: string, folder: string) => Promise<T>} use
 */
async function withBundle(use) {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-simulation-'));
  try {
    const bundle = join(folder, 'simulation.mjs');
    writeFileSync(bundle, await bundled([]));
    return await use(await import(pathToFileURL(bundle).href), bundle, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** @param {import('vite').Plugin[]} plugins */
async function bundled(plugins) {
  const built = await build({
    root: ROOT,
    configFile: false,
    logLevel: 'silent',
    ssr: { noExternal: true },
    plugins,
    build: { ssr: 'renderer/simulation/simulate.ts', write: false, minify: false, target: 'node20' },
  });
  const [chunk] = 'output' in built ? built.output : [];
  if (chunk === undefined) throw new Error('the simulation was built to nothing');
  return chunk.code;
}

function media() {
  return new Uint8Array(readFileSync(join(ROOT, 'shared/media/fixtures/h264-aac.ts')));
}

/**
 * @param {number} seed
 * @param {{ words: string }} failure
 */
function nameOf(seed, { words }) {
  return `simulation, seed ${seed}: ${words} (again: npm run simulate -- --seed ${seed})`;
}

/**
 * @param {number} seed
 * @param {{ words: string, tail: readonly string[] }} failure
 */
function tell(seed, failure) {
  for (const line of failure.tail) console.log(line);
  console.log(nameOf(seed, failure));
}

async function work() {
  const { simulate, mediaBytes } = await import(pathToFileURL(workerData.simulation).href);
  const bytes = mediaBytes(media());
  parentPort?.on('message', async (seed) => {
    parentPort?.postMessage(await simulate(seed, bytes));
  });
}
