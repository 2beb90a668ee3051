import { ALARM_KINDS, type AlarmKind, mainStreamsOf, NO_NETWORK } from '../../shared/alarms/alarm.ts';
import { causeSubject, causeWords } from '../../shared/cause-words.ts';
import type { PublicConfig } from '../../shared/config/config.ts';
import type { AlarmName, JournalEntry } from '../../shared/journal/journal-entry.ts';
import { formatAge, formatDay, formatMs, formatTime } from '../ui/format.ts';

/** A smaller jump of the picture's own time is caused by the two sites' encoders and is no loss, ms. */
const WORTH_TELLING_JUMP_MS = 500;

/** Names for the ids in an entry. An id that is not in the configuration any more is shown itself. */
export type JournalNames = Pick<PublicConfig, 'sites' | 'cameras'>;

/** A UTC time in local time: `14:03:12`, with the day before it when that is not today. */
export function timeWords(utc: string, now: Date): string {
  const time = new Date(utc);
  const day = formatDay(time);
  return day === formatDay(now) ? formatTime(time) : `${day} ${formatTime(time)}`;
}

/** The same where there is no room for both: `14:03:12`, or only the date of another day. */
export function shortTimeWords(utc: string, now: Date): string {
  const time = new Date(utc);
  const day = formatDay(time);
  return day === formatDay(now) ? formatTime(time) : day;
}

/** What happened: "Camera 3 Gate: Main to Backup, Main refused the connection, gap 67 ms". */
export function journalWords(entry: JournalEntry, names: JournalNames): string {
  return `${whoseWords(entry.camera, names)}: ${happening(entry, names)}`;
}

/** The gateway's words for the failure, beginning with a capital: the detail of a line. `null` without. */
export function journalDetail(entry: JournalEntry): string | null {
  const words = entry.kind === 'acknowledged' ? undefined : entry.words;
  return words === undefined ? null : words.charAt(0).toUpperCase() + words.slice(1);
}

/** "1 main stream", "4 main streams". */
export function mainStreamsWords(streams: number): string {
  return `${streams} main ${streams === 1 ? 'stream' : 'streams'}`;
}

/** "Camera 3 Gate", or the window as a whole. */
export function whoseWords(cameraId: string | null, names: Pick<JournalNames, 'cameras'>): string {
  if (cameraId === null) return 'All cameras';
  const camera = names.cameras.find(({ id }) => id === cameraId);
  return camera === undefined ? `Camera ${cameraId}` : `Camera ${camera.number} ${camera.name}`;
}

function happening(entry: JournalEntry, names: JournalNames): string {
  switch (entry.kind) {
    case 'change':
      return change(entry, names);
    case 'alarm':
      return alarm(entry, names);
    case 'acknowledged':
      return `alarm "${ALARM_WORDS[entry.alarm]}" acknowledged by ${entry.by}`;
  }
}

/** Whether every word of the filter is in the line, whatever the case. */
export function matchesFilter(line: string, filter: string): boolean {
  const text = line.toLowerCase();
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

type Change = Extract<JournalEntry, { kind: 'change' }>;
type Alarm = Extract<JournalEntry, { kind: 'alarm' }>;

function change(entry: Change, names: JournalNames): string {
  const to = siteName(entry.to, names);
  const from = entry.from === null ? null : siteName(entry.from, names);
  const subject = causeSubject(entry.cause) === 'from' && from !== null ? from : to;
  return [
    ...(entry.cause === 'renewed' ? [] : [whereTo(entry, from, to)]),
    ...(entry.cause === 'start' ? [] : [`${subject} ${causeWords(entry.cause)}`]),
    ...(entry.gapMs === null ? [] : [`gap ${formatMs(entry.gapMs)}`]),
    ...jump(entry.jumpMs),
  ].join(', ');
}

function whereTo(entry: Change, from: string | null, to: string): string {
  if (from === null) return `starts on ${to}`;
  if (entry.from === entry.to) return `back on ${to}`;
  return from === to ? `stays on ${to}` : `${from} to ${to}`;
}

function jump(jumpMs: number | null): string[] {
  if (jumpMs === null || Math.abs(jumpMs) < WORTH_TELLING_JUMP_MS) return [];
  return [jumpMs > 0 ? `${formatMs(jumpMs)} skipped` : `${formatMs(-jumpMs)} repeated`];
}

const ALARM_WORDS: Readonly<Record<AlarmName, string>> = {
  'local-network': 'no site answers this workstation',
  'local-network-restored': 'sites answer this workstation again',
  'host-blocked': 'held up by this workstation',
  'host-answers': 'no longer held up by this workstation',
  'thin-link': 'this workstation’s link is too thin',
  'link-restored': 'this workstation’s link carries all streams again',
  'no-video': 'no video',
  'video-restored': 'video is back',
  black: 'black picture',
  'black-ended': 'picture no longer black',
  frozen: 'frozen picture',
  'frozen-ended': 'picture moves again',
  'changed-over': 'changed over',
  'changed-back': 'back on its first site',
  'no-redundancy': 'no redundancy',
  'redundancy-restored': 'redundancy is back',
};

/** The name of an alarm while its reason comes and goes, whether it is there at the moment or not. */
export const COMES_AND_GOES_WORDS: Readonly<Record<AlarmKind, string>> = {
  'local-network': 'the way to all sites comes and goes',
  'host-blocked': 'held up by this workstation repeatedly',
  'thin-link': 'this workstation’s link is too thin at times',
  'no-video': 'video comes and goes',
  black: 'black picture comes and goes',
  frozen: 'frozen picture comes and goes',
  'changed-over': 'changed over repeatedly',
  'no-redundancy': 'redundancy comes and goes',
};

function alarm(entry: Alarm, names: JournalNames): string {
  const { comesAndGoes } = entry;
  if (comesAndGoes === undefined) return occurrence(entry, ALARM_WORDS[entry.alarm], names);
  const { phase, since, until, turns, stoodMs } = comesAndGoes;
  const time = (utc: string): string => timeWords(utc, new Date(entry.time));
  const kind = ALARM_KINDS.find((name) => name === entry.alarm);
  if (phase === 'begins' && kind !== undefined)
    return `${occurrence(entry, COMES_AND_GOES_WORDS[kind], names)}, since ${time(since)}`;
  const now = phase === 'lasts' ? 'lasts now' : 'comes and goes no longer';
  const when = until === null ? `since ${time(since)}` : `from ${time(since)} to ${time(until)}`;
  return [
    `${occurrence(entry, ALARM_WORDS[entry.alarm], names)}, ${now}: ${turns} times ${when}`,
    `${formatAge(stoodMs / 1000)} in all`,
  ].join(', ');
}

/** What happened at one moment, and why. */
function occurrence(entry: Alarm, what: string, names: JournalNames): string {
  if (entry.cause === NO_NETWORK) return `${what}, which is in no network`;
  const mains = mainStreamsOf(entry.cause);
  if (mains !== null) return `${what} for ${mainStreamsWords(mains)}`;
  if (entry.stream === null) return what;
  const site = siteName(entry.stream, names);
  if (entry.cause === entry.alarm) return `${what} from ${site}`;
  if (entry.cause !== null) return `${what}, ${site} ${causeWords(entry.cause)}`;
  switch (entry.alarm) {
    case 'video-restored':
      return `${what} from ${site}`;
    case 'changed-back':
      return `back on ${site}`;
    default:
      return what;
  }
}

/** The name of a stream's site; its id where that is not in the configuration any more. */
export function siteName(streamId: string, names: JournalNames): string {
  const siteId = streamId.slice(0, streamId.lastIndexOf('/'));
  return names.sites.find(({ id }) => id === siteId)?.name ?? siteId;
}
