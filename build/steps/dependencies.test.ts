import { expect, test } from 'vitest';
import { staleDependencies } from './dependencies.mjs';

const lock = {
  packages: {
    '': { version: '0.1.0' },
    'node_modules/zod': { version: '4.6.7' },
    'node_modules/vite': { version: '8.3.8' },
    'node_modules/other-platform': { version: '1.0.0', optional: true },
  },
};

test('what is installed as the lock says is left alone, other platforms’ packages included', () => {
  const installed = {
    packages: { 'node_modules/zod': { version: '4.6.7' }, 'node_modules/vite': { version: '8.3.8' } },
  };
  expect(staleDependencies(lock, installed)).toEqual([]);
});

test('a package of another version, and one that is missing, are stale', () => {
  const installed = { packages: { 'node_modules/zod': { version: '4.6.6' } } };
  expect(staleDependencies(lock, installed)).toEqual(['node_modules/zod', 'node_modules/vite']);
});

test('without an install, or after an interrupted one, everything is stale', () => {
  expect(staleDependencies(lock, undefined)).toEqual(['node_modules/zod', 'node_modules/vite']);
});
