import { beforeEach, expect, it } from 'vitest';
import type { AlarmReport } from '../../shared/alarms/alarm.ts';
import type { ListeningTile } from '../../shared/selector/local-silence.ts';
import { type FakeTile, showingFirst } from '../../shared/selector/testing/fake-tile.ts';
import { VirtualClock } from '../../shared/testing/virtual-clock.ts';
import { LocalSilence } from './local-silence.ts';

let clock: VirtualClock;
let tiles: readonly FakeTile[];
let reports: AlarmReport[];
let network: () => Promise<'up' | 'none'>;
let silence: LocalSilence;
let removals: (() => void)[];

beforeEach(() => {
  clock = new VirtualClock();
  reports = [];
  network = async () => 'up';
  silence = new LocalSilence({ clock, alarm: (report) => reports.push(report), network: () => network() });
  tiles = [1, 2].map(() => showingFirst(['north/main', 'south/main']));
  removals = tiles.map((tile) => silence.add(listening(tile)));
  silence.update();
  reports.length = 0;
});

function listening(tile: FakeTile): ListeningTile {
  return { state: () => tile.state, latestOf: () => undefined };
}

function fallSilent(some = tiles): void {
  for (const tile of some) for (const id of ['north/main', 'south/main']) tile.fail(id, 'timeout');
  silence.update();
}

it('raises one alarm when all tiles have been silent for a second', async () => {
  fallSilent();
  await clock.advance(999);
  expect(reports).toEqual([]);
  await clock.advance(5000);
  silence.update();
  await clock.advance(5000);
  expect(reports).toMatchObject([
    { transition: 'raised', alarm: 'local-network', place: null, stream: null, cause: null },
  ]);
});

it('adds that the workstation is in no network', async () => {
  network = async () => 'none';
  fallSilent();
  await clock.advance(1000);
  expect(reports).toMatchObject([{ transition: 'raised', cause: 'no-network' }]);
});

it('raises the alarm even where the host cannot report on the network', async () => {
  network = () => Promise.reject(new Error('the host is busy'));
  fallSilent();
  await clock.advance(1000);
  expect(reports).toMatchObject([{ transition: 'raised', cause: null }]);
});

it('raises nothing while one tile hears a site', async () => {
  fallSilent(tiles.slice(1));
  await clock.advance(5000);
  expect(reports).toEqual([]);
  expect(silence.covers()).toBe(false);
});

it('raises nothing for a silence that ended in time', async () => {
  fallSilent();
  expect(silence.covers()).toBe(true);
  tiles[1]?.observe({ type: 'proof', streamId: 'south/main', channel: 'playlist' });
  silence.update();
  await clock.advance(5000);
  expect(reports).toEqual([]);
  expect(silence.covers()).toBe(false);
});

it('raises nothing where the silence ended while the host was asked', async () => {
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
  expect(reports).toEqual([]);
});

it('ends with the first stream that is alive again', async () => {
  fallSilent();
  await clock.advance(1000);
  tiles[1]?.observe({ type: 'proof', streamId: 'south/main', channel: 'playlist' });
  silence.update();
  silence.update();
  expect(reports.slice(1)).toMatchObject([{ transition: 'returned', alarm: 'local-network', place: null }]);
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

it('lasts while the window is hidden, where nothing is heard either', async () => {
  fallSilent();
  await clock.advance(1000);
  for (const tile of tiles) tile.observe({ type: 'suspend' });
  silence.update();
  expect(reports).toHaveLength(1);
  expect(silence.covers()).toBe(true);
});

it('ends an alarm from before a reload of the window', () => {
  const [tile] = tiles;
  const reloaded = new LocalSilence({ clock, alarm: (report) => reports.push(report), network });
  if (tile !== undefined) reloaded.add(listening(tile));
  reloaded.update();
  expect(reports).toMatchObject([{ transition: 'returned', alarm: 'local-network' }]);
});

it('ends such an alarm even when its own first moments were silent', async () => {
  const [tile] = tiles;
  if (tile === undefined) throw new Error('there is no tile');
  const reloaded = new LocalSilence({ clock, alarm: (report) => reports.push(report), network });
  for (const id of ['north/main', 'south/main']) tile.fail(id, 'timeout');
  reloaded.add(listening(tile));
  reloaded.update();
  await clock.advance(500);
  tile.observe({ type: 'proof', streamId: 'south/main', channel: 'playlist' });
  reloaded.update();
  expect(reports).toMatchObject([{ transition: 'returned', alarm: 'local-network' }]);
});

it('stops waiting when all tiles are gone', async () => {
  fallSilent();
  for (const remove of removals) remove();
  expect(clock.pending()).toBe(0);
  await clock.advance(5000);
  expect(reports).toEqual([]);
});
