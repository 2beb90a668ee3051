/** A window that is never idle goes on with large media nevertheless, after this, ms. */
const LONGEST_UNREST_MS = 50;

/** Waits until the window has nothing more urgent to do. */
export type NextTurn = () => Promise<void>;

export const nextTurn: NextTurn = () =>
  new Promise((resolve) => {
    requestIdleCallback(() => resolve(), { timeout: LONGEST_UNREST_MS });
  });
