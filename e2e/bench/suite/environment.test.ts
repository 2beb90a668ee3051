import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { readCommit } from './environment.ts';

test('a copy without a repository has no commit', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-no-repository-'));
  try {
    expect(readCommit(folder)).toEqual({ commit: null, tree: 'unknown' });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a folder within a repository does not pass for it', () => {
  expect(readCommit(import.meta.dirname)).toEqual({ commit: null, tree: 'unknown' });
});
