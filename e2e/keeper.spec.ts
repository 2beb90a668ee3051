import path from 'node:path';
import { expect, test } from '@playwright/test';
import { expectKept, expectSecretKept, type KeptStart, startKeptHoldfast } from './support/kept-start.ts';
import { PROJECT, requireDisplay } from './support/launch.ts';

/** The keeper of `npm start`; a package has the same one (package.spec.ts). */

test.describe.configure({ lock: '-exclusive-' });

let start: KeptStart;

test.beforeEach(async () => {
  // biome-ignore lint/suspicious/noSkippedTests: other systems show processes and their memory in other ways
  test.skip(process.platform !== 'linux', 'it reads /proc, which only Linux has');
  requireDisplay();
  start = await startKeptHoldfast([
    process.execPath,
    path.join(PROJECT, 'build', 'start.mjs'),
    '--shell',
    'electron',
  ]);
});
test.afterEach(async () => {
  await start?.end();
});

test('a viewer that is killed three times comes back each time, and a notice says so', async () => {
  test.setTimeout(240_000);
  await expectKept(start, 3);
  expect(start.output()).toContain('Holdfast ended unexpectedly; starting it again in 1 s');
  expect(start.output()).toMatch(/warning: Holdfast ended unexpectedly shortly after \d\d:\d\d:\d\d/);
});

test("no process of Electron's but the first one has a secret of the environment in its memory", async () => {
  await expectSecretKept(start);
});

test('a signal to the keeper ends it in order', async () => {
  await start.viewerId();
  expect(await start.end()).toBe(0);
});
