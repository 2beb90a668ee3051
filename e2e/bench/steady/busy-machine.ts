import { type ChildProcess, spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** Keeps every core busy until `end`, with processes of the benchmark at the usual priority. */
export class BusyMachine {
  private readonly processes: readonly ChildProcess[];

  constructor() {
    this.processes = Array.from({ length: availableParallelism() }, () =>
      spawn(process.execPath, ['--eval', BUSY], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] }),
    );
  }

  end(): void {
    for (const busy of this.processes) busy.kill('SIGKILL');
  }
}

/** The loop is busy in slices, so that it can notice the end of the benchmark and end too. */
const BUSY = `
process.on('disconnect', () => process.exit());
(function busy() {
  const untilMs = performance.now() + 50;
  while (performance.now() < untilMs);
  setImmediate(busy);
})();
`;
