/**
 * Calls back one of several that must not depend on each other, as the tiles of a wall (rule 1). What it throws becomes an
 * uncaught error of its own, and whoever calls goes on with the next.
 *
 * @returns what it gives, or `otherwise` where it threw
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

/** The same with all that listen. */
export function tellAll(listeners: Iterable<() => void>): void {
  for (const listener of listeners) isolated(listener, undefined);
}
