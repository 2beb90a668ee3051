import { type ChildProcess, spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** Keeps every core busy with processes of the benchmark's own, at the usual priority, until it is ended. */
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

/** In slices, so that it sees that the benchmark is gone and ends. */
const BUSY = `
process.on('disconnect', () => process.exit());
(function busy() {
  const untilMs = performance.now() + 50;
  while (performance.now() < untilMs);
  setImmediate(busy);
})();
`;
