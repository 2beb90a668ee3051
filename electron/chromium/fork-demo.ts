import { fork } from 'node:child_process';
import { childEnvironment } from '../app/child-environment.ts';
import type { DemoChild } from '../app/demo-supervisor.ts';
import { fromDemoSchema } from '../demo/demo-protocol.ts';

/**
 * Starts the demo in a child process of plain Node. It ends by itself when this process is gone.
 * @param file the built `demo-process.js`; the folder `clips` is beside it
 */
export function forkDemo(file: string): DemoChild {
  const child = fork(file, { execArgv: [], env: childEnvironment(process.env) });
  // A message to a child that is gone fails; "exit" reports the end.
  child.on('error', () => {});
  return {
    send: (message) => {
      child.send(message);
    },
    onMessage: (listener) => {
      child.on('message', (message) => listener(fromDemoSchema.parse(message)));
    },
    onExit: (listener) => {
      child.on('exit', (exitCode) => listener(exitCode ?? 1));
    },
    kill: () => {
      child.kill();
    },
  };
}
