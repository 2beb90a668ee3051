import { existsSync, rmSync, writeFileSync } from 'node:fs';

/**
 * From this number of crashes on, the next start draws in software: a graphics driver that fails this often is better
 * not used.
 */
const MANY = { ends: 5, withinMs: 300_000 } as const;
/** From this number of crashes on, the application restarts: the pictures stop more than they move. */
const ENDLESS = { ends: 20, withinMs: 60_000 } as const;
/**
 * Crashes in a row of the whole application, or of its browser, after which its graphics are suspected. A display that
 * is lost and returns within half a minute causes fewer.
 */
const SUSPICIOUS_ENDS = 6;

/**
 * Counts the crashes of the graphics process. Chromium itself would end after six; Holdfast switches that off, because
 * the pictures come back each time.
 */
export class GraphicsFaults {
  private readonly nowMs: () => number;
  private endedAtMs: number[] = [];

  /** @param nowMs a clock that never goes back, in milliseconds */
  constructor(nowMs: () => number) {
    this.nowMs = nowMs;
  }

  /** Called at each crash. `next-start` and `restart` say what is to draw in software. */
  ended(): 'go-on' | 'next-start' | 'restart' {
    const nowMs = this.nowMs();
    this.endedAtMs = [...this.endedAtMs.filter((atMs) => nowMs - atMs < MANY.withinMs), nowMs];
    const isReached = ({ ends, withinMs }: { readonly ends: number; readonly withinMs: number }): boolean =>
      this.endedAtMs.filter((atMs) => nowMs - atMs < withinMs).length >= ends;
    return isReached(ENDLESS) ? 'restart' : isReached(MANY) ? 'next-start' : 'go-on';
  }
}

export const SOFTWARE_NEXT_NOTICE = `The graphics process ended ${MANY.ends} times within ${MANY.withinMs / 60_000} minutes. From its next start on Holdfast draws without the graphics card.`;
export const SOFTWARE_NOTICE =
  'After several faults Holdfast draws without the graphics card, which costs more of the processor. A later start tries the card again.';

/**
 * Writes the note for the next start.
 * @returns why it could not be written, in words; `null` when it was
 */
export function noteFailedGraphics(file: string): string | null {
  try {
    writeFileSync(file, '');
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** How to draw after this number of crashes in a row. */
export function renderingAfter(endsInARow: number): 'hardware' | 'software' {
  return endsInARow >= SUSPICIOUS_ENDS ? 'software' : 'hardware';
}

/** Whether there is a note for this start. It counts for one start. */
export function takeFailedGraphics(file: string): boolean {
  if (!existsSync(file)) return false;
  try {
    rmSync(file);
  } catch {
    // A note that cannot be removed counts for the next start as well.
  }
  return true;
}
