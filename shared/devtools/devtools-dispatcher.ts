import type { ProtocolMapping } from 'devtools-protocol/types/protocol-mapping.js';
import { z } from 'zod';

type Commands = ProtocolMapping.Commands;
type Events = ProtocolMapping.Events;

/** A command of the Chrome DevTools Protocol, by its name. */
export type DevToolsCommand = keyof Commands;

/** What a command is sent with. */
export type DevToolsParameters<Command extends DevToolsCommand> = Command extends Command
  ? Commands[Command]['paramsType'] extends []
    ? Readonly<Record<string, never>>
    : Commands[Command]['paramsType'] extends [(infer Parameters)?]
      ? Parameters
      : never
  : never;

/** The result of a command, as the protocol describes it. It is not checked, because this side has started what answers. */
export type DevToolsResult<Command extends DevToolsCommand> = Commands[Command]['returnType'];

export type DevToolsEvent = {
  readonly [Method in keyof Events]: {
    readonly method: Method;
    readonly params: Events[Method][0];
    /** Of the target that sends the event; absent for the connected target. */
    readonly sessionId?: string;
  };
}[keyof Events];

const messageSchema = z.union([
  z.object({ id: z.number(), error: z.object({ message: z.string() }) }),
  z.object({ id: z.number(), result: z.record(z.string(), z.unknown()) }),
  z.object({
    method: z.string(),
    params: z.record(z.string(), z.unknown()).default({}),
    sessionId: z.string().optional(),
  }),
]);

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly stopTimer: () => void;
}

export interface DispatcherOptions {
  /** What answers, by the name that errors give it, such as `the browser`. */
  readonly peer: string;
  /** Sends a message. */
  readonly write: (text: string) => void;
  /** Calls back once after `delayMs`, unless the returned function was called before. */
  readonly schedule: (callback: () => void, delayMs: number) => () => void;
  readonly onEvent?: (event: DevToolsEvent) => void;
}

/** The commands that wait for their answers on one DevTools connection, over any transport. */
export class DevToolsDispatcher {
  private readonly options: DispatcherOptions;
  private readonly waiting = new Map<number, Waiting>();
  private lastId = 0;
  private open = true;

  constructor(options: DispatcherOptions) {
    this.options = options;
  }

  /**
   * @param timeoutMs how long the answer may take
   * @param sessionId of the target of the command; without it, that is the connected target
   * @throws (as a rejection) the error that the peer reports, or that the peer is gone or does not answer in time
   */
  send<Command extends DevToolsCommand>(
    method: Command,
    params: DevToolsParameters<Command> | undefined,
    timeoutMs: number,
    sessionId?: string,
  ): Promise<DevToolsResult<Command>> {
    const { peer, schedule, write } = this.options;
    if (!this.open) return Promise.reject(this.goneError());
    this.lastId += 1;
    const id = this.lastId;
    return new Promise((resolve, reject) => {
      const stopTimer = schedule(() => {
        this.waiting.delete(id);
        reject(new Error(`${peer} does not answer (${method}, ${timeoutMs / 1000} s)`));
      }, timeoutMs);
      this.waiting.set(id, {
        resolve: (result) => resolve(result as DevToolsResult<Command>),
        reject,
        stopTimer,
      });
      write(JSON.stringify({ id, method, params: params ?? {}, sessionId }));
    });
  }

  /** @throws where the text is not a message of the protocol */
  receive(text: string): void {
    const message = messageSchema.parse(JSON.parse(text));
    if ('method' in message) {
      this.options.onEvent?.(message as DevToolsEvent);
      return;
    }
    const waiting = this.waiting.get(message.id);
    if (waiting === undefined) return;
    this.waiting.delete(message.id);
    waiting.stopTimer();
    if ('error' in message) waiting.reject(new Error(message.error.message));
    else waiting.resolve(message.result);
  }

  /** The connection is gone: the commands that wait, and those that are sent from now on, are rejected. */
  close(): void {
    this.open = false;
    for (const { reject, stopTimer } of this.waiting.values()) {
      stopTimer();
      reject(this.goneError());
    }
    this.waiting.clear();
  }

  private goneError(): Error {
    return new Error(`${this.options.peer} is gone`);
  }
}
