import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { digestOf } from './built-files.mjs';

let root = '';
const digest = (): string => digestOf(root, ['electron', 'package.json', 'absent']);

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'holdfast-digest-'));
  mkdirSync(join(root, 'electron'));
  writeFileSync(join(root, 'electron', 'main.ts'), 'one');
  writeFileSync(join(root, 'package.json'), '{}');
});
afterEach(() => rmSync(root, { recursive: true }));

test('the same sources are not built again, whenever they were written', () => {
  const before = digest();
  writeFileSync(join(root, 'electron', 'main.ts'), 'one');
  expect(digest()).toBe(before);
});

test.each([
  ['another content', () => writeFileSync(join(root, 'electron', 'main.ts'), 'two')],
  ['a new file', () => writeFileSync(join(root, 'electron', 'menu.ts'), '')],
  ['another name', () => renameSync(join(root, 'electron', 'main.ts'), join(root, 'electron', 'start.ts'))],
])('%s is built', (_change, apply) => {
  const before = digest();
  apply();
  expect(digest()).not.toBe(before);
});

test('a test is not', () => {
  const before = digest();
  writeFileSync(join(root, 'electron', 'main.test.ts'), 'one');
  expect(digest()).toBe(before);
});
