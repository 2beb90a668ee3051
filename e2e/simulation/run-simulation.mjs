// @ts-check
// Runs the deterministic simulation: builds its bundle, and runs worlds in worker threads. It also plants bugs on purpose, to prove
// that the invariants catch them.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { ROOT } from '../../build/steps/command.mjs';
import { emptyTally } from '../../build/steps/tally.mjs';

/** Number of worlds with a violation after which no other world begins. */
const MOST_FAILURES = 3;
const WORKERS = 2;
/** The full run in tile-hours, in which every fault has to occur in every reachable state. */
export const FULL_HOURS = 1000;
/** Least number of faults that have to strike in the full run. */
const LEAST_FAULTS = 20_000;
/** Time limit of a run, ms for each tile-hour: several times what two cores need. */
const LONGEST_MS_PER_HOUR = 1000;
/** Minimum of the time limit of a run, ms: a short run consists mostly of the planted bugs. */
const LEAST_LIMIT_MS = 300_000;
/** Virtual time of a world with a planted bug, ms. */
const BUGGED_MS = 3 * 60_000;
/** Number of worlds in which a planted bug has to be caught. */
const BUGGED_WORLDS = 30;

if (!isMainThread && workerData?.simulation !== undefined) await work();

/**
 * Runs a fixed list of worlds, the same on every machine, and the planted bugs.
 *
 * @param {number} [hours] Tile-hours of all worlds together.
 * @returns {Promise<import('../../build/steps/tally.mjs').Tally>} Of the worlds and of the planted bugs.
 */
export async function runSimulation(hours = FULL_HOURS) {
  return withBundle(async (simulation, bundle, folder) => {
    const startedMs = Date.now();
    const seeds = simulation.seedsFor(hours);
    const tally = simulation.emptyTally();
    const crew = new Crew(bundle);
    let isLate = false;
    const endLimit = setTimeout(
      () => {
        isLate = true;
        crew.dropWorlds();
      },
      Math.max(LEAST_LIMIT_MS, hours * LONGEST_MS_PER_HOUR),
    );
    /** @param {number} seed */
    const runWorld = async (seed) => {
      const report = await crew.run({ kind: 'world', seed });
      if (report === null) return;
      simulation.add(tally, seed, report);
      if (tally.failed.length >= MOST_FAILURES) crew.dropWorlds();
    };
    const [uncaught] = await Promise.all([
      huntBugs(crew, simulation, folder),
      Promise.all(seeds.map(runWorld)),
    ]).finally(async () => {
      clearTimeout(endLimit);
      await crew.end();
    });
    const tileHours = tally.tileMs / 3_600_000;
    const seconds = Math.round((Date.now() - startedMs) / 1000);
    console.log(simulation.tableOf(tally.coverage));
    for (const { seed, failure } of tally.failed) tell(seed, failure);
    console.log(
      `simulation: ${tally.worlds} worlds, ${Math.round(tileHours)} tile-hours, ${tally.faults} faults, ${simulation.PLANTED_BUGS.length} planted bugs in ${seconds} s`,
    );
    const empty = simulation.emptyCells(tally.coverage);
    if (empty.length > 0) console.log(`simulation: ${empty.length} cells of the table were not reached`);
    const complaints = isLate
      ? [`only ${tally.worlds} of ${seeds.length} worlds were done after ${seconds} s`]
      : tally.failed.length > 0
        ? // A run that was cut short cannot have reached every cell.
          []
        : [
            ...(tally.faults < (LEAST_FAULTS * hours) / FULL_HOURS
              ? [`only ${tally.faults} faults struck`]
              : []),
            ...(hours >= FULL_HOURS && empty.length > 0 ? [`never reached: ${empty.join('; ')}`] : []),
          ];
    return {
      ...emptyTally(),
      passed: tally.worlds - tally.failed.length + simulation.PLANTED_BUGS.length - uncaught.length,
      failed: [
        ...uncaught,
        ...tally.failed.map((/** @type {{ seed: number, failure: { words: string } }} */ { seed, failure }) =>
          nameOf(seed, failure),
        ),
        ...complaints.map((complaint) => `simulation: ${complaint}`),
      ],
    };
  });
}

/**
 * @param {number} seed
 * @returns {Promise<import('../../build/steps/tally.mjs').Tally>}
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
 * Builds the simulation once with each of the planted bugs, and runs its worlds until an invariant breaks.
 *
 * @param {Crew} crew
 * @param {any} simulation The bundled e2e/simulation/simulate.ts.
 * @param {string} folder For the bundles.
 * @returns {Promise<string[]>} One text for each bug that the right invariant did not catch.
 */
async function huntBugs(crew, simulation, folder) {
  const hunts = [];
  for (const bug of simulation.PLANTED_BUGS) {
    const bundle = join(folder, `${bug.name.replaceAll(/\W+/g, '-')}.mjs`);
    writeFileSync(bundle, await bundled([planting(bug)]));
    const caught = crew.run({ kind: 'bug', name: bug.name, bundle });
    // It may fail while the next bundle is built; the loop below throws its error.
    caught.catch(() => {});
    hunts.push({ bug, caught });
  }
  const wrong = [];
  for (const { bug, caught } of hunts) {
    const caughtBy = await caught;
    if (caughtBy !== bug.caughtBy)
      wrong.push(
        `simulation: the planted bug "${bug.name}" is caught by ${caughtBy ?? 'nothing'}, not by ${bug.caughtBy}`,
      );
  }
  return wrong;
}

/**
 * A plug-in that replaces the bug's module, for all that import it, by one that has the same exports and the mutant.
 *
 * @param {{ name: string, file: string, replaces: string }} bug
 * @returns {import('vite').Plugin}
 */
function planting({ name, file, replaces }) {
  const original = join(ROOT, file);
  const wrapper = `\0planted:${file}`;
  let planted = false;
  return {
    name: 'plant-bug',
    enforce: 'pre',
    async resolveId(source, importer, options) {
      if (importer === wrapper) return this.resolve(source, undefined, { ...options, skipSelf: true });
      const resolved = await this.resolve(source, importer, { ...options, skipSelf: true });
      if (resolved?.id !== original) return resolved;
      planted = true;
      return wrapper;
    },
    load(id) {
      if (id !== wrapper) return undefined;
      return `
        import { ${replaces} as original } from ${JSON.stringify(original)};
        import { mutantOf } from ${JSON.stringify(join(ROOT, 'e2e/simulation/planted-bugs.ts'))};
        export * from ${JSON.stringify(original)};
        export const ${replaces} = mutantOf(${JSON.stringify(name)}, original);
      `;
    },
    buildEnd(error) {
      if (error === undefined && !planted) throw new Error(`the simulation does not use ${file}`);
    },
  };
}

/**
 * The work of a worker.
 *
 * @typedef {{ kind: 'world', seed: number } | { kind: 'bug', name: string, bundle: string }} Task
 */

/** Worker threads that take tasks as they come, bugs before worlds. */
class Crew {
  /** @type {{ task: Task, done: (result: any) => void, fail: (error: Error) => void }[]} */
  #waiting = [];
  /** @type {Worker[]} */
  #idle = [];
  #workers;

  /** @param {string} bundle */
  constructor(bundle) {
    this.#workers = Array.from(
      { length: WORKERS },
      () => new Worker(new URL(import.meta.url), { workerData: { simulation: bundle } }),
    );
    this.#idle.push(...this.#workers);
  }

  /**
   * @param {Task} task
   * @returns {Promise<any>} The task's result; `null` when it was dropped, or when no world caught the bug.
   * @throws when the worker ends before the task
   */
  run(task) {
    return new Promise((done, fail) => {
      if (task.kind === 'bug') this.#waiting.unshift({ task, done, fail });
      else this.#waiting.push({ task, done, fail });
      this.#give();
    });
  }

  /** Drops the worlds that have not begun. */
  dropWorlds() {
    const dropped = this.#waiting.filter(({ task }) => task.kind === 'world');
    this.#waiting = this.#waiting.filter(({ task }) => task.kind !== 'world');
    for (const { done } of dropped) done(null);
  }

  async end() {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  #give() {
    const worker = this.#idle.pop();
    if (worker === undefined) return;
    const next = this.#waiting.shift();
    if (next === undefined) {
      this.#idle.push(worker);
      return;
    }
    const { task, done, fail } = next;
    const name = task.kind === 'world' ? `the world of seed ${task.seed}` : `the bug "${task.name}"`;
    /** @param {Error} error */
    const onError = (error) => fail(new Error(`the simulation of ${name} ended`, { cause: error }));
    worker.once('error', onError);
    worker.once('message', (result) => {
      worker.off('error', onError);
      this.#idle.push(worker);
      done(result);
      this.#give();
    });
    worker.postMessage(task);
  }
}

/**
 * @template T
 * @param {(simulation: any, bundle: string, folder: string) => Promise<T>} use
 */
async function withBundle(use) {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-simulation-'));
  const timeZone = process.env.TZ;
  try {
    // Failbacks depend on local hours, which have to be the same on every machine, also in the workers.
    process.env.TZ = 'UTC';
    const bundle = join(folder, 'simulation.mjs');
    writeFileSync(bundle, await bundled([]));
    return await use(await import(pathToFileURL(bundle).href), bundle, folder);
  } finally {
    if (timeZone === undefined) delete process.env.TZ;
    else process.env.TZ = timeZone;
    rmSync(folder, { recursive: true });
  }
}

/** @param {import('vite').Plugin[]} plugins */
async function bundled(plugins) {
  // Imported here, because npm test imports this file before it has installed anything.
  const { build } = await import('vite');
  const built = await build({
    root: ROOT,
    configFile: false,
    logLevel: 'silent',
    ssr: { noExternal: true },
    plugins,
    build: { ssr: 'e2e/simulation/simulate.ts', write: false, minify: false, target: 'node20' },
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
  const simulation = await import(pathToFileURL(workerData.simulation).href);
  const bytes = simulation.mediaBytes(media());
  parentPort?.on('message', async (/** @type {Task} */ task) => {
    const result =
      task.kind === 'world' ? await simulation.simulate(task.seed, bytes) : await catcherOf(task, bytes);
    parentPort?.postMessage(result);
  });
}

/**
 * @param {Extract<Task, { kind: 'bug' }>} task
 * @param {unknown} bytes
 * @returns {Promise<string | null>} The invariant that catches the bug.
 */
async function catcherOf({ name, bundle }, bytes) {
  const { PLANTED_BUGS, simulate } = await import(pathToFileURL(bundle).href);
  const { wanted } = PLANTED_BUGS.find((/** @type {{ name: string }} */ bug) => bug.name === name);
  for (let seed = 1; seed <= BUGGED_WORLDS; seed += 1) {
    const { failure } = await simulate(seed, bytes, BUGGED_MS, wanted);
    if (failure !== null) return failure.invariant;
  }
  return null;
}
