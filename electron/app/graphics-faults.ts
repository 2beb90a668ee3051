import { existsSync, rmSync, writeFileSync } from 'node:fs';

/** From here on the next start draws in software; a graphics driver that fails this often is better left out. */
const MANY = { ends: 5, withinMs: 300_000 } as const;
/** From here on nothing else helps: the pictures stand more than they move. */
const ENDLESS = { ends: 20, withinMs: 60_000 } as const;
/**
 * Ends in a row of the whole application, or of its browser, from which on its graphics are suspected too. A display that goes
 * and comes back within half a minute costs fewer.
 */
const SUSPICIOUS_ENDS = 6;

/**
 * Counts how often the graphics process ended. Chromium itself would give up its own process after six; Holdfast switches that
 * off, for the pictures come back each time.
 */
export class GraphicsFaults {
  private readonly nowMs: () => number;
  private endedAtMs: number[] = [];

  /** @param nowMs a clock that never goes back, in milliseconds */
  constructor(nowMs: () => number) {
    this.nowMs = nowMs;
  }

  /** To be told of each end. `next-start` and `restart`: what is to draw in software. */
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
 * Leaves word for the next start.
 *
 * @returns why it could not be left, in words; `null` when it was
 */
export function noteFailedGraphics(file: string): string | null {
  try {
    writeFileSync(file, '');
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** How to draw after so many ends in a row of what draws. */
export function renderingAfter(endsInARow: number): 'hardware' | 'software' {
  return endsInARow >= SUSPICIOUS_ENDS ? 'software' : 'hardware';
}

/** Whether word was left for this start; it counts for one. */
export function takeFailedGraphics(file: string): boolean {
  if (!existsSync(file)) return false;
  try {
    rmSync(file);
  } catch {
    // It then counts for the next start as well.
  }
  return true;
}
