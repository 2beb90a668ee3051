import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { configSchema, streamsOf } from '../shared/config/config.ts';

const text = readFileSync(new URL('example-config.json', import.meta.url), 'utf8');
const readme = readFileSync(new URL('../shared/config/README.md', import.meta.url), 'utf8');

test('the example configuration is a valid one, with a second site for every camera', () => {
  const config = configSchema.parse(JSON.parse(text));
  const sitesPerCamera = config.cameras.map(
    (camera) => new Set(streamsOf(config, camera, 'main').map((stream) => stream.siteId)).size,
  );
  expect(sitesPerCamera).toEqual([2, 2, 2]);
});

test('shared/config/README.md shows that very configuration', () => {
  const [, shown] = /```json\n([^`]*)```/.exec(readme) ?? [];
  expect(JSON.parse(shown ?? 'null')).toEqual(JSON.parse(text));
});
