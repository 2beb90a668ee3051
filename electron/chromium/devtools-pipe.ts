import type { Readable, Writable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import {
  type DevToolsCommand,
  DevToolsDispatcher,
  type DevToolsEvent,
  type DevToolsParameters,
  type DevToolsResult,
} from '../../shared/devtools/devtools-dispatcher.ts';

/** Time limit of an answer to a command. Milliseconds. */
const ANSWER_TIMEOUT_MS = 20_000;

/**
 * The Chrome DevTools Protocol over `--remote-debugging-pipe`: JSON messages, each ended by a zero byte. Unlike a port,
 * only the process that started the browser can use it. The browser ends when the pipe breaks, so it never outlives its
 * host.
 */
export class DevToolsPipe {
  private readonly dispatcher: DevToolsDispatcher;

  /**
   * @param to the browser's file descriptor 3
   * @param from the browser's file descriptor 4
   */
  constructor(to: Writable, from: Readable, onEvent: (event: DevToolsEvent) => void) {
    this.dispatcher = new DevToolsDispatcher({
      peer: 'the browser',
      write: (text) => to.write(`${text}\0`),
      schedule: (callback, delayMs) => {
        const timer = setTimeout(callback, delayMs);
        return () => clearTimeout(timer);
      },
      onEvent,
    });
    const decoder = new StringDecoder('utf8');
    let unfinished: string[] = [];
    from.on('data', (chunk: Buffer) => {
      const [first = '', ...others] = decoder.write(chunk).split('\0');
      unfinished.push(first);
      for (const next of others) {
        this.dispatcher.receive(unfinished.join(''));
        unfinished = [next];
      }
    });
    from.on('close', () => this.dispatcher.close());
    // A browser that is gone; "close" follows.
    from.on('error', () => {});
    to.on('error', () => {});
  }

  /** @throws (as a rejection) the browser's own words, or that it is gone or does not answer within 20 s */
  send<Command extends DevToolsCommand>(
    method: Command,
    params?: DevToolsParameters<Command>,
    sessionId?: string,
  ): Promise<DevToolsResult<Command>> {
    return this.dispatcher.send(method, params, ANSWER_TIMEOUT_MS, sessionId);
  }
}
