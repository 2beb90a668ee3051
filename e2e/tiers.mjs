// @ts-check

/** The tag of the tests that `npm test` runs of a spec file whose other tests only `npm run test:full` runs. */
export const CORE_TAG = '@core';

/**
 * What `npm test` runs of each spec file. These are the tests that a change breaks most likely, and they take a few minutes
 * together; `npm run test:full` runs all tests.
 *
 * @type {Readonly<Record<string, 'all' | 'tagged' | 'none'>>} `tagged`: the tests with the tag {@link CORE_TAG}
 */
export const CORE = {
  'alarms.spec.ts': 'all',
  'black-hole-address.spec.ts': 'none',
  'cable.spec.ts': 'none',
  'chromium.spec.ts': 'tagged',
  'coming-and-going.spec.ts': 'none',
  'config.spec.ts': 'all',
  'demo-latency.spec.ts': 'none',
  'failover.spec.ts': 'tagged',
  'faults.spec.ts': 'tagged',
  'field.spec.ts': 'tagged',
  'frozen.spec.ts': 'none',
  'hostile-sites.spec.ts': 'tagged',
  'hung-name.spec.ts': 'none',
  'inner-addresses.spec.ts': 'all',
  'keeper.spec.ts': 'none',
  'local-faults.spec.ts': 'none',
  'local-network.spec.ts': 'all',
  'lost-segment.spec.ts': 'none',
  'moved-name.spec.ts': 'none',
  'origin-streams.spec.ts': 'none',
  'package.spec.ts': 'none',
  'partial-outage.spec.ts': 'none',
  'real-input.spec.ts': 'none',
  'real-servers.spec.ts': 'none',
  'rig.spec.ts': 'all',
  'security.spec.ts': 'all',
  'session-login.spec.ts': 'none',
  'settings.spec.ts': 'all',
  'shell.spec.ts': 'all',
  'start.spec.ts': 'tagged',
  'thin-link.spec.ts': 'none',
  'windows.spec.ts': 'tagged',
};

/** What selects the tests of `npm test`. Playwright compares it with a test's file, titles and tags. */
export const CORE_PATTERN = [
  `${CORE_TAG}\\b`,
  ...Object.keys(CORE)
    .filter((file) => CORE[file] === 'all')
    .map((file) => `\\b${file.replaceAll('.', '\\.')} `),
].join('|');
