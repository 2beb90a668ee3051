import {
  ALARM_KINDS,
  type Alarm,
  type AlarmKind,
  isActive,
  isUnacknowledged,
  mainStreamsOf,
  NO_NETWORK,
} from '../../shared/alarms/alarm.ts';
import { causeWords } from '../../shared/cause-words.ts';
import type { Mark } from '../ui/shape.tsx';
import {
  COMES_AND_GOES_WORDS,
  type JournalNames,
  mainStreamsWords,
  siteName,
  timeWords,
  whoseWords,
} from './journal-line.ts';

/** One line of the panel: an alarm, or several cameras' alarms that say the same. */
export interface AlarmLine {
  readonly key: string;
  readonly mark: Mark;
  readonly state: Alarm['state'];
  /** "Camera 3 Gate", "16 cameras". */
  readonly who: string;
  /** "Camera 3 Gate: changed over to Backup", "16 cameras: no video". */
  readonly title: string;
  /** "Main refused the connection at 14:03:12, back on Main at 14:09:01". */
  readonly detail: string;
  /** One alarm, or several where the line is a group. */
  readonly alarms: readonly Alarm[];
}

const MARKS: Readonly<Record<AlarmKind, Exclude<Mark, 'quiet' | 'returning'>>> = {
  'local-network': 'no-video',
  'host-blocked': 'no-video',
  'thin-link': 'no-redundancy',
  'no-video': 'no-video',
  black: 'picture-fault',
  frozen: 'picture-fault',
  'changed-over': 'backup',
  'no-redundancy': 'no-redundancy',
};

export function markOf(alarms: readonly Alarm[]): Exclude<Mark, 'quiet' | 'returning'> | null {
  const gravest = gravestOf(alarms);
  return gravest === null ? null : MARKS[gravest.alarm];
}

export function gravestOf(alarms: readonly Alarm[]): Alarm | null {
  const [first] = [...alarms].sort((a, b) => ALARM_KINDS.indexOf(a.alarm) - ALARM_KINDS.indexOf(b.alarm));
  return first ?? null;
}

/**
 * The alarms as the panel lists them: those that are not acknowledged first, then the newest. Cameras that share a site and a cause
 * share a line, so that a site that fails is one line and not one for each tile.
 */
export function alarmLines(alarms: readonly Alarm[], names: JournalNames, now: Date): AlarmLine[] {
  const groups = new Map<string, Alarm[]>();
  for (const alarm of newestFirst(alarms)) {
    const { alarm: kind, state } = alarm;
    const key = [kind, state, ...occasionOf(alarm, names)].join(' / ');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [alarm]);
    else group.push(alarm);
  }
  return [...groups].map(([key, group]) => lineOf(key, group, names, now)).sort(byNeed);
}

/**
 * What else cameras on one line must share. Alarms that come and go are exempt: their sites and causes change each time.
 */
function occasionOf(alarm: Alarm, names: JournalNames): readonly string[] {
  if (alarm.comesAndGoes !== null) return [comesAndGoesWords(alarm)];
  const sites = [alarm.stream, shownSince(alarm)].map((id) => (id === null ? '' : siteName(id, names)));
  return [alarm.cause ?? '', ...sites];
}

/** The lines of an opened group: each alarm by itself, in the order of the cameras' numbers. */
export function memberLines({ alarms }: AlarmLine, names: JournalNames, now: Date): AlarmLine[] {
  const numbers = new Map(names.cameras.map(({ id, number }) => [id, number]));
  const number = ({ place }: Alarm): number => numbers.get(place?.camera ?? '') ?? Number.POSITIVE_INFINITY;
  return alarms
    .map((alarm) => ({ number: number(alarm), line: alarmLine(alarm, names, now) }))
    .sort((a, b) => (a.number < b.number ? -1 : Number(a.number > b.number)))
    .map(({ line }) => line);
}

/** An alarm by itself. */
export function alarmLine(alarm: Alarm, names: JournalNames, now: Date): AlarmLine {
  return lineOf(alarm.id, [alarm], names, now);
}

/** What happened, without the place: "changed over to Backup", or for an alarm that is over, "video was lost". */
export function alarmWords(alarm: Alarm, names: JournalNames): string {
  const words = WORDS[alarm.alarm];
  if (!isActive(alarm)) return words.over;
  if (alarm.comesAndGoes !== null) return comesAndGoesWords(alarm);
  if (alarm.cause === NO_NETWORK) return `${words.active}. Is it this workstation’s network?`;
  const mains = mainStreamsOf(alarm.cause);
  if (mains !== null) return `${words.active} for ${mainStreamsWords(mains)}`;
  if (alarm.alarm === 'changed-over' && alarm.shown !== null)
    return `${words.active} to ${siteName(alarm.shown, names)}`;
  return words.active;
}

/** The gravest alarms always say whether their reason is there at the moment; the words of the others do not change. */
function comesAndGoesWords({ alarm, returnedAt }: Alarm): string {
  const isGravest = alarm === 'no-video' || alarm === 'local-network';
  return isGravest && returnedAt === null
    ? `${WORDS[alarm].active}, comes and goes`
    : COMES_AND_GOES_WORDS[alarm];
}

/** How a camera's redundancy comes and goes: "12 times since 14:03:12"; `null` where it does not. */
export function redundancyTurns(alarms: readonly Alarm[], cameraId: string, now: Date): string | null {
  const turns = alarms.find(
    ({ alarm, place, comesAndGoes }) =>
      alarm === 'no-redundancy' && place?.camera === cameraId && comesAndGoes !== null,
  )?.comesAndGoes;
  return turns == null ? null : `${turns.turns} times since ${timeWords(turns.since, now)}`;
}

const WORDS: Readonly<Record<AlarmKind, { readonly active: string; readonly over: string }>> = {
  'local-network': { active: 'no site answers', over: 'no site answered this workstation' },
  'host-blocked': { active: 'held up by this workstation', over: 'held up by this workstation' },
  'thin-link': {
    active: 'this workstation’s link is too thin',
    over: 'this workstation’s link was too thin',
  },
  'no-video': { active: 'no video', over: 'video was lost' },
  black: { active: 'black picture', over: 'picture was black' },
  frozen: { active: 'frozen picture', over: 'picture was frozen' },
  'changed-over': { active: 'changed over', over: 'changed over and back' },
  'no-redundancy': { active: 'no redundancy', over: 'redundancy was lost' },
};

function lineOf(key: string, alarms: readonly Alarm[], names: JournalNames, now: Date): AlarmLine {
  const [first] = alarms;
  if (first === undefined) throw new Error('a line of the alarm panel has at least one alarm');
  const who =
    alarms.length === 1 ? whoseWords(first.place?.camera ?? null, names) : `${alarms.length} cameras`;
  return {
    key,
    mark: MARKS[first.alarm],
    state: first.state,
    who,
    title: `${who}: ${alarmWords(first, names)}`,
    detail: detailOf(first, alarms, names, now),
    alarms,
  };
}

function detailOf(first: Alarm, alarms: readonly Alarm[], names: JournalNames, now: Date): string {
  if (first.comesAndGoes !== null) return turnsWords(first, alarms, names, now);
  const reason =
    first.stream === null || first.cause === null
      ? []
      : [reasonWords(first.alarm, siteName(first.stream, names), first.cause)];
  const from = timeWords(earliest(alarms.map(({ firstAt }) => firstAt)), now);
  const last = timeWords(latest(alarms.map(({ lastAt }) => lastAt)), now);
  const times = alarms.reduce((sum, { count }) => sum + count, 0);
  const when =
    times > alarms.length
      ? `${times} times from ${from} to ${last}`
      : from === last
        ? `at ${from}`
        : `between ${from} and ${last}`;
  const ends = alarms.flatMap(({ returnedAt }) => returnedAt ?? []);
  const shown = shownSince(first);
  const back = shown === null ? 'over' : `back on ${siteName(shown, names)}`;
  const over = ends.length === 0 ? '' : `, ${back} at ${timeWords(latest(ends), now)}`;
  return [...reason, when].join(' ') + over;
}

/**
 * "19 times since 14:03:12, last at 14:05:01: Main refused the connection". The reason is added where all alarms share it.
 */
function turnsWords(first: Alarm, alarms: readonly Alarm[], names: JournalNames, now: Date): string {
  const all = alarms.flatMap(({ comesAndGoes }) => comesAndGoes ?? []);
  const turns = all.map((one) => one.turns);
  const most = Math.max(...turns);
  const times = `${most > Math.min(...turns) ? 'up to ' : ''}${most} times${all.length > 1 ? ' each' : ''}`;
  const since = timeWords(earliest(all.map((one) => one.since)), now);
  const last = timeWords(latest(alarms.map(({ lastAt }) => lastAt)), now);
  return `${times} since ${since}, last at ${last}${lastReason(first, alarms, names)}`;
}

function lastReason({ alarm, stream, cause }: Alarm, alarms: readonly Alarm[], names: JournalNames): string {
  if (stream === null || cause === null) return '';
  const site = siteName(stream, names);
  const isShared = alarms.every(
    (other) => other.cause === cause && other.stream !== null && siteName(other.stream, names) === site,
  );
  if (!isShared) return '';
  return `${alarm === cause ? ' ' : ': '}${reasonWords(alarm, site, cause)}`;
}

/** The cause of a faulty picture is the alarm itself, so only the site is left to say. */
function reasonWords(alarm: AlarmKind, site: string, cause: string): string {
  return alarm === cause ? `from ${site}` : `${site} ${causeWords(cause)}`;
}

/** The shown site, where it is part of what happened: the picture came from elsewhere, or there was none. */
function shownSince({ alarm, shown, comesAndGoes }: Alarm): string | null {
  if (comesAndGoes !== null) return null;
  return alarm === 'changed-over' || alarm === 'no-video' ? shown : null;
}

function newestFirst(alarms: readonly Alarm[]): Alarm[] {
  return [...alarms].sort((a, b) => Date.parse(sortTime(b)) - Date.parse(sortTime(a)));
}

/** The time by which lines are sorted. Alarms that come and go keep their places. */
function sortTime({ lastAt, comesAndGoes }: Alarm): string {
  return comesAndGoes?.toldAt ?? lastAt;
}

function byNeed(a: AlarmLine, b: AlarmLine): number {
  const seen = (line: AlarmLine): number => (isUnacknowledged(line) ? 0 : 1);
  const newest = (line: AlarmLine): number => Date.parse(latest(line.alarms.map(sortTime)));
  return seen(a) - seen(b) || newest(b) - newest(a);
}

/** ISO 8601 times in UTC can be sorted as text. */
function earliest(times: readonly string[]): string {
  return [...times].sort()[0] ?? '';
}

function latest(times: readonly string[]): string {
  return [...times].sort().at(-1) ?? '';
}
