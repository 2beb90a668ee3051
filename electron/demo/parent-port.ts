import { EventEmitter } from 'node:events';
import { setTimeout } from 'node:timers/promises';

/** The child's connection to the process that started it. */
export interface ParentPort {
  /** Resolved when the message is sent, so that the process may end. */
  post(message: unknown): Promise<void>;
  onMessage(listener: (message: unknown) => void): void;
  /** Called when the parent has ended, or has disconnected. */
  onGone(listener: () => void): void;
}

/** Time for a message to be sent, because a utility process's port does not report it. Milliseconds. */
const UTILITY_FLUSH_MS = 100;

/** What Electron puts on `process` in a utility process. */
type UtilityPort = EventEmitter & { postMessage(message: unknown): void };

/**
 * Connects to the process that started this one by Electron's `utilityProcess.fork` or Node's `child_process.fork`.
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
    // Resolved after an error as well: "disconnect" reports that the parent has ended.
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
