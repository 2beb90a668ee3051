import { existsSync } from 'node:fs';
import { mkdtemp, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { VirtualClock } from '../../shared/testing/virtual-clock.ts';
import { endNotice, openRunRecord, type RunRecord, readConfigInUse, SIGN_OF_LIFE_MS } from './run-record.ts';

let folder = '';
let file = '';
let logged: string[] = [];
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'holdfast-run-'));
  file = path.join(folder, 'running.json');
  logged = [];
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const inUse = { kind: 'given', file: '/etc/wall.json' } as const;

const open = (clock = new VirtualClock()): RunRecord =>
  openRunRecord({ file, pid: 42, inUse, log: (message) => logged.push(message), clock });

const AT = new Date('2026-03-04T05:06:07Z');

test('the first run has nothing to report', () => {
  expect(open().previousEnd).toBeNull();
});

test('a run that ended in order leaves nothing behind', () => {
  open().endInOrder();
  expect(existsSync(file)).toBe(false);
  expect(open().previousEnd).toBeNull();
});

test('a run that was killed ended after its last sign of life', async () => {
  open();
  await utimes(file, AT, AT);
  expect(open().previousEnd).toEqual({ at: AT, known: 'last-sign' });
});

test('a run that recorded its own end is believed', () => {
  open().endUnexpectedly(AT);
  expect(open().previousEnd).toEqual({ at: AT, known: 'exactly' });
});

test('a torn file still shows that there was an unexpected end', async () => {
  await writeFile(file, '{"pid":');
  await utimes(file, AT, AT);
  expect(open().previousEnd).toEqual({ at: AT, known: 'last-sign' });
});

test('a second start reads the configuration of the run', async () => {
  expect(readConfigInUse(file)).toBeNull();
  const run = open();
  expect(readConfigInUse(file)).toEqual(inUse);
  await writeFile(file, '{"pid":');
  expect(readConfigInUse(file)).toBeNull();
  // A file of a release that recorded no configuration.
  await writeFile(file, '{"pid":42}');
  expect(readConfigInUse(file)).toBeNull();
  run.endInOrder();
});

test('signs of life go on through the run and end with it', async () => {
  const clock = new VirtualClock();
  const run = open(clock);
  for (let round = 0; round < 2; round += 1) {
    await utimes(file, AT, AT);
    clock.tick(SIGN_OF_LIFE_MS);
    expect((await stat(file)).mtime.getTime()).toBeGreaterThan(AT.getTime());
  }
  run.endInOrder();
  expect(clock.pending()).toBe(0);
});

test('a folder that cannot be written causes one log line and does not stop the start', async () => {
  await writeFile(path.join(folder, 'blocked'), '');
  const run = openRunRecord({
    file: path.join(folder, 'blocked', 'running.json'),
    pid: 42,
    inUse,
    log: (message) => logged.push(message),
    clock: new VirtualClock(),
  });
  expect(run.previousEnd).toBeNull();
  expect(logged).toHaveLength(1);
});

describe('the notice', () => {
  const at = new Date(2026, 2, 4, 14, 3, 12);

  test('gives the time to the second', () => {
    const now = new Date(2026, 2, 4, 14, 3, 15);
    expect(endNotice({ at, known: 'exactly' }, now)).toBe(
      'Holdfast ended unexpectedly at 14:03:12 and was started again.',
    );
  });

  test('claims no more than is known', () => {
    const now = new Date(2026, 2, 4, 15, 0, 0);
    expect(endNotice({ at, known: 'last-sign' }, now)).toBe(
      'Holdfast ended unexpectedly shortly after 14:03:12 and was started again.',
    );
  });

  test('names the day when it was another one', () => {
    const now = new Date(2026, 2, 5, 8, 0, 0);
    expect(endNotice({ at, known: 'exactly' }, now)).toBe(
      'Holdfast ended unexpectedly at 14:03:12 on 4 March 2026 and was started again.',
    );
  });
});
