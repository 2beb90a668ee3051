import { describe, expect, it } from 'vitest';
import { journalEntrySchema } from '../journal/journal-entry.ts';
import {
  ALARM_KINDS,
  type Alarm,
  type AlarmKind,
  type AlarmReport,
  alarmReportSchema,
  alarmSchema,
  isListed,
} from './alarm.ts';
import {
  type AlarmStep,
  acknowledgeAlarms,
  reportAlarm,
  settleAlarms,
  settlesInMs,
  takeUpAlarms,
  withoutCameras,
} from './alarm-list.ts';

const place = { view: 'Wall', tile: 3, camera: 'gate' };
const at = (minute: number): string => new Date(Date.UTC(2031, 3, 9, 14) + minute * 60_000).toISOString();

function raised(
  minute: number,
  alarm: AlarmKind = 'no-video',
): Extract<AlarmReport, { transition: 'raised' }> {
  return {
    transition: 'raised',
    alarm,
    time: at(minute),
    place: placeOf(alarm),
    stream: 'main/sub',
    shown: alarm === 'changed-over' ? 'backup/sub' : null,
    cause: 'refused',
  };
}

function returned(minute: number, alarm: AlarmKind = 'no-video'): AlarmReport {
  return { transition: 'returned', alarm, time: at(minute), place: placeOf(alarm), shown: 'main/sub' };
}

function placeOf(alarm: AlarmKind): typeof place | null {
  return alarm === 'local-network' || alarm === 'host-blocked' ? null : place;
}

/** The result of several events, one after the other. */
function sequenceOf(...happened: (AlarmReport | ((alarms: readonly Alarm[]) => AlarmStep))[]): AlarmStep {
  return happened.reduce<AlarmStep>(
    (before, next) => {
      const step = typeof next === 'function' ? next(before.alarms) : reportAlarm(before.alarms, next);
      return { alarms: step.alarms, entries: [...before.entries, ...step.entries] };
    },
    { alarms: [], entries: [] },
  );
}

const acknowledge =
  (minute: number) =>
  (alarms: readonly Alarm[]): AlarmStep =>
    acknowledgeAlarms(alarms, alarms.filter(isListed), { time: at(minute), by: 'anna' });

const settle =
  (minute: number) =>
  (alarms: readonly Alarm[]): AlarmStep =>
    settleAlarms(alarms, at(minute));

/** An alarm whose reason appears at each of these minutes and lasts for half a minute. */
const turns = (minutes: readonly number[], alarm: AlarmKind = 'no-video'): AlarmReport[] =>
  minutes.flatMap((minute) => [raised(minute, alarm), returned(minute + 0.5, alarm)]);

describe('an alarm', () => {
  it('is listed and journalled when it comes', () => {
    const { alarms, entries } = sequenceOf(raised(3));
    expect(alarms).toEqual([
      {
        id: 'no-video gate',
        alarm: 'no-video',
        state: 'unacknowledged',
        place,
        firstAt: at(3),
        lastAt: at(3),
        count: 1,
        stream: 'main/sub',
        shown: null,
        cause: 'refused',
        returnedAt: null,
        comesAndGoes: null,
      },
    ]);
    expect(entries).toEqual([
      { kind: 'alarm', time: at(3), ...place, alarm: 'no-video', stream: 'main/sub', cause: 'refused' },
    ]);
  });

  it('is journalled with the gateway’s message about the stream', () => {
    const words = 'the certificate of Main has expired';
    const { entries } = sequenceOf({ ...raised(3), words });
    expect(entries).toMatchObject([{ alarm: 'no-video', words }]);
  });

  it('stays until it is acknowledged, though its reason is gone', () => {
    const back = sequenceOf(raised(3), returned(9));
    expect(back.alarms).toMatchObject([
      { state: 'returned-unacknowledged', firstAt: at(3), returnedAt: at(9), shown: 'main/sub' },
    ]);
    expect(sequenceOf(raised(3), returned(9), acknowledge(10)).alarms.filter(isListed)).toEqual([]);
  });

  it('stays acknowledged while its reason lasts, and ends with it', () => {
    expect(sequenceOf(raised(3), acknowledge(4)).alarms).toMatchObject([{ state: 'acknowledged' }]);
    expect(sequenceOf(raised(3), acknowledge(4), returned(9)).alarms.filter(isListed)).toEqual([]);
  });

  it('that is reported again by a tile that starts again is the same one', () => {
    const once = sequenceOf(raised(3), acknowledge(4));
    const again = reportAlarm(once.alarms, raised(5));
    expect(again).toEqual({ alarms: once.alarms, entries: [] });
  });

  it('that comes again after some time, before anybody saw it, is counted in its line', () => {
    const { alarms, entries } = sequenceOf(raised(3), returned(4), raised(10), returned(11), raised(17));
    expect(alarms).toMatchObject([
      {
        state: 'unacknowledged',
        count: 3,
        firstAt: at(3),
        lastAt: at(17),
        returnedAt: null,
        comesAndGoes: null,
      },
    ]);
    expect(entries).toHaveLength(5);
  });

  it.each([
    ['though nobody has looked at the clock since', []],
    ['after it was forgotten', [settle(10)]],
  ])('that comes again some time after it ended is a new one, %s', (_when, meanwhile) => {
    const { alarms } = sequenceOf(raised(3), acknowledge(4), returned(5), ...meanwhile, raised(10));
    expect(alarms).toMatchObject([
      { state: 'unacknowledged', count: 1, firstAt: at(10), comesAndGoes: null },
    ]);
  });

  it('that ended is forgotten after some time, without an entry', () => {
    const settled = sequenceOf(raised(3), acknowledge(4), returned(5));
    expect(settlesInMs(settled.alarms, at(6))).toBe(4 * 60_000);
    expect(settleAlarms(settled.alarms, at(9.9))).toEqual({ alarms: settled.alarms, entries: [] });
    expect(settleAlarms(settled.alarms, at(10))).toEqual({ alarms: [], entries: [] });
  });

  it('that never came has no end to report', () => {
    expect(sequenceOf(returned(3))).toEqual({ alarms: [], entries: [] });
  });

  it('of the window as a whole belongs to no camera', () => {
    const { alarms, entries } = sequenceOf(raised(3, 'local-network'));
    expect(alarms).toMatchObject([{ id: 'local-network', place: null }]);
    expect(entries).toMatchObject([{ view: null, tile: null, camera: null }]);
  });
});

describe('an alarm whose reason comes again soon after its end', () => {
  const often = turns([3, 4, 6, 7, 9]);

  it.each(ALARM_KINDS)('is one alarm that comes and goes: %s', (kind) => {
    const { alarms, entries } = sequenceOf(...turns([3, 4, 6, 7, 9], kind));
    expect(alarms).toMatchObject([
      {
        state: 'unacknowledged',
        count: 5,
        lastAt: at(9),
        returnedAt: at(9.5),
        comesAndGoes: { since: at(3), toldAt: at(4), turns: 5, stoodMs: 5 * 30_000, longestMs: 30_000 },
      },
    ]);
    expect(entries).toMatchObject([
      { time: at(3), alarm: kind },
      { time: at(3.5) },
      {
        time: at(4),
        alarm: kind,
        stream: 'main/sub',
        cause: 'refused',
        comesAndGoes: { phase: 'begins', since: at(3), until: null, turns: 2, stoodMs: 30_000 },
      },
    ]);
    expect(entries).toHaveLength(3);
  });

  it('says at each moment whether its reason is present', () => {
    expect(sequenceOf(...often).alarms).toMatchObject([{ returnedAt: at(9.5) }]);
    expect(sequenceOf(...often, { ...raised(10), cause: 'timeout' }).alarms).toMatchObject([
      { returnedAt: null, lastAt: at(10), cause: 'timeout' },
    ]);
  });

  it('has to be acknowledged again when it begins to come and go, and not at each repetition', () => {
    const once = sequenceOf(raised(3), acknowledge(3.2), returned(3.5));
    const becomes = reportAlarm(once.alarms, raised(4));
    expect(becomes.alarms).toMatchObject([
      { state: 'unacknowledged', count: 2, firstAt: at(3), comesAndGoes: { turns: 2 } },
    ]);
    const { alarms, entries } = sequenceOf(raised(3), acknowledge(3.2), returned(3.5), raised(4));
    const seen = acknowledgeAlarms(alarms, alarms, { time: at(4.2), by: 'anna' });
    const later = [returned(4.5), ...turns([5, 6, 7])].reduce(
      (before, report) => reportAlarm(before, report).alarms,
      seen.alarms,
    );
    expect(later).toMatchObject([{ state: 'acknowledged', comesAndGoes: { turns: 5 } }]);
    expect(entries).toHaveLength(4);
  });

  it('is acknowledged as it was seen, even if it came or went meanwhile', () => {
    const seen = sequenceOf(...turns([3, 4])).alarms;
    const { alarms } = reportAlarm(seen, raised(5));
    expect(acknowledgeAlarms(alarms, seen, { time: at(5), by: 'anna' }).alarms).toMatchObject([
      { state: 'acknowledged' },
    ]);
  });

  it('is not acknowledged by somebody who saw it before it came and went', () => {
    const seen = sequenceOf(raised(3), returned(3.5)).alarms;
    const { alarms } = reportAlarm(seen, raised(4));
    expect(acknowledgeAlarms(alarms, seen, { time: at(5), by: 'anna' })).toEqual({ alarms, entries: [] });
  });

  it('ends once it stays away, with one entry that says how often it came and for how long', () => {
    const before = sequenceOf(...often);
    expect(settlesInMs(before.alarms, at(10))).toBe(4.5 * 60_000);
    expect(settleAlarms(before.alarms, at(14.4))).toEqual({ alarms: before.alarms, entries: [] });
    const { alarms, entries } = settleAlarms(before.alarms, at(14.5));
    expect(alarms).toMatchObject([
      { state: 'returned-unacknowledged', count: 5, firstAt: at(3), returnedAt: at(9.5), comesAndGoes: null },
    ]);
    expect(entries).toEqual([
      {
        kind: 'alarm',
        time: at(14.5),
        ...place,
        alarm: 'video-restored',
        stream: 'main/sub',
        cause: null,
        comesAndGoes: { phase: 'ends', since: at(3), until: at(9.5), turns: 5, stoodMs: 150_000 },
      },
    ]);
  });

  it('leaves the list when it has ended and was acknowledged; after that it is a new alarm', () => {
    const { alarms } = sequenceOf(...often, acknowledge(10), settle(15));
    expect(alarms).toEqual([]);
    expect(reportAlarm(alarms, raised(16)).alarms).toMatchObject([{ count: 1, comesAndGoes: null }]);
  });

  it('is raised again when it lasts, a minute at least: that is more than what was acknowledged', () => {
    const before = sequenceOf(...often, acknowledge(9.7), raised(10));
    expect(before.alarms).toMatchObject([{ state: 'acknowledged', returnedAt: null }]);
    expect(settlesInMs(before.alarms, at(10))).toBe(60_000);
    const { alarms, entries } = settleAlarms(before.alarms, at(11));
    expect(alarms).toMatchObject([{ state: 'unacknowledged', returnedAt: null, comesAndGoes: null }]);
    expect(entries).toMatchObject([
      {
        time: at(11),
        alarm: 'no-video',
        cause: 'refused',
        comesAndGoes: { phase: 'lasts', since: at(3), until: null, turns: 6, stoodMs: 150_000 + 60_000 },
      },
    ]);
  });

  it('lasts only when it is present for twice as long as ever before', () => {
    const { alarms } = sequenceOf(raised(3), returned(5), raised(6));
    expect(settlesInMs(alarms, at(6))).toBe(4 * 60_000);
  });

  it('lasts after a quarter of an hour, whatever came before', () => {
    const { alarms } = sequenceOf(raised(3), returned(203), raised(204));
    expect(settlesInMs(alarms, at(204))).toBe(15 * 60_000);
  });

  it('lasts for a tile that stays on its backup, when that is longer than a flapping site is kept waiting', () => {
    const { alarms } = sequenceOf(
      ...turns([3, 4], 'changed-over'),
      raised(5, 'changed-over'),
      acknowledge(6),
    );
    expect(settlesInMs(alarms, at(5))).toBe(15 * 60_000);
    const lasting = settleAlarms(alarms, at(20));
    expect(lasting.alarms).toMatchObject([{ state: 'acknowledged', comesAndGoes: null }]);
    expect(lasting.entries).toMatchObject([{ alarm: 'changed-over', comesAndGoes: { phase: 'lasts' } }]);
  });

  it('that was kept aside while its reason was present has not lasted meanwhile', () => {
    const { alarms } = sequenceOf(...often, raised(10));
    expect(settlesInMs(takeUpAlarms(alarms, at(300)), at(300))).toBe(60_000);
    const away = sequenceOf(...often).alarms;
    expect(takeUpAlarms(away, at(300))).toEqual(away);
  });

  it('ends also when the clock was set back by hours', () => {
    const { alarms } = sequenceOf(...often, acknowledge(10));
    expect(settleAlarms(alarms, at(-200)).alarms).toEqual([]);
  });
});

describe('a change', () => {
  it('counts each time, also where the tile had changed already, and has to be acknowledged again', () => {
    const { alarms, entries } = sequenceOf(
      raised(3, 'changed-over'),
      acknowledge(4),
      raised(9, 'changed-over'),
    );
    expect(alarms).toMatchObject([{ state: 'unacknowledged', count: 2, firstAt: at(3), lastAt: at(9) }]);
    expect(entries.map(({ kind }) => kind)).toEqual(['alarm', 'acknowledged', 'alarm']);
  });

  it('after another one comes and goes, though the tile never was back', () => {
    const { alarms, entries } = sequenceOf(
      ...[3, 4, 6, 7].map((minute) => raised(minute, 'changed-over')),
      returned(9, 'changed-over'),
    );
    expect(alarms).toMatchObject([{ comesAndGoes: { since: at(3), turns: 4, stoodMs: 6 * 60_000 } }]);
    expect(entries).toHaveLength(2);
  });

  it('says where the tile is back', () => {
    const { alarms, entries } = sequenceOf(raised(3, 'changed-over'), returned(9, 'changed-over'));
    expect(alarms).toMatchObject([{ stream: 'main/sub', shown: 'main/sub', returnedAt: at(9) }]);
    expect(entries[1]).toMatchObject({ alarm: 'changed-back', stream: 'main/sub' });
  });
});

describe('an acknowledgement', () => {
  it('is journalled with who gave it', () => {
    expect(sequenceOf(raised(3), acknowledge(4)).entries[1]).toEqual({
      kind: 'acknowledged',
      time: at(4),
      ...place,
      alarm: 'no-video',
      by: 'anna',
    });
  });

  it('does not apply to what happened after the list was seen', () => {
    const seen = sequenceOf(raised(3), returned(4)).alarms;
    const { alarms } = reportAlarm(seen, raised(5));
    expect(acknowledgeAlarms(alarms, seen, { time: at(6), by: 'anna' })).toEqual({ alarms, entries: [] });
  });

  it('is given once', () => {
    expect(sequenceOf(raised(3), acknowledge(4), acknowledge(5)).entries).toHaveLength(2);
  });
});

describe('a camera that is no longer configured', () => {
  const gone = (alarms: readonly Alarm[]) => withoutCameras(alarms, () => false, at(9));

  it('keeps what nobody has seen, as ended', () => {
    expect(sequenceOf(raised(3), gone).alarms).toMatchObject([{ state: 'returned-unacknowledged' }]);
  });

  it('loses what was acknowledged', () => {
    expect(sequenceOf(raised(3), acknowledge(4), gone).alarms).toEqual([]);
  });

  it('ends immediately what came and went there', () => {
    const { alarms, entries } = sequenceOf(...turns([3, 4]), raised(5), gone);
    expect(alarms).toMatchObject([{ state: 'returned-unacknowledged', comesAndGoes: null }]);
    expect(entries.at(-1)).toMatchObject({
      time: at(9),
      comesAndGoes: { phase: 'ends', until: at(9), turns: 3 },
    });
    expect(sequenceOf(...turns([3, 4]), acknowledge(5), gone).alarms).toEqual([]);
  });

  it('does not concern the others, nor the window as a whole', () => {
    const { alarms } = sequenceOf(raised(3), raised(4, 'local-network'));
    expect(withoutCameras(alarms, (id) => id === 'gate', at(9))).toEqual({ alarms, entries: [] });
  });
});

it.each(['site/cam 1', '__proto__', 'カ'.repeat(200)])(
  'is one of the camera %j, reported and kept',
  (camera) => {
    const report = { ...raised(3), place: { ...place, camera } };
    expect(alarmReportSchema.parse(report)).toEqual(report);
    const { alarms, entries } = sequenceOf(report, { ...report, alarm: 'no-redundancy' });
    expect(alarms.map((alarm) => alarmSchema.parse(alarm).place?.camera)).toEqual([camera, camera]);
    expect(entries.map((entry) => journalEntrySchema.parse(entry).camera)).toEqual([camera, camera]);
    expect(withoutCameras(alarms, (id) => id === camera, at(9)).alarms).toEqual(alarms);
  },
);

it('is read from the file of a release without alarms that come and go', () => {
  const [alarm] = sequenceOf(raised(3)).alarms;
  const { comesAndGoes: _unknown, ...former } = alarm as Alarm;
  expect(alarmSchema.parse(former)).toEqual(alarm);
});

it('writes entries that the journal accepts', () => {
  const kinds = ['no-video', 'changed-over', 'no-redundancy', 'frozen', 'black'] as const;
  const { entries } = sequenceOf(
    ...kinds.flatMap((kind) => turns([3, 4, 5], kind)),
    acknowledge(6),
    settle(11),
  );
  expect(entries).toHaveLength(25);
  for (const entry of entries) expect(journalEntrySchema.safeParse(entry).error).toBeUndefined();
});
