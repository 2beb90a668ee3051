/**
 * Puts everything away, one step after the other; a step that fails keeps no other from its turn, and what hangs is given up.
 *
 * @param timeoutMs for all steps together, milliseconds
 */
export async function putAway(
  steps: readonly (() => void | Promise<void>)[],
  { timeoutMs, log }: { readonly timeoutMs: number; readonly log: (message: string) => void },
): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timedOut = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, timeoutMs);
  });
  await Promise.race([putAwayAll(steps, log), timedOut]);
  clearTimeout(timer);
}

async function putAwayAll(
  steps: readonly (() => void | Promise<void>)[],
  log: (message: string) => void,
): Promise<void> {
  for (const step of steps) {
    try {
      await step();
    } catch (error) {
      log(`while ending: ${error instanceof Error ? error.message : error}`);
    }
  }
}
