import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { configSchema, streamsOf } from '../shared/config/config.ts';

const text = readFileSync(new URL('example-config.json', import.meta.url), 'utf8');
const read = (file: string): string => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');

/** The first JSON that a document shows. */
function jsonIn(document: string): unknown {
  const [, shown = 'null'] = /```json\n([^`]*)```/.exec(read(document)) ?? [];
  return JSON.parse(shown);
}

test('the example configuration is a valid one, with a second site for every camera', () => {
  const config = configSchema.parse(JSON.parse(text));
  const sitesPerCamera = config.cameras.map(
    (camera) => new Set(streamsOf(config, camera, 'main').map((stream) => stream.siteId)).size,
  );
  expect(sitesPerCamera).toEqual([2, 2, 2]);
});

test('shared/config/README.md shows that very configuration', () => {
  expect(jsonIn('shared/config/README.md')).toEqual(JSON.parse(text));
});

test('the small configuration in README.md is a valid one, with two sites for its camera', () => {
  const config = configSchema.parse(jsonIn('README.md'));
  expect(config.cameras.map((camera) => streamsOf(config, camera, 'main').map(({ path }) => path))).toEqual([
    ['gate-1/index.m3u8', 'gate-1.m3u8'],
  ]);
});
