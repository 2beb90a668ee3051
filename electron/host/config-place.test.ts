import path from 'node:path';
import { expect, test } from 'vitest';
import { placeOfConfig } from './config-place.ts';

test('without a given file the configuration is in the user data folder', () => {
  expect(placeOfConfig('/data', null)).toEqual({
    whose: 'own',
    file: path.join('/data', 'config.json'),
    historyFolder: path.join('/data', 'config-history'),
  });
});

test('two given files of the same name have separate histories', () => {
  const [one, other] = ['/a/wall.json', '/b/wall.json'].map((file) => placeOfConfig('/data', file));
  expect(one?.file).toBe('/a/wall.json');
  expect(path.dirname(one?.historyFolder ?? '')).toBe(path.join('/data', 'config-history'));
  expect(one?.historyFolder).not.toBe(other?.historyFolder);
});
