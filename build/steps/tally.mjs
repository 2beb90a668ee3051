// @ts-check

/**
 * The results of a run of tests.
 *
 * @typedef {object} Tally
 * @property {number} passed
 * @property {string[]} failed Names.
 * @property {{ name: string, reason: string }[]} skipped
 *
 * @typedef {object} PlaywrightSuite The parts of Playwright's JSON report that are used here.
 * @property {string} title
 * @property {PlaywrightSuite[]} [suites]
 * @property {{ title: string, tests: PlaywrightTest[] }[]} [specs]
 *
 * @typedef {object} PlaywrightTest
 * @property {'expected' | 'unexpected' | 'flaky' | 'skipped'} status
 * @property {{ type: string, description?: string }[]} annotations
 *
 * @typedef {object} PlaywrightReport
 * @property {PlaywrightSuite[]} suites
 * @property {{ message?: string }[]} errors Errors outside of any test: a file that does not load, a failed global set-up.
 */

/** @returns {Tally} */
export function emptyTally() {
  return { passed: 0, failed: [], skipped: [] };
}

/**
 * @param {readonly Tally[]} tallies
 * @returns {Tally}
 */
export function sumOf(tallies) {
  return {
    passed: tallies.reduce((sum, tally) => sum + tally.passed, 0),
    failed: tallies.flatMap((tally) => tally.failed),
    skipped: tallies.flatMap((tally) => tally.skipped),
  };
}

/**
 * @param {PlaywrightReport} report
 * @returns {Tally} A test that passed only when it was repeated counts as failed: it cannot be relied on.
 */
export function tallyOfPlaywright(report) {
  const tally = emptyTally();
  for (const { name, test } of testsOf(report.suites)) {
    if (test.status === 'expected') tally.passed += 1;
    else if (test.status === 'skipped') tally.skipped.push({ name, reason: skipReason(test) });
    else tally.failed.push(test.status === 'flaky' ? `${name} (failed at first)` : name);
  }
  for (const error of report.errors) tally.failed.push(`e2e: ${firstLine(error.message)}`);
  return tally;
}

/**
 * @param {PlaywrightReport} listing Of `playwright test --list`: the tests that were not run.
 * @param {string} reason
 * @returns {Tally}
 */
export function tallyOfUnrun(listing, reason) {
  const tally = tallyOfPlaywright({ suites: [], errors: listing.errors });
  tally.skipped = testsOf(listing.suites).map(({ name }) => ({ name, reason }));
  return tally;
}

/**
 * The last line of `npm test` and `npm run test:full`.
 *
 * @param {Tally} tally
 */
export function closingLine(tally) {
  return `${tally.passed} passed, ${tally.failed.length} failed, ${tally.skipped.length} skipped`;
}

/**
 * @param {PlaywrightSuite[]} suites
 * @param {string[]} [within]
 * @returns {{ name: string, test: PlaywrightTest }[]}
 */
function testsOf(suites, within = []) {
  return suites.flatMap((suite) => {
    const path = [...within, suite.title];
    const own = (suite.specs ?? []).flatMap((spec) =>
      spec.tests.map((test) => ({ name: [...path, spec.title].join(' > '), test })),
    );
    return [...own, ...testsOf(suite.suites ?? [], path)];
  });
}

/** @param {PlaywrightTest} test */
function skipReason(test) {
  const said = test.annotations.find(({ type }) => type === 'skip' || type === 'fixme')?.description;
  return said ?? 'not run; an earlier failure or the end of the time kept it from starting';
}

/** @param {string | undefined} message */
function firstLine(message) {
  return message?.split('\n')[0] ?? 'failed without a message';
}
