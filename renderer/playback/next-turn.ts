import type { Steps } from '../../shared/media/steps.ts';

/** Longest wait of large media in a window that is never idle, ms: about the duration of one step. */
const LONGEST_UNREST_MS = 10;

/** Waits until the window has nothing more urgent to do. */
export type NextTurn = () => Promise<void>;

export const nextTurn: NextTurn = () =>
  new Promise((resolve) => {
    requestIdleCallback(() => resolve(), { timeout: LONGEST_UNREST_MS });
  });

/** Does work on large media step by step, and more urgent work in between. */
export async function inTurns<T>(steps: Steps<T>, turn: NextTurn = nextTurn): Promise<T> {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    await turn();
  }
}
