import { describe, expect, it } from 'vitest';
import { type Alarm, NO_NETWORK } from '../../shared/alarms/alarm.ts';
import { alarmLine, alarmLines, markOf, memberLines, redundancyTurns } from './alarm-lines.ts';
import type { JournalNames } from './journal-line.ts';

const names: JournalNames = {
  sites: [
    { id: 'main', name: 'Main' },
    { id: 'north', name: 'Backup' },
  ],
  cameras: Array.from({ length: 64 }, (_, index) => ({
    id: `c${index + 1}`,
    number: index + 1,
    name: `Gate ${index + 1}`,
  })),
};
const local = (hour: number, minute: number, second: number): Date =>
  new Date(2031, 3, 9, hour, minute, second);
const now = local(15, 0, 0);

function alarm(camera: string, changes: Partial<Alarm> = {}): Alarm {
  const at = local(14, 3, 12).toISOString();
  return {
    id: `changed-over ${camera}`,
    alarm: 'changed-over',
    state: 'unacknowledged',
    place: { view: 'Wall', tile: 1, camera },
    firstAt: at,
    lastAt: at,
    count: 1,
    stream: 'main/sub',
    shown: 'north/sub',
    cause: 'refused',
    returnedAt: null,
    comesAndGoes: null,
    ...changes,
  };
}

const back = { state: 'returned-unacknowledged', shown: 'main/sub' } as const;

describe('a line', () => {
  it('says what happened, why and when', () => {
    expect(alarmLine(alarm('c3'), names, now)).toMatchObject({
      mark: 'backup',
      title: 'Camera 3 Gate 3: changed over to Backup',
      detail: 'Main refused the connection at 14:03:12',
    });
  });

  it('says that an alarm is over, and since when', () => {
    const over = alarm('c3', { ...back, returnedAt: local(14, 9, 1).toISOString() });
    expect(alarmLine(over, names, now)).toMatchObject({
      title: 'Camera 3 Gate 3: changed over and back',
      detail: 'Main refused the connection at 14:03:12, back on Main at 14:09:01',
    });
  });

  it('says only once that a picture is frozen', () => {
    expect(alarmLine(alarm('c3', { alarm: 'frozen', cause: 'frozen' }), names, now)).toMatchObject({
      title: 'Camera 3 Gate 3: frozen picture',
      detail: 'from Main at 14:03:12',
    });
  });

  it('says that lost redundancy is over, whatever is shown', () => {
    const over = alarm('c3', { ...back, alarm: 'no-redundancy', returnedAt: local(14, 9, 1).toISOString() });
    expect(alarmLine(over, names, now)).toMatchObject({
      title: 'Camera 3 Gate 3: redundancy was lost',
      detail: 'Main refused the connection at 14:03:12, over at 14:09:01',
    });
  });

  it('counts repeated alarms', () => {
    const flapping = alarm('c3', { count: 12, lastAt: local(14, 20, 0).toISOString() });
    expect(alarmLine(flapping, names, now).detail).toBe(
      'Main refused the connection 12 times from 14:03:12 to 14:20:00',
    );
  });

  it('has the date of an alarm that was not today', () => {
    expect(alarmLine(alarm('c3'), names, new Date(2031, 3, 10)).detail).toBe(
      'Main refused the connection at 2031-04-09 14:03:12',
    );
  });

  it('for the whole window asks about its network where that is down', () => {
    const silent = (cause: string | null) =>
      alarm('c1', { alarm: 'local-network', place: null, stream: null, shown: null, cause });
    expect(alarmLine(silent(null), names, now)).toMatchObject({
      mark: 'no-video',
      title: 'All cameras: no site answers',
      detail: 'at 14:03:12',
    });
    expect(alarmLine(silent(NO_NETWORK), names, now)).toMatchObject({
      title: 'All cameras: no site answers. Is it this workstation’s network?',
      detail: 'at 14:03:12',
    });
  });
});

describe('an alarm that comes and goes', () => {
  const at = (minute: number): string => local(14, minute, 0).toISOString();
  const flapping = (
    camera: string,
    changes: Partial<Alarm> = {},
    turns: Partial<NonNullable<Alarm['comesAndGoes']>> = {},
  ): Alarm =>
    alarm(camera, {
      alarm: 'no-redundancy',
      lastAt: at(9),
      comesAndGoes: { since: at(3), toldAt: at(4), turns: 19, stoodMs: 34_000, longestMs: 4000, ...turns },
      ...changes,
    });
  const gone = { returnedAt: at(10) };

  it('says how often and since when, in words that do not change each time', () => {
    const line = alarmLine(flapping('c3'), names, now);
    expect(line).toMatchObject({
      title: 'Camera 3 Gate 3: redundancy comes and goes',
      detail: '19 times since 14:03:00, last at 14:09:00: Main refused the connection',
      state: 'unacknowledged',
    });
    expect(alarmLine(flapping('c3', gone), names, now)).toMatchObject({
      title: line.title,
      detail: line.detail,
    });
  });

  it('about a picture names its fault only once', () => {
    const frozen = flapping('c3', { alarm: 'frozen', cause: 'frozen' }, { turns: 2 });
    expect(alarmLine(frozen, names, now)).toMatchObject({
      title: 'Camera 3 Gate 3: frozen picture comes and goes',
      detail: '2 times since 14:03:00, last at 14:09:00 from Main',
    });
  });

  it('says at once that there is no video', () => {
    const dark = (changes: Partial<Alarm>) =>
      alarmLine(flapping('c3', { alarm: 'no-video', ...changes }), names, now).title;
    expect(dark({})).toBe('Camera 3 Gate 3: no video, comes and goes');
    expect(dark(gone)).toBe('Camera 3 Gate 3: video comes and goes');
  });

  it('is one line for the cameras of a site, whatever their causes and states are', () => {
    const wall = [
      flapping('c1'),
      flapping('c2', { cause: 'timeout', ...gone }, { turns: 12 }),
      flapping('c3', { stream: 'north/sub' }),
    ];
    expect(alarmLines(wall, names, now)).toMatchObject([
      {
        title: '3 cameras: redundancy comes and goes',
        detail: 'up to 19 times each since 14:03:00, last at 14:09:00',
      },
    ]);
  });

  it('keeps its place in the list', () => {
    const lines = alarmLines([flapping('c1'), alarm('c2', { lastAt: at(5) })], names, now);
    expect(lines.map(({ alarms }) => alarms[0]?.place?.camera)).toEqual(['c2', 'c1']);
  });

  it('about redundancy is shown only in its tile', () => {
    const alarms = [
      flapping('c1'),
      alarm('c2', { alarm: 'no-redundancy' }),
      flapping('c3', { alarm: 'no-video' }),
    ];
    expect(redundancyTurns(alarms, 'c1', now)).toBe('19 times since 14:03:00');
    expect(redundancyTurns(alarms, 'c2', now)).toBeNull();
    expect(redundancyTurns(alarms, 'c3', now)).toBeNull();
  });
});

describe('the lines', () => {
  const wall = Array.from({ length: 64 }, (_, index) =>
    alarm(`c${index + 1}`, { lastAt: local(14, 3, 12 + (index % 3)).toISOString() }),
  );

  it('are only one for a site that 64 cameras lost', () => {
    expect(alarmLines(wall, names, now)).toMatchObject([
      {
        title: '64 cameras: changed over to Backup',
        detail: 'Main refused the connection between 14:03:12 and 14:03:14',
        alarms: { length: 64 },
      },
    ]);
  });

  it('of an opened group are in the order of the cameras, whichever alarm came last', () => {
    const lines = alarmLines(wall, names, now).flatMap((line) => memberLines(line, names, now));
    expect(lines.map(({ alarms }) => alarms[0]?.place?.camera)).toEqual(
      wall.map(({ place }) => place?.camera),
    );
  });

  it('are separate for different causes, sites and states', () => {
    const others = [
      alarm('c1', { cause: 'timeout' }),
      alarm('c2', { stream: 'north/sub', shown: 'main/sub' }),
      alarm('c3', { ...back, returnedAt: local(14, 9, 1).toISOString() }),
      alarm('c4', { alarm: 'no-redundancy' }),
    ];
    expect(alarmLines([...others, alarm('c5')], names, now)).toHaveLength(5);
  });

  it('begin with alarms that are not acknowledged, the newest first', () => {
    const at = (minute: number) => ({ lastAt: local(14, minute, 0).toISOString() });
    const lines = alarmLines(
      [
        alarm('c1', { cause: 'timeout', ...at(4) }),
        alarm('c2', { state: 'acknowledged', ...at(6) }),
        alarm('c3', { ...at(5) }),
      ],
      names,
      now,
    );
    expect(lines.map(({ alarms }) => alarms[0]?.place?.camera)).toEqual(['c3', 'c1', 'c2']);
  });
});

describe('the mark of several alarms', () => {
  it('is that of the gravest one', () => {
    expect(markOf([alarm('c1'), alarm('c2', { alarm: 'no-video' })])).toBe('no-video');
    expect(markOf([alarm('c1', { alarm: 'no-redundancy' }), alarm('c2')])).toBe('backup');
    expect(markOf([])).toBeNull();
  });
});
