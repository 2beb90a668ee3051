import { expect, test } from 'vitest';
import { publicConfig, streamsOf } from '../../shared/config/config.ts';
import { demoConfig } from './demo-config.ts';

const SITES = [
  { id: 'main', name: 'Main', baseUrl: 'http://127.0.0.1:20001' },
  { id: 'backup', name: 'Backup', baseUrl: 'http://127.0.0.1:20002' },
];
const config = demoConfig(SITES, 'plain');

test('each of the nine cameras has a stream at both sites, the main one first', () => {
  expect(config.cameras.map((camera) => camera.number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  for (const camera of config.cameras)
    expect(streamsOf(publicConfig(config), camera, 'main').map(({ siteId, path }) => [siteId, path])).toEqual(
      [
        ['main', `${camera.id}/index.m3u8`],
        ['backup', `${camera.id}/index.m3u8`],
      ],
    );
});

test('the wall is full: every camera once in a 3x3 view', () => {
  const [wall] = config.views;
  expect([wall?.columns, wall?.rows]).toEqual([3, 3]);
  expect(wall?.cells).toEqual(config.cameras.map((camera) => camera.id));
});

test('a restored site is returned to by itself, soon enough to be noticed', () => {
  expect(config.policies.failback).toMatchObject({ mode: 'automatic', stableMs: 10_000 });
});

test('with low latency every stream of both sites is another one', () => {
  const low = demoConfig(SITES, 'low');
  for (const camera of low.cameras)
    expect(streamsOf(publicConfig(low), camera, 'main').map(({ path }) => path)).toEqual([
      `${camera.id}/low-latency/index.m3u8`,
      `${camera.id}/low-latency/index.m3u8`,
    ]);
});
