// @ts-check
import { SetUpError } from './command.mjs';
import { shellChoice } from './shell-choice.mjs';

/**
 * The suites, in the order in which they run.
 *
 * @type {readonly ['engine', 'start', 'tax', 'steady', 'link', 'endurance', 'gap', 'peers']}
 */
export const SUITES = ['engine', 'start', 'tax', 'steady', 'link', 'endurance', 'gap', 'peers'];

/** @typedef {typeof SUITES[number]} SuiteName */

/**
 * Options of the suites in a run of all of them: they keep it within the time that {@link BENCH_HELP} promises.
 *
 * @type {Readonly<Partial<Record<SuiteName, readonly string[]>>>}
 */
const OPTIONS_AMONG_ALL = {
  start: ['--runs', '1'],
  tax: ['--only', '^(9|16)x/'],
  endurance: ['--only', '^back-and-forth$'],
  gap: ['--runs', '1', '--only', '/(refused|hang|freeze|bare-grid)$'],
};

export const BENCH_HELP = `npm run bench [-- SUITE [options]]: without a suite a quick run of each, the longest ones in part,
within 22 minutes; the figures that matter are put together in bench-results/summary.md

  gap        how long a tile is without a new picture when a site fails
  peers      the same beside the players that people use today
  tax        what Holdfast costs on top of a plain hls.js grid: pictures, CPU, memory
  steady     false changes, alarms and stalls while the sites are well
  link       what a wall makes of packets that are lost, and of a link that carries too little
  endurance  what grows while tiles change over, or the graphics process ends, again and again
  start      how long until there are pictures
  engine     the stream selector, the gateway, the main process's event loop

All are measured in the real window. Each has --quick, --full and others: npm run bench -- SUITE --help. gap is measured
in the Chromium shell as well, with --shell chromium or where Electron cannot be had.
`;

/**
 * @typedef {{ name: SuiteName, shell: import('./shell-choice.mjs').ShellChoice, options: readonly string[] }} SuiteCall
 * @typedef {{ kind: 'help' } | { kind: 'one' | 'all', suites: readonly SuiteCall[] }} BenchRequest
 */

/**
 * @param {readonly string[]} args
 * @returns {BenchRequest}
 * @throws {SetUpError} For an unknown suite or shell, and for options without a suite.
 */
export function benchRequest(args) {
  const [name, ...options] = args;
  if (name === undefined)
    return {
      kind: 'all',
      suites: SUITES.map((suite) => ({
        name: suite,
        shell: 'whichever',
        options: OPTIONS_AMONG_ALL[suite] ?? [],
      })),
    };
  if (name === '--help' || name === '-h') return { kind: 'help' };
  const suite = SUITES.find((known) => known === name);
  if (suite !== undefined) {
    const { shell, rest } = shellChoice(options);
    return { kind: 'one', suites: [{ name: suite, shell, options: rest }] };
  }
  throw new SetUpError(
    name.startsWith('-')
      ? `${name} belongs behind the name of a benchmark: npm run bench -- gap ${args.join(' ')}`
      : `there is no benchmark "${name}"; there are ${SUITES.join(', ')}`,
  );
}
