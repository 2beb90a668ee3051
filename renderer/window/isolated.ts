/**
 * Calls one of several callbacks that must not depend on each other, such as those of the tiles of a wall (rule 1). If it
 * throws, that becomes an uncaught error of its own, and the caller continues with the next one.
 *
 * @returns the callback's result, or `otherwise` where it threw
 */
export function isolated<T>(callback: () => T, otherwise: T): T {
  try {
    return callback();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
    return otherwise;
  }
}

/** Calls all listeners in the same way. */
export function notifyAll(listeners: Iterable<() => void>): void {
  for (const listener of listeners) isolated(listener, undefined);
}
