import { mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { Clock } from '../../shared/clock.ts';
import { type ConfigInUse, configInUseSchema } from '../app/second-start.ts';
import { systemClock } from '../host/system-clock.ts';

/** Interval of the signs of life: the precision with which the end of a killed run is known. Milliseconds. */
export const SIGN_OF_LIFE_MS = 5000;

const fileSchema = z.strictObject({
  pid: z.int(),
  /** Written by a run that noticed its end; absent while it runs. */
  endedAt: z.iso.datetime().optional(),
  /** For a second start, which cannot ask for it. */
  config: configInUseSchema.optional(),
});

/** How the previous run ended, unless the end was wanted. */
export interface UnexpectedEnd {
  readonly at: Date;
  /** `last-sign`: it was killed, or the power failed; it ran for at most {@link SIGN_OF_LIFE_MS} more. */
  readonly known: 'exactly' | 'last-sign';
}

export interface RunRecord {
  /** `null` when the previous run ended in order, or there was none. */
  readonly previousEnd: UnexpectedEnd | null;
  /** The run ends in order: the next one finds nothing to report. */
  endInOrder(): void;
  /** The run ends because of a fault of its own. */
  endUnexpectedly(at: Date): void;
}

/**
 * Keeps a file as long as the application runs. A file found at the start was left by a run that did not end in order.
 * Only the holder of the single-instance lock may call this. Writes are synchronous, because at an end there may be no
 * later moment. A file that cannot be written costs the notice, never the start.
 */
export function openRunRecord(options: {
  readonly file: string;
  readonly pid: number;
  readonly inUse: ConfigInUse;
  readonly log: (message: string) => void;
  readonly clock?: Clock;
}): RunRecord {
  const { file, pid, inUse, log, clock = systemClock } = options;
  const previousEnd = readPreviousEnd(file);
  let stopTimer: (() => void) | null = null;
  const end = (): void => {
    stopTimer?.();
    stopTimer = null;
  };
  const attempt = (action: () => void): void => {
    try {
      action();
    } catch (error) {
      end();
      log(
        `whether Holdfast ends in order cannot be noted: ${error instanceof Error ? error.message : error}`,
      );
    }
  };
  const giveSign = (): void => {
    stopTimer = clock.after(SIGN_OF_LIFE_MS, () => {
      giveSign();
      const now = new Date();
      attempt(() => utimesSync(file, now, now));
    });
  };
  const write = (content: z.infer<typeof fileSchema>): void => writeFileSync(file, JSON.stringify(content));

  giveSign();
  attempt(() => {
    mkdirSync(path.dirname(file), { recursive: true });
    write({ pid, config: inUse });
  });
  return {
    previousEnd,
    endInOrder: () => {
      end();
      attempt(() => rmSync(file, { force: true }));
    },
    endUnexpectedly: (at) => {
      end();
      attempt(() => write({ pid, endedAt: at.toISOString() }));
    },
  };
}

/** The configuration of the run that keeps the file; `null` when the file does not contain it. */
export function readConfigInUse(file: string): ConfigInUse | null {
  try {
    return fileSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).config ?? null;
  } catch {
    return null;
  }
}

function readPreviousEnd(file: string): UnexpectedEnd | null {
  let lastSign: Date;
  try {
    lastSign = statSync(file).mtime;
  } catch {
    return null;
  }
  try {
    const { endedAt } = fileSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    if (endedAt !== undefined) return { at: new Date(endedAt), known: 'exactly' };
  } catch {
    // Torn by the end that it records.
  }
  return { at: lastSign, known: 'last-sign' };
}

/** The notice at the next start, in local time, with the day when it was not today. */
export function endNotice({ at, known }: UnexpectedEnd, now: Date): string {
  const time = at.toLocaleTimeString('en-GB');
  const isToday = at.toDateString() === now.toDateString();
  const day = isToday
    ? ''
    : ` on ${at.toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric' })}`;
  const when = known === 'exactly' ? `at ${time}` : `shortly after ${time}`;
  return `Holdfast ended unexpectedly ${when}${day} and was started again.`;
}
