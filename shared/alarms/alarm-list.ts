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
 * An alarm whose reason appears again within this time after its end comes and goes. It is then one alarm, until its
 * reason has been gone for this long. Milliseconds.
 */
export const COMES_AGAIN_MS = 5 * 60_000;
/**
 * Minimum time for which the reason of an alarm that comes and goes must be present to count as lasting; it must also
 * be twice as long as ever before. That is more than what was acknowledged, so the alarm is raised again. Milliseconds.
 */
export const LASTS_MS = 60_000;
/**
 * Time after which the reason of such an alarm counts as lasting in any case. For a tile on its backup this is the only
 * limit: it waits up to ten minutes for a flapping site (rule 9). Milliseconds.
 */
export const SURELY_LASTS_MS = 15 * 60_000;

/** The alarms after an event, and the journal entries about it. */
export interface AlarmStep {
  /** The same list object where nothing changed. */
  readonly alarms: readonly Alarm[];
  readonly entries: readonly JournalEntry[];
}

/**
 * Applies a tile's report. A new occurrence makes one journal entry. A repeated report makes none, and neither do the
 * single occurrences of an alarm that comes and goes.
 * @param alarms already settled ({@link settleAlarms})
 */
export function reportAlarm(alarms: readonly Alarm[], report: AlarmReport): AlarmStep {
  const id = alarmId(report.alarm, report.place);
  const known = alarms.find((alarm) => alarm.id === id);
  return report.transition === 'raised' ? raise(alarms, known, id, report) : returned(alarms, known, report);
}

/**
 * Acknowledges the alarms as they were seen. An alarm that came again since then stays, because nobody has seen that.
 * For an alarm that comes and goes, a further occurrence is nothing new.
 * @param by who acknowledges
 */
export function acknowledgeAlarms(
  alarms: readonly Alarm[],
  seen: readonly SeenAlarm[],
  { time, by }: { readonly time: string; readonly by: string },
): AlarmStep {
  // Both lists may be long, so neither is searched for each element of the other.
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

/**
 * Applies what time alone changes: ends the coming and going of alarms that stay away or last, and forgets ended
 * alarms.
 */
export function settleAlarms(alarms: readonly Alarm[], time: string): AlarmStep {
  return settle(alarms, time, (alarm) => (dueInMs(alarm, time) ?? Number.POSITIVE_INFINITY) <= 0);
}

/** Time until {@link settleAlarms} has something to do, ms; 0 or less when it has now; `null` for never. */
export function settlesInMs(alarms: readonly Alarm[], time: string): number | null {
  return alarms.reduce<number | null>((soonest, alarm) => {
    const dueMs = dueInMs(alarm, time);
    return dueMs === null || (soonest !== null && soonest <= dueMs) ? soonest : dueMs;
  }, null);
}

/**
 * A list that was kept aside. Nobody knows how long the last occurrence of an alarm went on, so its time counts from
 * now.
 */
export function takeUpAlarms(alarms: readonly Alarm[], time: string): readonly Alarm[] {
  return alarms.map((alarm) =>
    alarm.comesAndGoes !== null && isThere(alarm) ? { ...alarm, lastAt: time } : alarm,
  );
}

/** Alarms of cameras that are no longer configured cannot end by themselves: their reasons count as gone. */
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
  // A change is an event, new each time. The other alarms last, and a tile that starts again reports them again.
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

/** Ends the coming and going of due alarms, or forgets them. */
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
    // A tile that stays on its backup is no more than what was acknowledged.
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

/** Time until time alone changes the alarm, ms; `null` for never. */
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

/** Whether its reason is present. */
function isThere({ returnedAt }: Alarm): boolean {
  return returnedAt === null;
}

/** Whether a new occurrence continues this alarm. */
function isRecent({ lastAt, returnedAt, comesAndGoes }: Alarm, time: string): boolean {
  return comesAndGoes !== null || msBetween(returnedAt ?? lastAt, time) < COMES_AGAIN_MS;
}

function wasSeen({ lastAt, comesAndGoes }: Alarm, seenAt: string | undefined): boolean {
  if (seenAt === undefined || comesAndGoes === null) return seenAt === lastAt;
  return Date.parse(seenAt) >= Date.parse(comesAndGoes.toldAt);
}

/** Adds an occurrence that has ended. */
function withTurn(
  comesAndGoes: NonNullable<Alarm['comesAndGoes']>,
  from: string,
  to: string,
): NonNullable<Alarm['comesAndGoes']> {
  const ms = msBetween(from, to);
  const { stoodMs, longestMs } = comesAndGoes;
  return { ...comesAndGoes, stoodMs: stoodMs + ms, longestMs: Math.max(longestMs, ms) };
}

/** Waits end too early, rather than never, when the clock was set back far. */
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
