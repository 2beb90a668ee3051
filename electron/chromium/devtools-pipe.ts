import type { Readable, Writable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { z } from 'zod';

/** Time limit of an answer to a command. Milliseconds. */
const ANSWER_TIMEOUT_MS = 20_000;

const messageSchema = z.union([
  z.object({ id: z.number(), error: z.object({ message: z.string() }) }),
  z.object({ id: z.number(), result: z.record(z.string(), z.unknown()) }),
  z.object({
    method: z.string(),
    params: z.record(z.string(), z.unknown()).default({}),
    sessionId: z.string().optional(),
  }),
]);

export interface DevToolsEvent {
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly sessionId?: string | undefined;
}

interface Waiting {
  readonly resolve: (result: Readonly<Record<string, unknown>>) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/**
 * The Chrome DevTools Protocol over `--remote-debugging-pipe`: JSON messages, each ended by a zero byte. Unlike a port,
 * only the process that started the browser can use it. The browser ends when the pipe breaks, so it never outlives its
 * host.
 */
export class DevToolsPipe {
  private readonly out: Writable;
  private readonly onEvent: (event: DevToolsEvent) => void;
  private readonly waiting = new Map<number, Waiting>();
  private lastId = 0;
  private open = true;

  /**
   * @param to the browser's file descriptor 3
   * @param from the browser's file descriptor 4
   */
  constructor(to: Writable, from: Readable, onEvent: (event: DevToolsEvent) => void) {
    this.out = to;
    this.onEvent = onEvent;
    const decoder = new StringDecoder('utf8');
    let unfinished: string[] = [];
    from.on('data', (chunk: Buffer) => {
      const [first = '', ...others] = decoder.write(chunk).split('\0');
      unfinished.push(first);
      for (const next of others) {
        this.receive(unfinished.join(''));
        unfinished = [next];
      }
    });
    from.on('close', () => this.broke());
    // The browser is gone; "close" follows.
    from.on('error', () => {});
    to.on('error', () => {});
  }

  /** @throws (as a rejection) the browser's own words, or that it is gone or does not answer within 20 s */
  send(
    method: string,
    params: Readonly<Record<string, unknown>> = {},
    sessionId?: string,
  ): Promise<Readonly<Record<string, unknown>>> {
    if (!this.open) return Promise.reject(new Error('the browser is gone'));
    this.lastId += 1;
    const id = this.lastId;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.waiting.delete(id);
        reject(new Error(`the browser does not answer (${method}, ${ANSWER_TIMEOUT_MS / 1000} s)`));
      }, ANSWER_TIMEOUT_MS);
      this.waiting.set(id, { resolve, reject, timer });
      this.out.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    });
  }

  private receive(text: string): void {
    const message = messageSchema.parse(JSON.parse(text));
    if ('method' in message) {
      this.onEvent(message);
      return;
    }
    const waiting = this.waiting.get(message.id);
    if (waiting === undefined) return;
    this.waiting.delete(message.id);
    clearTimeout(waiting.timer);
    if ('error' in message) waiting.reject(new Error(message.error.message));
    else waiting.resolve(message.result);
  }

  private broke(): void {
    this.open = false;
    for (const { reject, timer } of this.waiting.values()) {
      clearTimeout(timer);
      reject(new Error('the browser is gone'));
    }
    this.waiting.clear();
  }
}
