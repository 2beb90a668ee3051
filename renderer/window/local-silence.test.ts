import { beforeEach, expect, it } from 'vitest';
import type { AlarmReport } from '../../shared/alarms/alarm.ts';
import type { ListeningTile } from '../../shared/selector/local-silence.ts';
import { type FakeTile, showingFirst } from '../../shared/selector/testing/fake-tile.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { LocalSilence } from './local-silence.ts';

let clock: FakeClock;
let tiles: readonly FakeTile[];
let told: AlarmReport[];
let network: () => Promise<'up' | 'none'>;
let silence: LocalSilence;
let removals: (() => void)[];

beforeEach(() => {
  clock = new FakeClock();
  told = [];
  network = async () => 'up';
  silence = new LocalSilence({ clock, alarm: (report) => told.push(report), network: () => network() });
  tiles = [1, 2].map(() => showingFirst(['north/main', 'south/main']));
  removals = tiles.map((tile) => silence.add(listening(tile)));
  silence.update();
  told.length = 0;
});

function listening(tile: FakeTile): ListeningTile {
  return { state: () => tile.state, latestOf: () => undefined };
}

function fallSilent(some = tiles): void {
  for (const tile of some) for (const id of ['north/main', 'south/main']) tile.fail(id, 'timeout');
  silence.update();
}

it('tells once, when the silence of all tiles has stood for a second', async () => {
  fallSilent();
  await clock.advance(999);
  expect(told).toEqual([]);
  await clock.advance(5000);
  silence.update();
  await clock.advance(5000);
  expect(told).toMatchObject([
    { transition: 'raised', alarm: 'local-network', place: null, stream: null, cause: null },
  ]);
});

it('says so where the workstation is in no network', async () => {
  network = async () => 'none';
  fallSilent();
  await clock.advance(1000);
  expect(told).toMatchObject([{ transition: 'raised', cause: 'no-network' }]);
});

it('tells as well where the host cannot say anything of the network', async () => {
  network = () => Promise.reject(new Error('the host is busy'));
  fallSilent();
  await clock.advance(1000);
  expect(told).toMatchObject([{ transition: 'raised', cause: null }]);
});

it('tells nothing while one tile hears a site', async () => {
  fallSilent(tiles.slice(1));
  await clock.advance(5000);
  expect(told).toEqual([]);
  expect(silence.covers()).toBe(false);
});

it('tells nothing of a silence that ended in time', async () => {
  fallSilent();
  expect(silence.covers()).toBe(true);
  tiles[1]?.observe({ type: 'proof', streamId: 'south/main', channel: 'playlist' });
  silence.update();
  await clock.advance(5000);
  expect(told).toEqual([]);
  expect(silence.covers()).toBe(false);
});

it('tells nothing that ended while the host was asked', async () => {
  let answer = (_network: 'up' | 'none'): void => {};
  network = () =>
    new Promise((resolve) => {
      answer = resolve;
    });
  fallSilent();
  await clock.advance(1000);
  tiles[1]?.observe({ type: 'proof', streamId: 'south/main', channel: 'playlist' });
  silence.update();
  answer('none');
  await clock.advance(1000);
  expect(told).toEqual([]);
});

it('is over with the first stream that lives again', async () => {
  fallSilent();
  await clock.advance(1000);
  tiles[1]?.observe({ type: 'proof', streamId: 'south/main', channel: 'playlist' });
  silence.update();
  silence.update();
  expect(told.slice(1)).toMatchObject([{ transition: 'returned', alarm: 'local-network', place: null }]);
});

it('gives the tiles time for their pictures when it is over', async () => {
  fallSilent();
  await clock.advance(1000);
  tiles[1]?.observe({ type: 'proof', streamId: 'south/main', channel: 'playlist' });
  silence.update();
  await clock.advance(4999);
  expect(silence.covers()).toBe(true);
  await clock.advance(1);
  expect(silence.covers()).toBe(false);
});

it('lasts while the window is out of sight, where nothing is heard either', async () => {
  fallSilent();
  await clock.advance(1000);
  for (const tile of tiles) tile.observe({ type: 'suspend' });
  silence.update();
  expect(told).toHaveLength(1);
  expect(silence.covers()).toBe(true);
});

it('ends an alarm that an earlier life of the window left', () => {
  const [tile] = tiles;
  const reloaded = new LocalSilence({ clock, alarm: (report) => told.push(report), network });
  if (tile !== undefined) reloaded.add(listening(tile));
  reloaded.update();
  expect(told).toMatchObject([{ transition: 'returned', alarm: 'local-network' }]);
});

it('ends it as well when its own first moments were silent', async () => {
  const [tile] = tiles;
  if (tile === undefined) throw new Error('there is no tile');
  const reloaded = new LocalSilence({ clock, alarm: (report) => told.push(report), network });
  for (const id of ['north/main', 'south/main']) tile.fail(id, 'timeout');
  reloaded.add(listening(tile));
  reloaded.update();
  await clock.advance(500);
  tile.observe({ type: 'proof', streamId: 'south/main', channel: 'playlist' });
  reloaded.update();
  expect(told).toMatchObject([{ transition: 'returned', alarm: 'local-network' }]);
});

it('waits no longer when all tiles are gone', async () => {
  fallSilent();
  for (const remove of removals) remove();
  expect(clock.pending()).toBe(0);
  await clock.advance(5000);
  expect(told).toEqual([]);
});
