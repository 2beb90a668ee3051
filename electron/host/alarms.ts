import { mkdir, readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import {
  type Alarm,
  type AlarmReport,
  alarmSchema,
  isListed,
  type SeenAlarm,
} from '../../shared/alarms/alarm.ts';
import {
  type AlarmStep,
  acknowledgeAlarms,
  reportAlarm,
  settleAlarms,
  settlesInMs,
  takeUpAlarms,
  withoutCameras,
} from '../../shared/alarms/alarm-list.ts';
import type { Clock } from '../../shared/clock.ts';
import type { JournalEntry } from '../../shared/journal/journal-entry.ts';
import { writeAtomically } from './atomic-write.ts';
import { codeOf, fileProblem } from './file-problem.ts';
import { systemClock } from './system-clock.ts';

/** A wall loses its site tile by tile: changes within this time reach the windows in one message. Milliseconds. */
const SETTLE_MS = 100;
/** Time between a failed write and the next attempt, in milliseconds. */
const RETRY_MS = 5000;

const fileSchema = z.strictObject({
  version: z.literal(1),
  /**
   * By the name of the configuration that the cameras belong to: alarms of the demo do not mix with those of the own
   * sites.
   */
  lists: z.record(z.string(), z.array(alarmSchema)),
});

export interface AlarmsOptions {
  /** Its folder is created if it is missing. */
  readonly file: string;
  /** Who acknowledges at this host. */
  readonly user: string;
  /** Receives the journal entry for each event. */
  readonly onEntry: (entry: JournalEntry) => void;
  /** Receives the whole list, shortly after it changed. */
  readonly onChanged: (alarms: readonly Alarm[]) => void;
  readonly log: (message: string) => void;
  readonly clock?: Clock;
  /** The time of day, ms since 1970. */
  readonly epochMs?: () => number;
}

/**
 * Keeps the alarms of all windows until they are acknowledged, also over crashes of a window and restarts of the host.
 * No call waits for the disk: while the disk fails, the list is kept in memory.
 */
export interface Alarms {
  /**
   * Loads the alarms of a configuration. Alarms of cameras that it no longer has end.
   * @param source the configuration's name: alarms of another configuration are kept aside until that one is in use
   * again
   */
  use(source: string, cameraIds: readonly string[]): Promise<void>;
  /** All alarms, except those that are back to normal and only remembered. */
  list(): readonly Alarm[];
  /** Takes a tile's report. Reports about cameras that are not configured are ignored. */
  report(report: AlarmReport): void;
  acknowledge(seen: readonly SeenAlarm[]): void;
  /** A problem with the list itself, in words for the operator; `null` when there is none. */
  notice(): string | null;
  /** Writes what is still unwritten. Never rejects; a failed write is logged. */
  close(): Promise<void>;
}

export function openAlarms(options: AlarmsOptions): Alarms {
  const { file, user, onEntry, onChanged, log, clock = systemClock, epochMs = Date.now } = options;
  let lists: Readonly<Record<string, readonly Alarm[]>> = {};
  let source: string | null = null;
  let cameras: ReadonlySet<string> = new Set();
  let notice: string | null = null;
  let state: 'writing' | 'failing' | 'closed' = 'writing';
  let unwritten = false;
  let stopTimer: (() => void) | null = null;
  let stopRetry: (() => void) | null = null;
  let stopSettling: (() => void) | null = null;

  const loading = readLists(file).then((read) => {
    lists = read.lists;
    notice = read.notice;
    if (notice !== null) log(notice);
  });
  let writing: Promise<void> = loading;

  const remembered = (): readonly Alarm[] => (source === null ? [] : (lists[source] ?? []));
  const list = (): readonly Alarm[] => remembered().filter(isListed);
  const isoTime = (): string => new Date(epochMs()).toISOString();

  const take = ({ alarms, entries }: AlarmStep): void => {
    for (const entry of entries) onEntry(entry);
    if (source !== null && alarms !== remembered()) {
      lists = { ...lists, [source]: alarms };
      changed();
    }
    stopSettling?.();
    const dueMs = settlesInMs(alarms, isoTime());
    stopSettling = dueMs === null ? null : clock.after(Math.max(dueMs, 0), settle);
  };

  const settle = (): void => take(settleAlarms(remembered(), isoTime()));

  const changed = (): void => {
    stopTimer ??= clock.after(SETTLE_MS, () => {
      stopTimer = null;
      onChanged(list());
    });
    write();
  };

  const write = (): void => {
    if (unwritten) return;
    unwritten = true;
    writing = writing.then(async () => {
      unwritten = false;
      try {
        await mkdir(path.dirname(file), { recursive: true });
        await writeAtomically(file, `${JSON.stringify({ version: 1, lists })}\n`);
        if (state === 'failing') state = 'writing';
      } catch (error) {
        if (state === 'writing') log(`the alarms cannot be kept in ${file}: ${fileProblem(error)}`);
        if (state === 'closed') return;
        state = 'failing';
        stopRetry?.();
        stopRetry = clock.after(RETRY_MS, write);
      }
    });
  };

  return {
    use: async (name, cameraIds) => {
      await loading;
      const before = remembered();
      if (name !== source) lists = { ...lists, [name]: takeUpAlarms(lists[name] ?? [], isoTime()) };
      source = name;
      cameras = new Set(cameraIds);
      settle();
      take(withoutCameras(remembered(), (id) => cameras.has(id), isoTime()));
      if (remembered() !== before) changed();
    },
    list,
    report: (report) => {
      if (report.place !== null && !cameras.has(report.place.camera)) return;
      // After the machine slept, the timer for this is late.
      settle();
      take(reportAlarm(remembered(), report));
    },
    acknowledge: (seen) => take(acknowledgeAlarms(remembered(), seen, { time: isoTime(), by: user })),
    notice: () => notice,
    close: async () => {
      stopTimer?.();
      stopRetry?.();
      stopSettling?.();
      if (state === 'failing') write();
      state = 'closed';
      await writing;
    },
  };
}

type Read = { readonly lists: z.infer<typeof fileSchema>['lists']; readonly notice: string | null };

/** A file that cannot be read is kept aside, not overwritten: it may name alarms that nobody has seen. */
async function readLists(file: string): Promise<Read> {
  let problem: string;
  try {
    const { lists } = fileSchema.parse(JSON.parse(await readFile(file, 'utf8')));
    return { lists, notice: null };
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return { lists: {}, notice: null };
    problem = codeOf(error) === null ? 'is damaged' : `cannot be read (${fileProblem(error)})`;
  }
  const aside = `${file}.damaged`;
  const moved = await rename(file, aside).then(
    () => ` It is now ${aside}.`,
    () => '',
  );
  return {
    lists: {},
    notice: `The alarms from before are lost: ${file} ${problem}.${moved} The journal has them.`,
  };
}
