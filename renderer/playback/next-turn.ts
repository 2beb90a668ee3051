import type { Steps } from '../../shared/media/steps.ts';

/** A window that is never idle goes on with large media nevertheless, after this, ms: about as long as a step takes. */
const LONGEST_UNREST_MS = 10;

/** Waits until the window has nothing more urgent to do. */
export type NextTurn = () => Promise<void>;

export const nextTurn: NextTurn = () =>
  new Promise((resolve) => {
    requestIdleCallback(() => resolve(), { timeout: LONGEST_UNREST_MS });
  });

/** Does work on large media a step at a time, and what is more urgent in between. */
export async function inTurns<T>(steps: Steps<T>, turn: NextTurn = nextTurn): Promise<T> {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    await turn();
  }
}
