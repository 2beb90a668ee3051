import type { AlarmName, JournalEntry } from '../journal-entry.ts';
import {
  type Alarm,
  type AlarmKind,
  type AlarmReport,
  alarmId,
  isActive,
  isUnacknowledged,
  type SeenAlarm,
} from './alarm.ts';

/** A list of alarms after something happened, and the journal's lines about it. */
export interface AlarmStep {
  /** The same list where nothing changed. */
  readonly alarms: readonly Alarm[];
  readonly entries: readonly JournalEntry[];
}

/** Takes what a tile tells. An occurrence is one line of the journal; a repetition of what is known is none. */
export function reportAlarm(alarms: readonly Alarm[], report: AlarmReport): AlarmStep {
  const id = alarmId(report.alarm, report.place);
  const known = alarms.find((alarm) => alarm.id === id);
  return report.transition === 'raised' ? raise(alarms, known, id, report) : returned(alarms, known, report);
}

/**
 * Acknowledges what was seen. An alarm that came again since then stays: nobody has seen that.
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
    alarms.filter((alarm) => isUnacknowledged(alarm) && seenAt.get(alarm.id) === alarm.lastAt),
  );
  if (acknowledged.size === 0) return { alarms, entries: [] };
  return {
    alarms: alarms.flatMap((alarm): Alarm[] => {
      if (!acknowledged.has(alarm)) return [alarm];
      return isActive(alarm) ? [{ ...alarm, state: 'acknowledged' }] : [];
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

/** Alarms of cameras that are no longer configured can end by themselves no more: they count as returned to normal. */
export function withoutCameras(
  alarms: readonly Alarm[],
  isConfigured: (cameraId: string) => boolean,
  time: string,
): AlarmStep {
  let step: AlarmStep = { alarms, entries: [] };
  for (const { alarm, place, shown } of alarms) {
    if (place === null || isConfigured(place.camera)) continue;
    const next = reportAlarm(step.alarms, { transition: 'returned', alarm, time, place, shown });
    step = { alarms: next.alarms, entries: [...step.entries, ...next.entries] };
  }
  return step;
}

type Raised = Extract<AlarmReport, { transition: 'raised' }>;
type Returned = Extract<AlarmReport, { transition: 'returned' }>;

function raise(
  alarms: readonly Alarm[],
  known: Alarm | undefined,
  id: string,
  { alarm, time, place, stream, shown, cause, words }: Raised,
): AlarmStep {
  // A change is an event, told once and new each time. The others last, and are told again by a tile that starts anew.
  if (known !== undefined && isActive(known) && alarm !== 'changed-over') return { alarms, entries: [] };
  const next: Alarm = {
    id,
    alarm,
    state: 'unacknowledged',
    place,
    firstAt: known?.firstAt ?? time,
    lastAt: time,
    count: (known?.count ?? 0) + 1,
    stream,
    shown,
    cause,
    returnedAt: null,
  };
  return {
    alarms: [...alarms.filter((other) => other !== known), next],
    entries: [{ kind: 'alarm', time, ...placeOf(place), alarm, stream, cause, words }],
  };
}

function returned(alarms: readonly Alarm[], known: Alarm | undefined, report: Returned): AlarmStep {
  if (known === undefined || !isActive(known)) return { alarms, entries: [] };
  const { time, place, shown } = report;
  const rest = alarms.filter((other) => other !== known);
  return {
    alarms:
      known.state === 'acknowledged'
        ? rest
        : [...rest, { ...known, state: 'returned-unacknowledged', shown, returnedAt: time }],
    entries: [
      {
        kind: 'alarm',
        time,
        ...placeOf(place),
        alarm: ENDED[known.alarm],
        stream: shown,
        cause: null,
      },
    ],
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
