// @ts-check
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT, toolEnvironment, toolNode } from './command.mjs';

/** @typedef {'passed' | 'failed' | 'timed-out'} Verdict */

/** Files that a copy needs beside shared/: they say how its tests are run and compiled. */
const CONFIGURATION = ['vitest.config.ts', 'tsconfig.json', 'package.json'];
/**
 * Options of vitest. Workers are threads, so that one that hangs ends with its process. A single test has no time limit, because
 * a slow test on a busy machine has not noticed the mutant: only a whole run times out. The cache is inside the copy, because the
 * copy's node_modules, where it would be, is the project's.
 */
const OPTIONS = [
  ...['run', '--bail', '1', '--maxWorkers', '1', '--pool', 'threads', '--cache', 'false'],
  ...['--fsModuleCachePath', 'module-cache', '--testTimeout', '0'],
];
const SELECTOR_TESTS = 'shared/selector/';

/** Vitest's arguments for each stage, from the quickest stage to the slowest. A mutant that passes one is tried in the next. */
const STAGES = [
  ['--exclude', '**/*.{properties,exhaustive}.test.ts', SELECTOR_TESTS],
  ['shared/selector/selector.properties.test.ts', 'shared/selector/selector.exhaustive.test.ts'],
];

/** A stage counts as hanging when it takes this many times its duration with the unchanged sources. */
const HANGS_FACTOR = 4;
/** A stage never counts as hanging before this time, in milliseconds. */
const HANGS_LEAST_MS = 20_000;

/**
 * Copies of shared/ in which the selector's tests run. There is one copy for each of the runs that are made at the same time.
 * The project's own sources are never changed.
 */
export class TestCopies {
  #folder = mkdtempSync(join(tmpdir(), 'holdfast-mutate-'));
  /** @type {string[]} */
  copies;
  /** Duration of each stage with the unchanged sources, ms. @type {number[]} */
  #baselineMs = [];

  /** @param {number} count */
  constructor(count) {
    this.copies = Array.from({ length: count }, (_, index) => {
      const copy = join(this.#folder, String(index));
      mkdirSync(copy);
      cpSync(join(ROOT, 'shared'), join(copy, 'shared'), { recursive: true });
      for (const file of CONFIGURATION) cpSync(join(ROOT, file), join(copy, file));
      symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'), 'junction');
      return copy;
    });
  }

  /**
   * Runs the tests on the unchanged sources, in all copies at the same time.
   *
   * @throws {Error} When they fail: a failure would then say nothing about a mutant.
   */
  async measureBaseline() {
    for (const [stage, args] of STAGES.entries()) {
      const startedAtMs = performance.now();
      const verdicts = await Promise.all(this.copies.map((copy) => runTests(copy, args, 600_000)));
      if (verdicts.some((verdict) => verdict !== 'passed'))
        throw new Error(`the tests of the unchanged selector fail: npx vitest run ${SELECTOR_TESTS}`);
      this.#baselineMs[stage] = performance.now() - startedAtMs;
    }
    return this.#baselineMs;
  }

  /**
   * @param {string} copy
   * @param {string} file Relative to the project's top folder.
   * @param {string} original
   * @param {string} changed
   * @returns {Promise<Verdict>} `passed`: the mutant survived all stages.
   */
  async verdictOn(copy, file, original, changed) {
    writeFileSync(join(copy, file), changed);
    try {
      for (const [stage, args] of STAGES.entries()) {
        const longestMs = Math.max(HANGS_LEAST_MS, HANGS_FACTOR * (this.#baselineMs[stage] ?? 0));
        const verdict = await runTests(copy, args, longestMs);
        if (verdict !== 'passed') return verdict;
      }
      return 'passed';
    } finally {
      writeFileSync(join(copy, file), original);
    }
  }

  dispose() {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/**
 * @param {string} copy
 * @param {readonly string[]} args
 * @param {number} longestMs
 * @returns {Promise<Verdict>}
 */
function runTests(copy, args, longestMs) {
  return new Promise((done, failed) => {
    const vitest = spawn(
      toolNode(),
      [join(ROOT, 'node_modules', 'vitest', 'vitest.mjs'), ...OPTIONS, ...args],
      { cwd: copy, env: toolEnvironment(), stdio: 'ignore' },
    );
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      vitest.kill('SIGKILL');
    }, longestMs);
    vitest.on('error', (error) => {
      clearTimeout(timer);
      failed(error);
    });
    vitest.on('exit', (code) => {
      clearTimeout(timer);
      done(timedOut ? 'timed-out' : code === 0 ? 'passed' : 'failed');
    });
  });
}
