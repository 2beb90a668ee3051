import { expect, it } from 'vitest';
import { acknowledgeAlarms } from '../../shared/alarms/alarm-list.ts';
import { FakeWall } from '../testing/fake-wall.ts';

const STABLE = { failback: { mode: 'automatic', stableMs: 10_000, allowedLagMs: 3000 } } as const;

async function playing(...args: ConstructorParameters<typeof FakeWall>): Promise<FakeWall> {
  const wall = new FakeWall(...args);
  wall.start();
  await wall.clock.advance(5000);
  return wall;
}

it('reports that it changed over, and that it is back on its first site', async () => {
  const wall = await playing(STABLE);
  wall.site('main').fault = { kind: 'fails', cause: 'refused' };
  await wall.clock.advance(5000);
  expect(wall.alarmList).toMatchObject([
    {
      alarm: 'changed-over',
      state: 'unacknowledged',
      stream: 'main/main',
      shown: 'backup/main',
      cause: 'refused',
    },
    { alarm: 'no-redundancy', state: 'unacknowledged', stream: 'main/main', cause: 'refused' },
  ]);
  wall.site('main').fault = { kind: 'none' };
  await wall.clock.advance(40_000);
  expect(wall.engine.snapshot().site?.id).toBe('main');
  expect(wall.alarmList.find(({ alarm }) => alarm === 'changed-over')).toMatchObject({
    state: 'returned-unacknowledged',
    stream: 'main/main',
    shown: 'main/main',
    count: 1,
  });
  wall.stop();
});

it('raises no alarm a second time when it starts anew', async () => {
  const wall = await playing(STABLE);
  wall.site('main').fault = { kind: 'fails', cause: 'refused' };
  await wall.clock.advance(5000);
  wall.alarmList = acknowledgeAlarms(wall.alarmList, wall.alarmList, {
    time: '2031-04-09T14:00:00.000Z',
    by: 'anna',
  }).alarms;
  const before = wall.alarmList;
  wall.stop();
  wall.start();
  await wall.clock.advance(8000);
  expect(wall.engine.snapshot()).toMatchObject({ site: { id: 'backup' }, redundancy: 'none' });
  expect(wall.alarmList).toEqual(before);
  wall.stop();
});

it('ends an alarm whose reason ended while the tile did not watch', async () => {
  const wall = await playing(STABLE);
  wall.site('main').fault = { kind: 'fails', cause: 'refused' };
  await wall.clock.advance(5000);
  wall.stop();
  wall.site('main').fault = { kind: 'none' };
  wall.start();
  await wall.clock.advance(8000);
  expect(wall.engine.snapshot()).toMatchObject({ site: { id: 'main' }, redundancy: 'ok' });
  expect(wall.alarmList.map(({ state }) => state)).toEqual([
    'returned-unacknowledged',
    'returned-unacknowledged',
  ]);
  wall.stop();
});

it('reports a second change although it is not back from the first', async () => {
  const wall = await playing(STABLE, ['main', 'backup', 'third']);
  wall.site('main').fault = { kind: 'fails', cause: 'refused' };
  await wall.clock.advance(5000);
  wall.site('backup').fault = { kind: 'fails', cause: 'http-503' };
  await wall.clock.advance(5000);
  expect(wall.alarmList.find(({ alarm }) => alarm === 'changed-over')).toMatchObject({
    count: 2,
    stream: 'backup/main',
    shown: 'third/main',
    cause: 'http-503',
  });
  wall.stop();
});

it('raises nothing for a change that the operator wanted', async () => {
  const wall = await playing(STABLE);
  wall.edit((config) => ({ ...config, sites: [...config.sites].reverse() }));
  await wall.clock.advance(20_000);
  expect(wall.engine.snapshot().site?.id).toBe('backup');
  expect(wall.alarmList).toEqual([]);
  wall.stop();
});

it('reports lost redundancy only after a moment, with alarm and badge at the same time', async () => {
  const wall = await playing(STABLE);
  wall.site('backup').fault = { kind: 'fails', cause: 'refused' };
  const isLost = (): boolean => wall.engine.snapshot().streams.some(({ state }) => state === 'lost');
  while (!isLost()) await wall.clock.advance(50);
  await wall.clock.advance(1000);
  expect(wall.alarms()).toEqual([]);
  expect(wall.engine.snapshot()).toMatchObject({ redundancy: 'unknown', words: null });
  await wall.clock.advance(1000);
  expect(wall.alarms()).toEqual(['no-redundancy']);
  expect(wall.engine.snapshot()).toMatchObject({
    redundancy: 'none',
    words: 'No standby: Backup refused the connection',
  });
  wall.stop();
});

it('reports a standby that comes and goes twice, and no more', async () => {
  const wall = await playing(STABLE);
  for (let turn = 0; turn < 10; turn += 1) {
    wall.site('backup').fault = { kind: 'fails', cause: 'refused' };
    await wall.clock.advance(5000);
    expect(wall.engine.snapshot().redundancy).toBe('none');
    wall.site('backup').fault = { kind: 'none' };
    await wall.clock.advance(20_000);
    expect(wall.engine.snapshot().redundancy).toBe('ok');
  }
  expect(wall.alarms()).toEqual(['no-redundancy', 'redundancy-restored', 'no-redundancy']);
  expect(wall.alarmList).toMatchObject([{ comesAndGoes: { turns: 10 } }]);
  wall.stop();
});

it('reports that all tiles are silent on all sites once, for the window, and holds the picture', async () => {
  const wall = await playing(STABLE);
  for (const id of ['main', 'backup']) wall.site(id).fault = { kind: 'hang' };
  wall.network = 'none';
  await wall.clock.advance(20_000);
  expect(wall.alarmList).toMatchObject([
    { id: 'local-network', state: 'unacknowledged', place: null, cause: 'no-network', count: 1 },
  ]);
  expect(wall.engine.snapshot()).toMatchObject({ phase: 'holding', hasPicture: true });
  expect(wall.engine.snapshot().words).toBe('No video: Main and Backup did not answer');
  for (const id of ['main', 'backup']) wall.site(id).fault = { kind: 'none' };
  await wall.clock.advance(30_000);
  expect(wall.engine.snapshot()).toMatchObject({ phase: 'showing', site: { id: 'main' } });
  expect(wall.alarms().slice(0, 2)).toEqual(['local-network', 'local-network-restored']);
  expect(wall.alarms()).not.toContain('no-video');
  expect(wall.alarmList[0]).toMatchObject({ id: 'local-network', state: 'returned-unacknowledged' });
  wall.stop();
});

it('reports a tile that stays without video when another tile’s stream answers again', async () => {
  const wall = await playing(STABLE);
  for (const id of ['main', 'backup']) wall.site(id).fault = { kind: 'hang' };
  await wall.clock.advance(10_000);
  // The network is back, but its sites are not well.
  for (const id of ['main', 'backup'])
    wall.site(id).fault = { kind: 'fails', cause: 'http-503', only: 'media' };
  await wall.clock.advance(10_000);
  expect(wall.engine.snapshot().phase).toBe('holding');
  expect(wall.alarms()).toEqual(['local-network', 'local-network-restored', 'no-video']);
  wall.stop();
});

it('does not report silence when both sites answer with a stalled playlist', async () => {
  const wall = await playing(STABLE);
  for (const id of ['main', 'backup']) wall.site(id).fault = { kind: 'frozen', atSequence: 104 };
  await wall.clock.advance(20_000);
  expect(wall.engine.snapshot().phase).toBe('holding');
  expect(wall.alarms()).not.toContain('local-network');
  expect(wall.alarms()).toContain('no-video');
  wall.stop();
});

it('adds the gateway’s words to the lines of the journal', async () => {
  const wall = await playing(STABLE);
  const words = 'the certificate of Main has expired';
  wall.site('main').fault = { kind: 'fails', cause: 'tls-expired', words };
  await wall.clock.advance(8000);
  expect(wall.journal.slice(1)).toMatchObject([
    { kind: 'alarm', alarm: 'changed-over', stream: 'main/main', cause: 'tls-expired', words },
    { kind: 'change', from: 'main/main', to: 'backup/main', cause: 'tls-expired', words },
    { kind: 'alarm', alarm: 'no-redundancy', stream: 'main/main', cause: 'tls-expired', words },
  ]);
  wall.site('main').fault = { kind: 'none' };
  await wall.clock.advance(40_000);
  const later = wall.journal.slice(4);
  expect(later.map((entry) => ('alarm' in entry ? entry.alarm : entry.cause)).sort()).toEqual([
    'changed-back',
    'failback',
    'redundancy-restored',
  ]);
  for (const entry of later) expect(entry).not.toHaveProperty('words', expect.any(String));
  wall.stop();
});

it('adds the gateway’s reason to the line of a change, even when it came only after the connection was cut', async () => {
  const wall = await playing(STABLE);
  wall.site('main').fault = { kind: 'fails', cause: 'reset' };
  while (wall.engine.snapshot().site?.id === 'main') await wall.clock.advance(50);
  const words = 'Main showed another certificate than the pinned one (its SHA-256 is 5E:AA)';
  wall.site('main').fault = { kind: 'fails', cause: 'tls-pin', words };
  await wall.clock.advance(8000);
  expect(wall.changes().at(-1)).toMatchObject({ from: 'main/main', cause: 'reset', words });
  wall.stop();
});

it('does not repeat the cause in the words beside it', async () => {
  const wall = await playing(STABLE);
  wall.site('main').fault = { kind: 'fails', cause: 'refused', words: 'Main refused the connection' };
  await wall.clock.advance(8000);
  expect(wall.changes().at(-1)).toMatchObject({ from: 'main/main', cause: 'refused' });
  for (const entry of wall.journal) expect(entry).not.toHaveProperty('words', expect.any(String));
  wall.stop();
});

it('ignores a silence that came only while the tile was suspended', async () => {
  const wall = await playing(STABLE);
  for (const id of ['main', 'backup']) wall.site(id).fault = { kind: 'fails', cause: 'http-503' };
  await wall.clock.advance(10_000);
  expect(wall.alarms()).toContain('no-video');
  // The machine goes to sleep, and its network before it.
  wall.setSuspended(true);
  for (const id of ['main', 'backup']) wall.site(id).fault = { kind: 'hang' };
  await wall.clock.advance(30_000);
  for (const id of ['main', 'backup']) wall.site(id).fault = { kind: 'fails', cause: 'http-503' };
  wall.setSuspended(false);
  await wall.clock.advance(20_000);
  expect(wall.alarms()).not.toContain('local-network');
  wall.stop();
});
