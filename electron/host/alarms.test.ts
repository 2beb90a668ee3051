import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AlarmReport } from '../../shared/alarms/alarm.ts';
import type { JournalEntry } from '../../shared/journal/journal-entry.ts';
import { VirtualClock } from '../../shared/testing/virtual-clock.ts';
import { type Alarms, openAlarms } from './alarms.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'holdfast-alarms-'));
  file = path.join(folder, 'alarms.json');
});
afterEach(() => rm(folder, { recursive: true }));

function host(changes: Partial<Parameters<typeof openAlarms>[0]> = {}) {
  const clock = new VirtualClock();
  const entries: JournalEntry[] = [];
  const onChanged = vi.fn();
  const log = vi.fn();
  const alarms = openAlarms({
    file,
    user: 'anna',
    onEntry: (entry) => entries.push(entry),
    onChanged,
    log,
    clock,
    epochMs: () => Date.UTC(2031, 3, 9, 14, 30),
    ...changes,
  });
  return { alarms, clock, entries, onChanged, log };
}

function raised(camera: string): AlarmReport {
  return {
    transition: 'raised',
    alarm: 'no-video',
    time: '2031-04-09T14:03:00.000Z',
    place: { view: 'Wall', tile: 1, camera },
    stream: 'main/sub',
    shown: null,
    cause: 'refused',
  };
}

const idsOf = (alarms: Alarms): string[] => alarms.list().map(({ id }) => id);

describe('the alarms', () => {
  it('survive a restart until they are acknowledged', async () => {
    const first = host().alarms;
    await first.use('demo', ['gate', 'quay']);
    first.report(raised('gate'));
    first.report(raised('quay'));
    await first.close();

    const second = host().alarms;
    await second.use('demo', ['gate', 'quay']);
    expect(idsOf(second)).toEqual(['no-video gate', 'no-video quay']);
    second.report({ ...raised('gate'), transition: 'returned' } as AlarmReport);
    second.acknowledge(second.list());
    expect(second.list()).toMatchObject([{ id: 'no-video quay', state: 'acknowledged' }]);
    await second.close();

    const third = host().alarms;
    await third.use('demo', ['gate', 'quay']);
    expect(third.list()).toMatchObject([{ id: 'no-video quay', state: 'acknowledged' }]);
    await third.close();
  });

  it('are journalled, with the name of who acknowledged them', async () => {
    const { alarms, entries } = host();
    await alarms.use('demo', ['gate']);
    alarms.report(raised('gate'));
    alarms.report(raised('gate'));
    alarms.acknowledge(alarms.list());
    await alarms.close();
    expect(entries).toMatchObject([
      { kind: 'alarm', alarm: 'no-video', camera: 'gate' },
      {
        kind: 'acknowledged',
        alarm: 'no-video',
        camera: 'gate',
        by: 'anna',
        time: '2031-04-09T14:30:00.000Z',
      },
    ]);
  });

  it('reach the windows in one message when a whole wall fails together', async () => {
    const { alarms, clock, onChanged } = host();
    const cameras = Array.from({ length: 64 }, (_, index) => `c${index}`);
    await alarms.use('demo', cameras);
    for (const camera of cameras) alarms.report(raised(camera));
    clock.tick(100);
    await alarms.close();
    expect(onChanged).toHaveBeenCalledExactlyOnceWith(alarms.list());
    expect(alarms.list()).toHaveLength(64);
  });

  it('of one configuration are kept aside while another one is in use', async () => {
    const { alarms } = host();
    await alarms.use('demo', ['gate']);
    alarms.report(raised('gate'));
    await alarms.use('/etc/own.json', ['north']);
    expect(alarms.list()).toEqual([]);
    await alarms.use('demo', ['gate']);
    expect(idsOf(alarms)).toEqual(['no-video gate']);
    await alarms.close();
  });

  it('of a camera that is no longer configured end, and stay listed until somebody has seen them', async () => {
    const { alarms } = host();
    await alarms.use('demo', ['gate']);
    alarms.report(raised('gate'));
    await alarms.use('demo', ['quay']);
    expect(alarms.list()).toMatchObject([{ state: 'returned-unacknowledged' }]);
    alarms.report(raised('gate'));
    expect(alarms.list()).toMatchObject([{ state: 'returned-unacknowledged', count: 1 }]);
    await alarms.close();
  });
});

describe('an alarm that comes and goes', () => {
  const START_MS = Date.UTC(2031, 3, 9, 14, 30);

  /** A host whose time of day follows its clock, and a tile whose alarm is active for one second in every ten. */
  async function flappingHost() {
    const clock = new VirtualClock();
    const epochMs = (): number => START_MS + clock.now();
    const all = host({ clock, epochMs });
    await all.alarms.use('demo', ['gate']);
    const tell = (transition: 'raised' | 'returned'): void => {
      const { stream, cause, ...rest } = raised('gate') as Extract<AlarmReport, { transition: 'raised' }>;
      const time = new Date(epochMs()).toISOString();
      all.alarms.report(
        transition === 'raised' ? { ...rest, time, stream, cause } : { ...rest, transition, time },
      );
    };
    const turn = (): void => {
      tell('raised');
      clock.tick(1000);
      tell('returned');
      clock.tick(9000);
    };
    return { ...all, clock, tell, turn };
  }

  it('has one journal line when it begins and one when it ends, however often it comes and goes', async () => {
    const { alarms, entries, onChanged, clock, turn } = await flappingHost();
    for (let nth = 0; nth < 19; nth += 1) turn();
    expect(alarms.list()).toMatchObject([{ state: 'unacknowledged', comesAndGoes: { turns: 19 } }]);
    expect(entries).toHaveLength(3);
    onChanged.mockClear();
    clock.tick(5 * 60_000);
    expect(entries.slice(2)).toMatchObject([
      { alarm: 'no-video', comesAndGoes: { phase: 'begins', turns: 2 } },
      { alarm: 'video-restored', comesAndGoes: { phase: 'ends', turns: 19, stoodMs: 19_000 } },
    ]);
    expect(onChanged).toHaveBeenCalledExactlyOnceWith(alarms.list());
    expect(alarms.list()).toMatchObject([{ state: 'returned-unacknowledged', comesAndGoes: null }]);
    await alarms.close();
    expect(clock.pending()).toBe(0);
  });

  it('does not ask for a new acknowledgement each time it comes back, and leaves the list when it is over', async () => {
    const { alarms, entries, clock, turn } = await flappingHost();
    turn();
    turn();
    alarms.acknowledge(alarms.list());
    for (let nth = 0; nth < 5; nth += 1) turn();
    expect(alarms.list()).toMatchObject([{ state: 'acknowledged' }]);
    clock.tick(5 * 60_000);
    expect(alarms.list()).toEqual([]);
    turn();
    expect(alarms.list()).toMatchObject([{ count: 1, comesAndGoes: null }]);
    expect(entries.filter(({ kind }) => kind === 'alarm')).toHaveLength(3 + 1 + 2);
    await alarms.close();
  });

  it('is remembered over a restart too, although it was acknowledged and had ended', async () => {
    const first = await flappingHost();
    first.tell('raised');
    first.alarms.acknowledge(first.alarms.list());
    first.tell('returned');
    expect(first.alarms.list()).toEqual([]);
    await first.alarms.close();
    const second = await flappingHost();
    second.tell('raised');
    expect(second.alarms.list()).toMatchObject([{ state: 'unacknowledged', comesAndGoes: { turns: 2 } }]);
    await second.alarms.close();
  });

  it('is raised anew when it becomes permanent', async () => {
    const { alarms, entries, clock, turn, tell } = await flappingHost();
    turn();
    turn();
    alarms.acknowledge(alarms.list());
    tell('raised');
    clock.tick(59_000);
    expect(alarms.list()).toMatchObject([{ state: 'acknowledged' }]);
    clock.tick(1000);
    expect(alarms.list()).toMatchObject([{ state: 'unacknowledged', comesAndGoes: null }]);
    expect(entries.at(-1)).toMatchObject({ alarm: 'no-video', comesAndGoes: { phase: 'lasts', turns: 3 } });
    await alarms.close();
  });

  it('is over when the machine slept past the time of its next return', async () => {
    // While the machine sleeps, its timers do not run and its time of day goes on.
    let nowMs = START_MS;
    const { alarms, entries } = host({ epochMs: () => nowMs });
    await alarms.use('demo', ['gate']);
    const { stream, cause, ...rest } = raised('gate') as Extract<AlarmReport, { transition: 'raised' }>;
    const turn = (): void => {
      const time = new Date(nowMs).toISOString();
      alarms.report({ ...rest, time, stream, cause });
      alarms.report({ ...rest, time, transition: 'returned' });
    };
    turn();
    turn();
    nowMs += 3_600_000;
    turn();
    expect(entries.slice(3)).toMatchObject([
      { alarm: 'video-restored', comesAndGoes: { phase: 'ends' } },
      { alarm: 'no-video' },
      { alarm: 'video-restored' },
    ]);
    expect(entries).toHaveLength(6);
    await alarms.close();
  });
});

describe('a damaged file', () => {
  it.each([
    ['cut off', '{"version":1,"lists":{"demo":[{"id":"no-v'],
    ['of another release', '{"version":2,"lists":{}}'],
    ['empty', ''],
  ])('that is %s is kept aside and reported', async (_how, text) => {
    await writeFile(file, text);
    const { alarms, log } = host();
    await alarms.use('demo', ['gate']);
    expect(alarms.list()).toEqual([]);
    expect(alarms.notice()).toContain(`${file} is damaged. It is now ${file}.damaged.`);
    expect(log).toHaveBeenCalledExactlyOnceWith(alarms.notice());
    expect(await readFile(`${file}.damaged`, 'utf8')).toBe(text);
    alarms.report(raised('gate'));
    await alarms.close();
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ lists: { demo: [{ count: 1 }] } });
  });
});

describe('a failing disk', () => {
  it('loses no alarm, is reported once, and is tried again', async () => {
    const blocked = path.join(folder, 'blocked');
    await writeFile(blocked, 'a file where the folder should be');
    const inside = path.join(blocked, 'alarms.json');
    const { alarms, clock, log } = host({ file: inside });
    await alarms.use('demo', ['gate', 'quay']);
    log.mockClear();
    alarms.report(raised('gate'));
    await vi.waitFor(() =>
      expect(log).toHaveBeenCalledExactlyOnceWith(expect.stringContaining(`cannot be kept in ${inside}`)),
    );
    expect(idsOf(alarms)).toEqual(['no-video gate']);
    await rm(blocked);
    clock.tick(5000);
    await vi.waitFor(async () => expect(await readFile(inside, 'utf8')).toContain('no-video gate'));
    await alarms.close();
  });
});
