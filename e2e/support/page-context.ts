/** A page in which code can be run: Playwright's, or one that is asked over a DevTools connection of our own. */
export interface PageContext {
  /** @param run knows nothing of its surroundings here; it gives what JSON carries, or nothing */
  evaluate<Value>(run: () => Value | Promise<Value>): Promise<Value>;
}
