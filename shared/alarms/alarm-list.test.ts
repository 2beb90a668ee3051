import { describe, expect, it } from 'vitest';
import { journalEntrySchema } from '../journal-entry.ts';
import { type Alarm, type AlarmKind, type AlarmReport, alarmReportSchema, alarmSchema } from './alarm.ts';
import { type AlarmStep, acknowledgeAlarms, reportAlarm, withoutCameras } from './alarm-list.ts';

const place = { view: 'Wall', tile: 3, camera: 'gate' };
const at = (minute: number): string => new Date(Date.UTC(2031, 3, 9, 14, minute)).toISOString();

function raised(
  minute: number,
  alarm: AlarmKind = 'no-video',
): Extract<AlarmReport, { transition: 'raised' }> {
  return {
    transition: 'raised',
    alarm,
    time: at(minute),
    place: alarm === 'local-network' ? null : place,
    stream: 'main/sub',
    shown: alarm === 'changed-over' ? 'backup/sub' : null,
    cause: 'refused',
  };
}

function returned(minute: number, alarm: AlarmKind = 'no-video'): AlarmReport {
  return { transition: 'returned', alarm, time: at(minute), place, shown: 'main/sub' };
}

/** All that happened, in a row. */
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
    acknowledgeAlarms(alarms, alarms, { time: at(minute), by: 'anna' });

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
      },
    ]);
    expect(entries).toEqual([
      { kind: 'alarm', time: at(3), ...place, alarm: 'no-video', stream: 'main/sub', cause: 'refused' },
    ]);
  });

  it('is journalled with what the gateway said of the stream', () => {
    const words = 'the certificate of Main has expired';
    const { entries } = sequenceOf({ ...raised(3), words });
    expect(entries).toMatchObject([{ alarm: 'no-video', words }]);
  });

  it('stays until it is acknowledged, though its reason is gone', () => {
    const back = sequenceOf(raised(3), returned(9));
    expect(back.alarms).toMatchObject([
      { state: 'returned-unacknowledged', firstAt: at(3), returnedAt: at(9), shown: 'main/sub' },
    ]);
    expect(sequenceOf(raised(3), returned(9), acknowledge(10)).alarms).toEqual([]);
  });

  it('stays acknowledged while its reason is there, and goes with it', () => {
    expect(sequenceOf(raised(3), acknowledge(4)).alarms).toMatchObject([{ state: 'acknowledged' }]);
    expect(sequenceOf(raised(3), acknowledge(4), returned(9)).alarms).toEqual([]);
  });

  it('that is told again by a tile that starts anew is no other one', () => {
    const once = sequenceOf(raised(3), acknowledge(4));
    const again = reportAlarm(once.alarms, raised(5));
    expect(again).toEqual({ alarms: once.alarms, entries: [] });
  });

  it('that comes again before it was seen counts up in its line', () => {
    const { alarms, entries } = sequenceOf(raised(3), returned(4), raised(5), returned(6), raised(7));
    expect(alarms).toMatchObject([
      { state: 'unacknowledged', count: 3, firstAt: at(3), lastAt: at(7), returnedAt: null },
    ]);
    expect(entries).toHaveLength(5);
  });

  it('that comes again after it was settled is a new one', () => {
    const { alarms } = sequenceOf(raised(3), acknowledge(4), returned(5), raised(6));
    expect(alarms).toMatchObject([{ state: 'unacknowledged', count: 1, firstAt: at(6) }]);
  });

  it('that never came has no end to tell', () => {
    expect(sequenceOf(returned(3))).toEqual({ alarms: [], entries: [] });
  });

  it('of the window as a whole belongs to no camera', () => {
    const { alarms, entries } = sequenceOf(raised(3, 'local-network'));
    expect(alarms).toMatchObject([{ id: 'local-network', place: null }]);
    expect(entries).toMatchObject([{ view: null, tile: null, camera: null }]);
  });
});

describe('a change', () => {
  it('counts each time, also where the tile had changed already, and wants to be seen anew', () => {
    const { alarms, entries } = sequenceOf(
      raised(3, 'changed-over'),
      acknowledge(4),
      raised(5, 'changed-over'),
    );
    expect(alarms).toMatchObject([{ state: 'unacknowledged', count: 2, firstAt: at(3), lastAt: at(5) }]);
    expect(entries.map(({ kind }) => kind)).toEqual(['alarm', 'acknowledged', 'alarm']);
  });

  it('tells where the tile is back', () => {
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

  it('does not reach what happened after the list was seen', () => {
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

  it('does not concern the others, nor the window as a whole', () => {
    const { alarms } = sequenceOf(raised(3), raised(4, 'local-network'));
    expect(withoutCameras(alarms, (id) => id === 'gate', at(9))).toEqual({ alarms, entries: [] });
  });
});

it.each(['site/cam 1', '__proto__', 'カ'.repeat(200)])('is one of the camera %j, told and kept', (camera) => {
  const report = { ...raised(3), place: { ...place, camera } };
  expect(alarmReportSchema.parse(report)).toEqual(report);
  const { alarms, entries } = sequenceOf(report, { ...report, alarm: 'no-redundancy' });
  expect(alarms.map((alarm) => alarmSchema.parse(alarm).place?.camera)).toEqual([camera, camera]);
  expect(entries.map((entry) => journalEntrySchema.parse(entry).camera)).toEqual([camera, camera]);
  expect(withoutCameras(alarms, (id) => id === camera, at(9)).alarms).toEqual(alarms);
});

it('writes lines that the journal takes', () => {
  const kinds = ['no-video', 'changed-over', 'no-redundancy', 'frozen', 'black'] as const;
  const { entries } = sequenceOf(
    ...kinds.flatMap((kind) => [raised(3, kind), returned(4, kind)]),
    acknowledge(5),
  );
  expect(entries).toHaveLength(15);
  for (const entry of entries) expect(journalEntrySchema.safeParse(entry).error).toBeUndefined();
});
