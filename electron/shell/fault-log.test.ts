import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { appendFault } from './fault-log.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'holdfast-faults-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const AT = new Date('2026-03-04T05:06:07.008Z');

test('errors are kept with their time, the release and their stack, one after the other', async () => {
  const file = path.join(folder, 'new', 'errors.log');
  expect(appendFault(file, new Error('first'), AT, '1.2.3')).toBeNull();
  expect(appendFault(file, 'second', AT, '1.2.3')).toBeNull();
  const text = await readFile(file, 'utf8');
  expect(text).toMatch(/^2026-03-04T05:06:07\.008Z Holdfast 1\.2\.3\nError: first\n {4}at /);
  expect(text).toMatch(/\n\n2026-03-04T05:06:07\.008Z Holdfast 1\.2\.3\nsecond\n\n$/);
});

test('a large file is renamed, and a new one begins', async () => {
  const file = path.join(folder, 'errors.log');
  await writeFile(file, 'x'.repeat(1_000_001));
  appendFault(file, 'new', AT, '1.2.3');
  expect((await stat(`${file}.old`)).size).toBe(1_000_001);
  expect(await readFile(file, 'utf8')).toContain('new');
});

test('a file that cannot be written is reported, not thrown', () => {
  expect(appendFault(folder, 'lost', AT, '1.2.3')).toContain('EISDIR');
});
