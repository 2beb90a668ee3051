import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SCREENSHOTS_KEPT, writeScreenshot } from './screenshots.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'holdfast-screens-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const at = (second: number): Date => new Date(Date.UTC(2026, 0, 2, 3, 4, second));

test('makes the folder and names the file by the time it was taken', async () => {
  const file = await writeScreenshot(path.join(folder, 'new', 'one'), new Uint8Array([1, 2]), at(5));
  expect(path.basename(file)).toBe('holdfast-20260102T030405000Z.png');
  expect([...(await readFile(file))]).toEqual([1, 2]);
});

test('keeps the latest and leaves the files of others alone', async () => {
  await writeFile(path.join(folder, 'aaa.png'), 'not ours');
  for (let second = 0; second < SCREENSHOTS_KEPT + 3; second += 1)
    await writeScreenshot(folder, new Uint8Array([second]), at(second));
  const names = (await readdir(folder)).sort();
  expect(names).toHaveLength(SCREENSHOTS_KEPT + 1);
  expect(names[0]).toBe('aaa.png');
  expect(names[1]).toBe('holdfast-20260102T030403000Z.png');
  expect(names.at(-1)).toBe('holdfast-20260102T030422000Z.png');
});
