import type { Clock } from '../../shared/clock.ts';
import { renderingAfter } from '../app/graphics-faults.ts';
import { PAGE_PACE, RestartBackoff } from '../app/restart-backoff.ts';
import { systemClock } from '../host/system-clock.ts';
import type { BrowserEnd } from './browser.ts';

/** The part of a started browser that decides what follows its end. */
export interface StartedBrowser {
  /** Resolved with its name once its window is there; rejected, with a message, where that fails. */
  readonly opened: Promise<string>;
  readonly ended: Promise<BrowserEnd>;
  kill(): void;
}

export interface KeptBrowserOptions {
  readonly start: (rendering: 'hardware' | 'software') => StartedBrowser;
  /** Whether the whole application ends, and the browser with it. */
  readonly isEnding: () => boolean;
  readonly log: (message: string) => void;
  readonly clock?: Clock;
}

/**
 * Starts a browser again whenever it dies, after longer and longer waits, without a limit.
 * @returns `closed`: its window was closed, or the application ends; `not-opened`: the first one did not open, for a
 * reason in the log
 */
export async function keepBrowser(options: KeptBrowserOptions): Promise<'closed' | 'not-opened'> {
  const { log, isEnding, clock = systemClock } = options;
  const backoff = new RestartBackoff(PAGE_PACE, () => clock.now());
  for (let starts = 1; ; starts += 1) {
    const browser = options.start(renderingAfter(backoff.endsInARow));
    try {
      log(`shows its window in ${await browser.opened}`);
    } catch (error) {
      log(`the browser does not open: ${error instanceof Error ? error.message : error}`);
      if (starts === 1) return 'not-opened';
      browser.kill();
    }
    const { kind, words } = await browser.ended;
    if (kind === 'closed' || isEnding()) return 'closed';
    const waitMs = backoff.ended();
    log(`${words}; it is started again${waitMs === 0 ? '' : ` in ${waitMs / 1000} s`}`);
    await new Promise<void>((resolve) => clock.after(waitMs, resolve));
    if (isEnding()) return 'closed';
  }
}
