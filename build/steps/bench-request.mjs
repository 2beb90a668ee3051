// @ts-check
import { SetUpError } from './command.mjs';

/** In the order in which they run. @type {readonly ['engine', 'gap']} */
export const SUITES = ['engine', 'gap'];

export const BENCH_HELP = `npm run bench [-- SUITE [options]]: without a suite all of them, as they are by default

  engine   steps of the stream selector, in plain Node (options are vitest's)
  gap      how long a tile is without a new picture when a site fails, in the real window (gap --help)
`;

/**
 * @typedef {{ kind: 'help' } | { kind: 'run', suites: readonly ('engine' | 'gap')[], options: readonly string[] }} BenchRequest
 */

/**
 * @param {readonly string[]} args
 * @returns {BenchRequest}
 * @throws {SetUpError} For a suite that there is not, and for options without one.
 */
export function benchRequest(args) {
  const [name, ...options] = args;
  if (name === undefined) return { kind: 'run', suites: SUITES, options: [] };
  if (name === '--help' || name === '-h') return { kind: 'help' };
  const suite = SUITES.find((known) => known === name);
  if (suite !== undefined) return { kind: 'run', suites: [suite], options };
  throw new SetUpError(
    name.startsWith('-')
      ? `${name} belongs behind the name of a benchmark: npm run bench -- gap ${args.join(' ')}`
      : `there is no benchmark "${name}"; there are ${SUITES.join(' and ')}`,
  );
}
