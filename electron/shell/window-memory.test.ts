import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { VirtualClock } from '../../shared/testing/virtual-clock.ts';
import { openWindowMemory, type WindowMemory } from './window-memory.ts';
import type { WindowPlace } from './window-placement.ts';

const PLACE: WindowPlace = {
  bounds: { x: -1900, y: 20, width: 1200, height: 800 },
  state: 'maximised',
  monitor: { id: 77, bounds: { x: -1920, y: 0, width: 1920, height: 1080 } },
};

let folder = '';
let file = '';
let logged: string[] = [];
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'holdfast-windows-'));
  file = path.join(folder, 'windows.json');
  logged = [];
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const open = (clock = new VirtualClock()): Promise<WindowMemory> =>
  openWindowMemory({ file, log: (message) => logged.push(message), clock });

test('knows nothing at the first start, and logs nothing about it', async () => {
  expect((await open()).recall('viewer')).toBeNull();
  expect(logged).toEqual([]);
});

test('recalls each window by its name after a restart', async () => {
  const memory = await open();
  memory.remember('viewer', { place: PLACE, shown: '#view=gates' });
  memory.remember('settings', { place: { ...PLACE, state: 'normal' } });
  await memory.flush();
  const again = await open();
  expect(again.recall('viewer')).toEqual({ place: PLACE, shown: '#view=gates' });
  expect(again.recall('settings')).toEqual({ place: { ...PLACE, state: 'normal' }, shown: '' });
});

test('keeps what a change leaves out', async () => {
  const memory = await open();
  memory.remember('viewer', { place: PLACE });
  memory.remember('viewer', { shown: '#view=gates' });
  expect(memory.recall('viewer')).toEqual({ place: PLACE, shown: '#view=gates' });
});

test('writes once the window has stopped moving, as a whole file and nothing beside it', async () => {
  const clock = new VirtualClock();
  const memory = await open(clock);
  for (let x = 0; x < 5; x += 1) {
    memory.remember('viewer', { place: { ...PLACE, bounds: { ...PLACE.bounds, x } } });
    clock.tick(100);
  }
  expect(await readdir(folder)).toEqual([]);
  clock.tick(500);
  await memory.flush();
  expect(await readdir(folder)).toEqual(['windows.json']);
  expect(JSON.parse(await readFile(file, 'utf8')).windows.viewer.place.bounds.x).toBe(4);
});

test('does not write again what has not changed', async () => {
  const clock = new VirtualClock();
  const memory = await open(clock);
  memory.remember('viewer', { place: PLACE });
  await memory.flush();
  memory.remember('viewer', { place: { ...PLACE } });
  expect(clock.pending()).toBe(0);
});

test.each([
  ['cut off', '{"version":1,"windows":{"vie'],
  ['of another release', '{"version":2,"windows":{}}'],
  [
    'absurd',
    JSON.stringify({ version: 1, windows: { viewer: { place: { ...PLACE, bounds: {} }, shown: '' } } }),
  ],
])('logs a file that is %s in one line, and the windows open at their defaults', async (_, text) => {
  await writeFile(file, text);
  expect((await open()).recall('viewer')).toBeNull();
  expect(logged).toHaveLength(1);
  expect(logged[0]).toContain(`${file} is damaged`);
  expect(logged[0]).not.toContain('\n');
});

test('logs a folder that cannot be written once, and still knows the windows', async () => {
  const memory = await open();
  await rm(folder, { recursive: true });
  for (const shown of ['#view=a', '#view=b']) {
    memory.remember('viewer', { shown });
    await memory.flush();
  }
  expect(memory.recall('viewer')?.shown).toBe('#view=b');
  expect(logged).toHaveLength(1);
});

test('takes a fragment that is too long for an empty one', async () => {
  const memory = await open();
  memory.remember('viewer', { place: PLACE, shown: `#${'x'.repeat(600)}` });
  await memory.flush();
  expect((await open()).recall('viewer')).toEqual({ place: PLACE, shown: '' });
  expect(logged).toEqual([]);
});
