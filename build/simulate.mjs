// @ts-check
// npm run simulate: the deterministic simulation at its full length. `--seed N` replays one world, `--hours H` sets how
// many tile-hours are run. Ends with a table of what every fault found, and `N passed, N failed`.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { build } from 'vite';
import { ROOT } from './steps/command.mjs';

/** Worlds that break are told of, and so many are enough. */
const MOST_FAILURES = 3;
const WORKERS = 2;
/** Issue's floor for the whole run. */
const LEAST_FAULTS = 20_000;
const FULL_HOURS = 1000;

// Local hours of the day decide on failbacks: the same on every machine.
process.env.TZ = 'UTC';

if (isMainThread) process.exitCode = await main();
else await work();

/** @returns {Promise<number>} The exit code. */
async function main() {
  const { values } = parseArgs({ options: { seed: { type: 'string' }, hours: { type: 'string' } } });
  const seed = numberOf('--seed', values.seed);
  const hours = numberOf('--hours', values.hours) ?? FULL_HOURS;
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-simulation-'));
  try {
    const bundle = join(folder, 'simulation.mjs');
    writeFileSync(bundle, await bundled());
    const simulation = await import(pathToFileURL(bundle).href);
    return seed === undefined ? await runAll(simulation, bundle, hours) : await replay(simulation, seed);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * @param {string} option
 * @param {string | undefined} text
 */
function numberOf(option, text) {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (!Number.isFinite(number) || number <= 0) throw new Error(`${option} ${text}: give a number above 0`);
  return number;
}

async function bundled() {
  const built = await build({
    root: ROOT,
    configFile: false,
    logLevel: 'warn',
    ssr: { noExternal: true },
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
 * @param {any} simulation The bundled renderer/simulation/simulate.ts.
 * @param {number} seed
 */
async function replay(simulation, seed) {
  const report = await simulation.simulate(seed, simulation.mediaBytes(media()));
  console.log(`seed ${seed}: ${report.faults} faults, trace ${report.hash.toString(16)}`);
  if (report.failure === null) {
    console.log('1 passed, 0 failed');
    return 0;
  }
  tell(seed, report.failure);
  console.log('0 passed, 1 failed');
  return 1;
}

/**
 * @param {any} simulation
 * @param {string} bundle
 * @param {number} hours
 */
async function runAll(simulation, bundle, hours) {
  const startedMs = Date.now();
  const tally = simulation.emptyTally();
  let next = 1;
  const enough = () => tally.tileMs >= hours * 3_600_000 || tally.failed.length >= MOST_FAILURES;
  await Promise.all(
    Array.from({ length: WORKERS }, () => {
      const worker = new Worker(new URL(import.meta.url), { workerData: { bundle } });
      return new Promise((done, fail) => {
        let seed = 0;
        const give = () => {
          if (enough()) {
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
  const empty = simulation.emptyCells(tally.coverage);
  const complaints = [
    ...(empty.length > 0 ? [`never reached: ${empty.join('; ')}`] : []),
    ...(tally.faults < LEAST_FAULTS * (hours / FULL_HOURS) ? [`only ${tally.faults} faults struck`] : []),
  ];
  // A run that was cut short by failures, or asked to be short, cannot reach every cell.
  const judged = tally.failed.length === 0 && hours >= FULL_HOURS ? complaints : [];
  for (const { seed, failure } of tally.failed) tell(seed, failure);
  for (const complaint of judged) console.log(complaint);
  const seconds = Math.round((Date.now() - startedMs) / 1000);
  console.log(
    `${tally.worlds} worlds, ${Math.round(tally.tileMs / 3_600_000)} tile-hours, ${tally.faults} faults in ${seconds} s`,
  );
  const failed = tally.failed.length + judged.length;
  console.log(`${tally.worlds - tally.failed.length} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

/**
 * @param {number} seed
 * @param {{ words: string, tail: readonly string[] }} failure
 */
function tell(seed, { words, tail }) {
  for (const line of tail) console.log(line);
  console.log(`seed ${seed}: ${words}`);
  console.log(`again: npm run simulate -- --seed ${seed}`);
}

async function work() {
  const { simulate, mediaBytes } = await import(pathToFileURL(workerData.bundle).href);
  const bytes = mediaBytes(media());
  parentPort?.on('message', async (seed) => {
    parentPort?.postMessage(await simulate(seed, bytes));
  });
}
