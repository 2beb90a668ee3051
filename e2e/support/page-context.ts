/** A page in which code can run: Playwright's, or one behind our own DevTools connection. */
export interface PageContext {
  /** @param run must not use variables from outside; its result is a JSON value, or nothing */
  evaluate<Value>(run: () => Value | Promise<Value>): Promise<Value>;
}
