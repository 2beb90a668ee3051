import { readFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { Clock } from '../../shared/clock.ts';
import { writeAtomically } from '../host/atomic-write.ts';
import { systemClock } from '../host/system-clock.ts';
import type { WindowPlace } from './window-placement.ts';

/** A window moves in many steps: its place is written once it has not moved for this long. Milliseconds. */
const SETTLE_MS = 500;
/** Length limit of a kept fragment, in characters. */
const LONGEST_SHOWN = 500;

const coordinate = z.int().min(-100_000).max(100_000);
const side = z.int().min(1).max(100_000);
const rectangleSchema = z.strictObject({ x: coordinate, y: coordinate, width: side, height: side });
const placeSchema = z.strictObject({
  bounds: rectangleSchema,
  state: z.enum(['normal', 'maximised', 'fullscreen']),
  monitor: z.strictObject({ id: z.number(), bounds: rectangleSchema }),
});
const windowSchema = z.strictObject({
  place: placeSchema.nullable(),
  shown: z.string().max(LONGEST_SHOWN),
});
const fileSchema = z.strictObject({
  version: z.literal(1),
  windows: z.record(z.string().max(64), windowSchema),
});

export interface RememberedWindow {
  /** `null` while it has none: it was only ever opened where the command line said. */
  readonly place: WindowPlace | null;
  /** What it showed: the fragment of its address (`#…`, or empty), made and checked by its page. */
  readonly shown: string;
}

/** Remembers windows by their names ("viewer") over restarts. */
export interface WindowMemory {
  /** `null` for a window that was never open, or is forgotten. */
  recall(name: string): RememberedWindow | null;
  /** What `change` leaves out stays the same. A fragment that is too long is kept as an empty one. */
  remember(name: string, change: Partial<RememberedWindow>): void;
  /** Writes what is still unwritten. Never rejects; a failed write is logged. */
  flush(): Promise<void>;
}

/**
 * Reads the file. If it is damaged or of another release, that is logged, and windows open at their defaults.
 * @param options.file in an existing folder
 */
export async function openWindowMemory(options: {
  readonly file: string;
  readonly log: (message: string) => void;
  readonly clock?: Clock;
}): Promise<WindowMemory> {
  const { file, log, clock = systemClock } = options;
  const windows = new Map(Object.entries(await readWindows(file, log)));
  let stopTimer: (() => void) | null = null;
  let writing: Promise<void> = Promise.resolve();
  let state: 'writing' | 'failing' = 'writing';

  const write = (): Promise<void> => {
    stopTimer?.();
    stopTimer = null;
    writing = writing.then(async () => {
      try {
        const text = JSON.stringify({ version: 1, windows: Object.fromEntries(windows) }, null, 2);
        await writeAtomically(file, `${text}\n`);
        state = 'writing';
      } catch (error) {
        if (state === 'writing')
          log(`where the windows are cannot be remembered in ${file}: ${words(error)}`);
        state = 'failing';
      }
    });
    return writing;
  };

  return {
    recall: (name) => windows.get(name) ?? null,
    remember: (name, change) => {
      const before = windows.get(name) ?? { place: null, shown: '' };
      const after = { ...before, ...change };
      if (after.shown.length > LONGEST_SHOWN) after.shown = '';
      if (isDeepStrictEqual(before, after)) return;
      windows.set(name, after);
      stopTimer?.();
      stopTimer = clock.after(SETTLE_MS, () => void write());
    },
    flush: () => (stopTimer === null ? writing : write()),
  };
}

async function readWindows(
  file: string,
  log: (message: string) => void,
): Promise<Record<string, RememberedWindow>> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const isFirstStart = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (!isFirstStart) log(`windows open at their defaults: ${file} cannot be read: ${words(error)}`);
    return {};
  }
  try {
    return fileSchema.parse(JSON.parse(text)).windows;
  } catch (error) {
    const what = error instanceof z.ZodError ? z.prettifyError(error).replaceAll(/\s+/g, ' ') : words(error);
    log(`windows open at their defaults: ${file} is damaged: ${what}`);
    return {};
  }
}

function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
