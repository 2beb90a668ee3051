import { expect, test } from 'vitest';
import { multivariantPlaylist } from './multivariant.ts';

const SITES = ['http://one/index.m3u8', 'http://two/index.m3u8'];

function bandwidths(text: string): number[] {
  return [...text.matchAll(/BANDWIDTH=(\d+)/g)].map(([, value]) => Number(value));
}

test('sites of equal rank differ in nothing but their address', () => {
  const lines = multivariantPlaylist(SITES, 'equal').split('\n');
  const [one, two] = lines.filter((line) => line.startsWith('#EXT-X-STREAM-INF'));
  expect(one).toBe(two);
  expect(lines.filter((line) => line.startsWith('http'))).toEqual(SITES);
});

test('a preferred site has more bandwidth than the next', () => {
  const [first = 0, second = 0] = bandwidths(multivariantPlaylist(SITES, 'preferred'));
  expect(first).toBeGreaterThan(second);
});
