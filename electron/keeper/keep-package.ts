import { readdirSync, readFileSync } from 'node:fs';
import { Keeper } from './keeper.ts';
import { startKept } from './kept-process.ts';

const END_SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/**
 * Makes this process the keeper of another one with the same executable and arguments, which opens the window. A
 * packaged Electron cannot run as plain Node. While it loads the application's code, it works as well: it has no
 * display, no graphics process and no page yet.
 * @returns the exit code, once the application has ended for good
 */
export function keepPackage(log: (message: string) => void): Promise<number> {
  endIdleHelpers();
  const keeper = new Keeper({
    name: 'Holdfast',
    start: (endsInARow) =>
      startKept(
        {
          executable: process.execPath,
          args: process.argv.slice(1),
          environment: process.env,
          stderr: 'inherit',
        },
        endsInARow,
      ),
    log,
  });
  for (const signal of END_SIGNALS) process.on(signal, () => keeper.end(signal));
  process.on('exit', () => keeper.kill());
  return keeper.run();
}

/**
 * On Linux, Chromium starts the processes from which pages are forked before any of our code runs. This process has no
 * page, so they would only take memory and keep the environment.
 */
function endIdleHelpers(): void {
  if (process.platform !== 'linux') return;
  for (const id of childrenOf(process.pid))
    try {
      process.kill(id, 'SIGKILL');
    } catch {
      // It has already ended.
    }
}

/** The processes below one, from Linux's /proc. */
function childrenOf(rootId: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      // The name in parentheses may contain any character; the state and the parent's id follow it (proc(5)).
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
    } catch {
      // The process ended while the others were read.
    }
  }
  const tree = [rootId];
  for (const id of tree) for (const [child, parent] of parents) if (parent === id) tree.push(child);
  return tree.slice(1);
}
