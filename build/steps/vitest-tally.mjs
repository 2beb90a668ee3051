// @ts-check
import { writeFileSync } from 'node:fs';
import { emptyTally } from './tally.mjs';

/** @typedef {import('vitest/node').Reporter} Reporter */

/**
 * A vitest reporter that writes a Tally as JSON into the file that HOLDFAST_TALLY_FILE names. Vitest's own JSON reporter does
 * not report why a test was skipped.
 *
 * @implements {Reporter}
 */
export default class TallyReporter {
  /**
   * @param {ReadonlyArray<import('vitest/node').TestModule>} modules
   * @param {ReadonlyArray<{ message: string }>} unhandledErrors
   */
  onTestRunEnd(modules, unhandledErrors) {
    const tally = emptyTally();
    for (const module of modules) {
      for (const error of module.errors()) tally.failed.push(`${module.relativeModuleId}: ${error.message}`);
      for (const suite of module.children.allSuites())
        for (const error of suite.errors())
          tally.failed.push(`${module.relativeModuleId} > ${suite.fullName}: ${error.message}`);
      for (const test of module.children.allTests()) {
        const result = test.result();
        const name = `${module.relativeModuleId} > ${test.fullName}`;
        if (result.state === 'passed') tally.passed += 1;
        else if (result.state === 'skipped')
          tally.skipped.push({ name, reason: result.note ?? 'no reason given' });
        else tally.failed.push(name);
      }
    }
    for (const error of unhandledErrors) tally.failed.push(`unhandled: ${error.message}`);
    const file = process.env.HOLDFAST_TALLY_FILE;
    if (file !== undefined) writeFileSync(file, JSON.stringify(tally));
  }
}
