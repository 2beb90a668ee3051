import {
  type DevToolsCommand,
  DevToolsDispatcher,
  type DevToolsParameters,
  type DevToolsResult,
} from '../../../shared/devtools/devtools-dispatcher.ts';
import { callOf, evaluatedValue } from './devtools-messages.ts';

/** Default time-out of an answer, ms. It is long, because a window that is too much for the machine answers late. */
const ANSWER_TIMEOUT_MS = 60_000;

/**
 * A DevTools connection to one page or to a Node process. It enables no domain, because an enabled domain records. For
 * instance, `Network` makes the renderer keep the body of every answer: this costs CPU for each request and memory that
 * grows, so the measurement would include the debugger.
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
   * @param address `ws://127.0.0.1:<port>/…`, as the target reports it
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

  /** @throws an error with the target's message, or one that says that the target is gone or does not answer in time */
  send<Command extends DevToolsCommand>(
    method: Command,
    params?: DevToolsParameters<Command>,
    timeoutMs = ANSWER_TIMEOUT_MS,
  ): Promise<DevToolsResult<Command>> {
    // A closing connection drops what is sent, without an error.
    if (this.socket.readyState !== WebSocket.OPEN) this.dispatcher.close();
    return this.dispatcher.send(method, params, timeoutMs);
  }

  /**
   * Runs a function in the target and waits for its promise.
   * @param run uses only its argument and nothing from its scope here; it returns a JSON value or nothing
   * @throws an error with the message of what `run` throws
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
