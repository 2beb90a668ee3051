import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { addressOf, claimInstance } from './single-instance.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'holdfast-instance-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('the second is told that it is, and the first that there was one', async () => {
  const onSecond = vi.fn();
  const first = await claimInstance(folder, onSecond);
  expect(first.kind).toBe('first');
  expect((await claimInstance(folder, () => {})).kind).toBe('second');
  await expect.poll(() => onSecond.mock.calls.length).toBe(1);
  if (first.kind === 'first') await first.release();
});

test('after the first has ended the next is the first', async () => {
  const first = await claimInstance(folder, () => {});
  if (first.kind === 'first') await first.release();
  const next = await claimInstance(folder, () => {});
  expect(next.kind).toBe('first');
  if (next.kind === 'first') await next.release();
});

test.skipIf(process.platform === 'win32')('a socket that a killed process left is no instance', async () => {
  const address = addressOf(folder, process.platform);
  const script = `require('net').createServer().listen(${JSON.stringify(address)}, () => process.kill(process.pid, 'SIGKILL'))`;
  spawnSync(process.execPath, ['-e', script]);
  expect(existsSync(address)).toBe(true);
  const next = await claimInstance(folder, () => {});
  expect(next.kind).toBe('first');
  if (next.kind === 'first') await next.release();
});

test('a folder with a long name has an address that a socket can have', () => {
  const long = path.join('/', 'x'.repeat(200));
  expect(addressOf(long, 'linux').length).toBeLessThanOrEqual(100);
  expect(addressOf(long, 'linux')).not.toBe(addressOf(`${long}y`, 'linux'));
});
