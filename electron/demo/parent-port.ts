import { EventEmitter } from 'node:events';
import { setTimeout } from 'node:timers/promises';

/** The child's end of the line to the process that started it. */
export interface ParentPort {
  /** Resolved when the message is out, so that the process may end. */
  post(message: unknown): Promise<void>;
  onMessage(listener: (message: unknown) => void): void;
  /** The parent has gone away, or has hung up. */
  onGone(listener: () => void): void;
}

/** A utility process's port does not tell when a message is out. */
const UTILITY_FLUSH_MS = 100;

/** What Electron puts on `process` in a utility process. */
type UtilityPort = EventEmitter & { postMessage(message: unknown): void };

/**
 * The line to whoever started this process: Electron's `utilityProcess.fork` or Node's
 * `child_process.fork`.
 * @throws {Error} in a process that was started in another way
 */
export function openParentPort(): ParentPort {
  const port: unknown = Reflect.get(process, 'parentPort');
  if (isUtilityPort(port))
    return {
      post: (message) => {
        port.postMessage(message);
        return setTimeout(UTILITY_FLUSH_MS);
      },
      onMessage: (listener) => port.on('message', (event: { data: unknown }) => listener(event.data)),
      onGone: (listener) => port.on('close', listener),
    };
  const send = process.send?.bind(process) as ((message: unknown, sent: () => void) => boolean) | undefined;
  if (send === undefined)
    throw new Error('This is a child process of Holdfast: it is started by the viewer, not by itself.');
  return {
    // Resolved after an error as well: a parent that has just gone away is told of by "disconnect".
    post: (message) =>
      new Promise((resolve) => {
        send(message, () => resolve());
      }),
    onMessage: (listener) => process.on('message', listener),
    onGone: (listener) => process.on('disconnect', listener),
  };
}

function isUtilityPort(port: unknown): port is UtilityPort {
  return port instanceof EventEmitter && 'postMessage' in port && typeof port.postMessage === 'function';
}
