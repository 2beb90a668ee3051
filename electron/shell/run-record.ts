import { mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { type ConfigInUse, configInUseSchema } from '../app/second-start.ts';
import { type Clock, systemClock } from '../host/clock.ts';

/** How often a run leaves a sign of life: the end of one that was killed is known this well. Milliseconds. */
export const SIGN_OF_LIFE_MS = 5000;

const fileSchema = z.strictObject({
  pid: z.int(),
  /** Written by a run that knew of its end; absent while it lasts. */
  endedAt: z.iso.datetime().optional(),
  /** For a second start, which cannot ask. */
  config: configInUseSchema.optional(),
});

/** How the run before came to its end, unless somebody ended it. */
export interface UnexpectedEnd {
  readonly at: Date;
  /** `last-sign`: it was killed, or the power went; it lived on for at most {@link SIGN_OF_LIFE_MS}. */
  readonly known: 'exactly' | 'last-sign';
}

export interface RunRecord {
  /** `null` when the run before ended in order, or there was none. */
  readonly previousEnd: UnexpectedEnd | null;
  /** The run ends in order: the next one finds nothing to tell. */
  endInOrder(): void;
  /** The run ends by a fault of its own. */
  endUnexpectedly(at: Date): void;
}

/**
 * Keeps a file for as long as the application runs. One that is found at the start was left by a run that did not end
 * in order. Only for the holder of the single-instance lock. Written synchronously, because at an end there may be no later.
 * A file that cannot be written costs the notice, never the start.
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
    stopTimer = clock.schedule(() => {
      giveSign();
      const now = new Date();
      attempt(() => utimesSync(file, now, now));
    }, SIGN_OF_LIFE_MS);
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

/** The configuration of the run that keeps the file; `null` when the file does not tell. */
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
    // Torn by the very end that it tells of.
  }
  return { at: lastSign, known: 'last-sign' };
}

/** What the operator is told at the next start. Local time; with the day when it was not today. */
export function endNotice({ at, known }: UnexpectedEnd, now: Date): string {
  const time = at.toLocaleTimeString('en-GB');
  const isToday = at.toDateString() === now.toDateString();
  const day = isToday
    ? ''
    : ` on ${at.toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric' })}`;
  const when = known === 'exactly' ? `at ${time}` : `shortly after ${time}`;
  return `Holdfast ended unexpectedly ${when}${day} and was started again.`;
}
