import { utilityProcess } from 'electron';
import { childEnvironment } from '../app/child-environment.ts';
import type { DemoChild } from '../app/demo-supervisor.ts';
import { fromDemoSchema } from '../demo/demo-protocol.ts';

/**
 * Starts the demo in a utility process: a child process that also works where the packaged application cannot run as
 * Node. Electron allows it from `ready` on.
 * @param file the built `demo-process.js`; the folder `clips` is beside it
 */
export function forkDemo(file: string): DemoChild {
  const child = utilityProcess.fork(file, [], {
    serviceName: 'Holdfast demo sites',
    stdio: 'inherit',
    env: childEnvironment(process.env),
  });
  return {
    send: (message) => child.postMessage(message),
    onMessage: (listener) => {
      child.on('message', (message: unknown) => listener(fromDemoSchema.parse(message)));
    },
    onExit: (listener) => {
      child.on('exit', listener);
    },
    kill: () => {
      child.kill();
    },
  };
}
