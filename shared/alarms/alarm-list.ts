import type { AlarmName, JournalEntry } from '../journal/journal-entry.ts';
import {
  type Alarm,
  type AlarmKind,
  type AlarmReport,
  alarmId,
  isActive,
  isListed,
  isUnacknowledged,
  type SeenAlarm,
} from './alarm.ts';

/**
 * An alarm whose reason comes again so soon after its end comes and goes: it is one alarm, until its reason has been gone for as
 * long. Milliseconds.
 */
export const COMES_AGAIN_MS = 5 * 60_000;
/**
 * A turn of what comes and goes lasts when it stands for twice as long as every turn before it, and for so long at least: it is
 * no mere repetition of what was acknowledged, and told anew. Milliseconds.
 */
export const LASTS_MS = 60_000;
/**
 * A turn that stands for so long lasts, whatever was before. That a tile is on its backup lasts only then: it waits for a site
 * that flaps for up to ten minutes (rule 9). Milliseconds.
 */
export const SURELY_LASTS_MS = 15 * 60_000;

/** A list of alarms after something happened, and the journal's lines about it. */
export interface AlarmStep {
  /** The same list where nothing changed. */
  readonly alarms: readonly Alarm[];
  readonly entries: readonly JournalEntry[];
}

/**
 * Takes what a tile tells. An occurrence is one line of the journal; a repetition of what is known is none, nor are the turns of
 * an alarm that comes and goes.
 *
 * @param alarms settled by now ({@link settleAlarms})
 */
export function reportAlarm(alarms: readonly Alarm[], report: AlarmReport): AlarmStep {
  const id = alarmId(report.alarm, report.place);
  const known = alarms.find((alarm) => alarm.id === id);
  return report.transition === 'raised' ? raise(alarms, known, id, report) : returned(alarms, known, report);
}

/**
 * Acknowledges what was seen. An alarm that came again since then stays: nobody has seen that. Of one that comes and goes, a
 * further turn is nothing new.
 *
 * @param by who acknowledges
 */
export function acknowledgeAlarms(
  alarms: readonly Alarm[],
  seen: readonly SeenAlarm[],
  { time, by }: { readonly time: string; readonly by: string },
): AlarmStep {
  // Both lists may have thousands: neither is gone through for each of the other.
  const seenAt = new Map(seen.map(({ id, lastAt }) => [id, lastAt]));
  const acknowledged = new Set(
    alarms.filter((alarm) => isUnacknowledged(alarm) && wasSeen(alarm, seenAt.get(alarm.id))),
  );
  if (acknowledged.size === 0) return { alarms, entries: [] };
  return {
    alarms: alarms.map((alarm): Alarm => {
      if (!acknowledged.has(alarm)) return alarm;
      return { ...alarm, state: isActive(alarm) ? 'acknowledged' : 'normal' };
    }),
    entries: [...acknowledged].map(({ alarm, place }) => ({
      kind: 'acknowledged',
      time,
      ...placeOf(place),
      alarm,
      by,
    })),
  };
}

/** Ends what time alone ends: coming and going, of what stays away or stays, and the memory of what was settled. */
export function settleAlarms(alarms: readonly Alarm[], time: string): AlarmStep {
  return settle(alarms, time, (alarm) => (dueInMs(alarm, time) ?? Number.POSITIVE_INFINITY) <= 0);
}

/** In how many ms {@link settleAlarms} has something to do, 0 or less when it has now; `null` for never. */
export function settlesInMs(alarms: readonly Alarm[], time: string): number | null {
  return alarms.reduce<number | null>((soonest, alarm) => {
    const dueMs = dueInMs(alarm, time);
    return dueMs === null || (soonest !== null && soonest <= dueMs) ? soonest : dueMs;
  }, null);
}

/** A list that was put aside: nobody saw how long the turn went on that it ended with, which counts from now. */
export function takeUpAlarms(alarms: readonly Alarm[], time: string): readonly Alarm[] {
  return alarms.map((alarm) =>
    alarm.comesAndGoes !== null && isThere(alarm) ? { ...alarm, lastAt: time } : alarm,
  );
}

/** Alarms of cameras that are no longer configured can end by themselves no more: they count as returned to normal. */
export function withoutCameras(
  alarms: readonly Alarm[],
  isConfigured: (cameraId: string) => boolean,
  time: string,
): AlarmStep {
  let step: AlarmStep = { alarms, entries: [] };
  const isOver = ({ place }: Alarm): boolean => place !== null && !isConfigured(place.camera);
  for (const { alarm, place, shown } of alarms.filter(isOver))
    step = joined(step, reportAlarm(step.alarms, { transition: 'returned', alarm, time, place, shown }));
  return joined(
    step,
    settle(step.alarms, time, (alarm) => isOver(alarm) && isSettling(alarm)),
  );
}

type Raised = Extract<AlarmReport, { transition: 'raised' }>;
type Returned = Extract<AlarmReport, { transition: 'returned' }>;
type Told = NonNullable<Extract<JournalEntry, { kind: 'alarm' }>['comesAndGoes']>;

function raise(alarms: readonly Alarm[], known: Alarm | undefined, id: string, report: Raised): AlarmStep {
  const { alarm, time, place, stream, shown, cause } = report;
  // A change is an event, new each time. The others last, and are told again by a tile that starts anew.
  if (known !== undefined && isThere(known) && alarm !== 'changed-over') return { alarms, entries: [] };
  const others = alarms.filter((other) => other !== known);
  const turn = { place, stream, shown, cause, lastAt: time, returnedAt: null };
  if (known === undefined || !isRecent(known, time)) {
    const before = known === undefined || !isListed(known) ? { firstAt: time, count: 0 } : known;
    const next: Alarm = {
      id,
      alarm,
      state: 'unacknowledged',
      firstAt: before.firstAt,
      count: before.count + 1,
      ...turn,
      comesAndGoes: null,
    };
    return { alarms: [...others, next], entries: [raisedEntry(report)] };
  }
  const { comesAndGoes } = known;
  if (comesAndGoes !== null) {
    const ended = isThere(known) ? withTurn(comesAndGoes, known.lastAt, time) : comesAndGoes;
    const next = {
      ...known,
      ...turn,
      count: known.count + 1,
      comesAndGoes: { ...ended, turns: ended.turns + 1 },
    };
    return { alarms: [...others, next], entries: [] };
  }
  const since = known.lastAt;
  const stoodMs = msBetween(since, known.returnedAt ?? time);
  const next: Alarm = {
    ...known,
    ...turn,
    state: 'unacknowledged',
    ...(isListed(known) ? { count: known.count + 1 } : { firstAt: since, count: 2 }),
    comesAndGoes: { since, toldAt: time, turns: 2, stoodMs, longestMs: stoodMs },
  };
  return {
    alarms: [...others, next],
    entries: [raisedEntry(report, { phase: 'begins', since, until: null, turns: 2, stoodMs })],
  };
}

function returned(alarms: readonly Alarm[], known: Alarm | undefined, report: Returned): AlarmStep {
  if (known === undefined || !isThere(known)) return { alarms, entries: [] };
  const { time, shown } = report;
  const others = alarms.filter((other) => other !== known);
  const { comesAndGoes } = known;
  if (comesAndGoes !== null) {
    const ended = withTurn(comesAndGoes, known.lastAt, time);
    return {
      alarms: [...others, { ...known, shown, returnedAt: time, comesAndGoes: ended }],
      entries: [],
    };
  }
  const state = known.state === 'acknowledged' ? 'normal' : 'returned-unacknowledged';
  return {
    alarms: [...others, { ...known, state, shown, returnedAt: time }],
    entries: [endedEntry({ ...known, place: report.place, shown }, time)],
  };
}

/** Ends the coming and going, or the memory, of those that are due. */
function settle(alarms: readonly Alarm[], time: string, isDue: (alarm: Alarm) => boolean): AlarmStep {
  const due = new Set(alarms.filter(isDue));
  if (due.size === 0) return { alarms, entries: [] };
  return {
    alarms: alarms.flatMap((alarm) => (due.has(alarm) ? settled(alarm) : [alarm])),
    entries: [...due].flatMap((alarm) => settledEntry(alarm, time)),
  };
}

function settled(alarm: Alarm): readonly Alarm[] {
  if (isThere(alarm)) {
    // That a tile stays on its backup is no more than what was acknowledged.
    const state = alarm.alarm === 'changed-over' ? alarm.state : 'unacknowledged';
    return [{ ...alarm, state, comesAndGoes: null }];
  }
  return isUnacknowledged(alarm) ? [{ ...alarm, state: 'returned-unacknowledged', comesAndGoes: null }] : [];
}

function settledEntry(alarm: Alarm, time: string): JournalEntry[] {
  const { comesAndGoes, lastAt, returnedAt } = alarm;
  if (comesAndGoes === null) return [];
  const { since, turns, stoodMs } = comesAndGoes;
  if (returnedAt !== null)
    return [endedEntry(alarm, time, { phase: 'ends', since, until: returnedAt, turns, stoodMs })];
  const withThisTurn = stoodMs + msBetween(lastAt, time);
  return [
    raisedEntry({ ...alarm, time }, { phase: 'lasts', since, until: null, turns, stoodMs: withThisTurn }),
  ];
}

/** In how many ms time alone changes something about it; `null` for never. */
function dueInMs(alarm: Alarm, time: string): number | null {
  if (!isSettling(alarm)) return null;
  const { alarm: kind, lastAt, returnedAt, comesAndGoes } = alarm;
  if (returnedAt !== null) return COMES_AGAIN_MS - msBetween(returnedAt, time);
  const leastMs = kind === 'changed-over' ? SURELY_LASTS_MS : LASTS_MS;
  const lastsMs = Math.max(leastMs, 2 * (comesAndGoes?.longestMs ?? 0));
  return Math.min(lastsMs, SURELY_LASTS_MS) - msBetween(lastAt, time);
}

function isSettling({ state, comesAndGoes }: Alarm): boolean {
  return state === 'normal' || comesAndGoes !== null;
}

/** Whether its reason is there at this moment. */
function isThere({ returnedAt }: Alarm): boolean {
  return returnedAt === null;
}

/** Whether what comes now is a turn of it. */
function isRecent({ lastAt, returnedAt, comesAndGoes }: Alarm, time: string): boolean {
  return comesAndGoes !== null || msBetween(returnedAt ?? lastAt, time) < COMES_AGAIN_MS;
}

function wasSeen({ lastAt, comesAndGoes }: Alarm, seenAt: string | undefined): boolean {
  if (seenAt === undefined || comesAndGoes === null) return seenAt === lastAt;
  return Date.parse(seenAt) >= Date.parse(comesAndGoes.toldAt);
}

/** A turn has ended. */
function withTurn(
  comesAndGoes: NonNullable<Alarm['comesAndGoes']>,
  from: string,
  to: string,
): NonNullable<Alarm['comesAndGoes']> {
  const ms = msBetween(from, to);
  const { stoodMs, longestMs } = comesAndGoes;
  return { ...comesAndGoes, stoodMs: stoodMs + ms, longestMs: Math.max(longestMs, ms) };
}

/** A clock that was set back by a lot ends waits early rather than never. */
function msBetween(from: string, to: string): number {
  return Math.abs(Date.parse(to) - Date.parse(from));
}

function joined(first: AlarmStep, then: AlarmStep): AlarmStep {
  return { alarms: then.alarms, entries: [...first.entries, ...then.entries] };
}

function raisedEntry(
  {
    time,
    place,
    alarm,
    stream,
    cause,
    words,
  }: Pick<Raised, 'time' | 'place' | 'alarm' | 'stream' | 'cause' | 'words'>,
  comesAndGoes?: Told,
): JournalEntry {
  return { kind: 'alarm', time, ...placeOf(place), alarm, stream, cause, words, comesAndGoes };
}

function endedEntry({ place, alarm, shown }: Alarm, time: string, comesAndGoes?: Told): JournalEntry {
  return {
    kind: 'alarm',
    time,
    ...placeOf(place),
    alarm: ENDED[alarm],
    stream: shown,
    cause: null,
    comesAndGoes,
  };
}

const ENDED: Readonly<Record<AlarmKind, AlarmName>> = {
  'local-network': 'local-network-restored',
  'host-blocked': 'host-answers',
  'thin-link': 'link-restored',
  'no-video': 'video-restored',
  black: 'black-ended',
  frozen: 'frozen-ended',
  'changed-over': 'changed-back',
  'no-redundancy': 'redundancy-restored',
};

function placeOf(place: Alarm['place']): {
  view: string | null;
  tile: number | null;
  camera: string | null;
} {
  return place ?? { view: null, tile: null, camera: null };
}
