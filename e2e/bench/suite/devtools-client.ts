import {
  type DevToolsCommand,
  DevToolsDispatcher,
  type DevToolsParameters,
  type DevToolsResult,
} from '../../../shared/devtools/devtools-dispatcher.ts';
import { callOf, evaluatedValue } from './devtools-messages.ts';

/** How long an answer may take by default: a window that the machine cannot carry is busy for long. Milliseconds. */
const ANSWER_TIMEOUT_MS = 60_000;

/**
 * A DevTools connection to one page or to a Node process, which enables no domain by itself: one that is enabled
 * records. `Network` has the renderer keep every answer's body, for instance, which costs memory that grows and
 * CPU for each request, so that a measurement would be of the debugger.
 */
export class DevToolsClient {
  private readonly socket: WebSocket;
  private readonly dispatcher: DevToolsDispatcher;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    this.dispatcher = new DevToolsDispatcher({
      peer: 'what is measured',
      write: (text) => socket.send(text),
      schedule: (callback, delayMs) => {
        const timer = setTimeout(callback, delayMs);
        return () => clearTimeout(timer);
      },
    });
    socket.addEventListener('message', ({ data }) => this.dispatcher.receive(String(data)));
    socket.addEventListener('close', () => this.dispatcher.close());
  }

  /**
   * @param address `ws://127.0.0.1:<port>/…`, as the target tells it
   * @throws where nothing answers there
   */
  static connect(address: string): Promise<DevToolsClient> {
    const socket = new WebSocket(address);
    return new Promise((resolve, reject) => {
      socket.addEventListener('open', () => resolve(new DevToolsClient(socket)), { once: true });
      socket.addEventListener(
        'error',
        () => reject(new Error(`no DevTools connection was to be had at ${address}`)),
        { once: true },
      );
    });
  }

  /** @throws the target's own words, or that it is gone or does not answer in time */
  send<Command extends DevToolsCommand>(
    method: Command,
    params?: DevToolsParameters<Command>,
    timeoutMs = ANSWER_TIMEOUT_MS,
  ): Promise<DevToolsResult<Command>> {
    // What is sent to a closing connection is dropped without a word.
    if (this.socket.readyState !== WebSocket.OPEN) this.dispatcher.close();
    return this.dispatcher.send(method, params, timeoutMs);
  }

  /**
   * Runs a function there and waits for what it promises.
   * @param run knows nothing of its surroundings here, only its argument; it gives what JSON carries, or nothing
   * @throws what it throws, in words
   */
  evaluate<Value>(run: () => Value | Promise<Value>): Promise<Value>;
  evaluate<Argument, Value>(
    run: (argument: Argument) => Value | Promise<Value>,
    argument: Argument,
    timeoutMs?: number,
  ): Promise<Value>;
  async evaluate(
    run: (argument: never) => unknown,
    argument?: unknown,
    timeoutMs?: number,
  ): Promise<unknown> {
    const expression = callOf(run.toString(), argument);
    const asked = { expression, awaitPromise: true, returnByValue: true };
    return evaluatedValue(await this.send('Runtime.evaluate', asked, timeoutMs));
  }

  close(): void {
    this.socket.close();
    this.dispatcher.close();
  }
}
