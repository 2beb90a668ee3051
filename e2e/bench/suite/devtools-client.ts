import { callOf, type DevToolsResult, evaluatedValue, parseDevToolsMessage } from './devtools-messages.ts';

/** How long an answer may take by default: a window that the machine cannot carry is busy for long. Milliseconds. */
const ANSWER_TIMEOUT_MS = 60_000;

interface Waiting {
  readonly resolve: (result: DevToolsResult) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/**
 * A DevTools connection to one page or to a Node process, which enables no domain by itself: one that is enabled
 * records. `Network` has the renderer keep every answer's body, for instance, which costs memory that grows and
 * CPU for each request, so that a measurement would be of the debugger.
 */
export class DevToolsClient {
  private readonly socket: WebSocket;
  private readonly waiting = new Map<number, Waiting>();
  private lastId = 0;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.addEventListener('message', ({ data }) => this.receive(String(data)));
    socket.addEventListener('close', () => this.rejectAll());
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
  send(
    method: string,
    params: Readonly<Record<string, unknown>> = {},
    timeoutMs = ANSWER_TIMEOUT_MS,
  ): Promise<DevToolsResult> {
    // What is sent to a closed connection is dropped without a word.
    if (this.socket.readyState !== WebSocket.OPEN) return Promise.reject(goneError());
    this.lastId += 1;
    const id = this.lastId;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.waiting.delete(id);
        reject(new Error(`what is measured does not answer (${method}, ${timeoutMs / 1000} s)`));
      }, timeoutMs);
      this.waiting.set(id, { resolve, reject, timer });
      this.socket.send(JSON.stringify({ id, method, params }));
    });
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
    this.rejectAll();
  }

  private receive(text: string): void {
    const message = parseDevToolsMessage(text);
    if (message.kind === 'event') return;
    const waiting = this.waiting.get(message.id);
    if (waiting === undefined) return;
    this.waiting.delete(message.id);
    clearTimeout(waiting.timer);
    if (message.kind === 'error') waiting.reject(new Error(message.message));
    else waiting.resolve(message.result);
  }

  private rejectAll(): void {
    for (const { reject, timer } of this.waiting.values()) {
      clearTimeout(timer);
      reject(goneError());
    }
    this.waiting.clear();
  }
}

function goneError(): Error {
  return new Error('what is measured is gone');
}
