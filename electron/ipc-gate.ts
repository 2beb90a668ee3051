import type { z } from 'zod';
import { REQUESTS, type RequestInput, type RequestName, type RequestOutput } from '../shared/bridge.ts';

/** Who sent a message, as far as the gate must know. */
export interface RequestSender {
  /** `null` when the frame navigated away or was destroyed before the message was read. */
  readonly frame: { readonly origin: string; readonly position: 'main' | 'subframe' } | null;
  /** The id of the window's web contents. */
  readonly windowId: number;
}

export type RequestHandlers = {
  readonly [N in RequestName]: (
    input: RequestInput<N>,
    windowId: number,
  ) => RequestOutput<N> | Promise<RequestOutput<N>>;
};

/** Crosses the process boundary as data: an exception would arrive wrapped in Electron's own words. */
export type Reply =
  | { readonly kind: 'answer'; readonly value: unknown }
  | { readonly kind: 'error'; readonly message: string };

export interface IpcGateOptions {
  readonly handlers: RequestHandlers;
  /** The only origin that may ask, for instance `app://holdfast`. */
  readonly origin: string;
  /** What a window may ask for; `null` for one that is not of Holdfast. */
  readonly requestsOf: (windowId: number) => ReadonlySet<RequestName> | null;
  /** Told of every request that was turned away, in words. */
  readonly onRejected: (message: string) => void;
}

/** Longest name that is repeated in a message: what a page sends must not flood the log. */
const QUOTED_CHARACTERS = 64;
const QUOTED_ISSUES = 5;

/**
 * The one gate through which windows reach the host. A request gets through when its sender is the main frame
 * of a known window at the application's origin, its name is in {@link REQUESTS} and one that this window may use, and its
 * input is what the schema says (Electron's security checklist, 17: validate the sender of all IPC messages).
 */
export function createIpcGate(
  options: IpcGateOptions,
): (sender: RequestSender, name: unknown, input: unknown) => Promise<Reply> {
  const reject = (message: string): Reply => {
    options.onRejected(message);
    return { kind: 'error', message };
  };

  return async (sender, name, input) => {
    const quoted = quote(name);
    const objection = objectionTo(sender, options);
    if (objection !== null) return reject(`${quoted}: refused, ${objection}`);
    if (!isRequestName(name)) return reject(`${quoted}: the host knows no request of this name`);
    if (options.requestsOf(sender.windowId)?.has(name) !== true)
      return reject(`${quoted}: refused, it is not for this window to ask`);
    const parsed = REQUESTS[name].input.safeParse(input);
    if (!parsed.success)
      return reject(`${quoted}: the input is not what was agreed: ${inWords(parsed.error)}`);
    try {
      return { kind: 'answer', value: await dispatch(options.handlers, name, parsed.data, sender.windowId) };
    } catch (error) {
      return {
        kind: 'error',
        message: `${quoted}: ${error instanceof Error ? error.message : String(error)}`,
      };
    }
  };
}

function objectionTo(sender: RequestSender, options: IpcGateOptions): string | null {
  if (sender.frame === null) return 'its frame is gone';
  if (options.requestsOf(sender.windowId) === null) return 'it does not come from a window of Holdfast';
  if (sender.frame.position !== 'main') return 'it does not come from the main frame of its window';
  if (sender.frame.origin !== options.origin) return `it comes from ${quote(sender.frame.origin)}`;
  return null;
}

function isRequestName(name: unknown): name is RequestName {
  return typeof name === 'string' && Object.hasOwn(REQUESTS, name);
}

function dispatch<N extends RequestName>(
  handlers: RequestHandlers,
  name: N,
  checkedInput: unknown,
  windowId: number,
): RequestOutput<N> | Promise<RequestOutput<N>> {
  return handlers[name](checkedInput as RequestInput<N>, windowId);
}

function inWords(error: z.ZodError): string {
  return error.issues
    .slice(0, QUOTED_ISSUES)
    .map((issue) => `${issue.path.length === 0 ? 'input' : issue.path.join('.')}: ${issue.message}`)
    .join('; ');
}

function quote(value: unknown): string {
  if (typeof value !== 'string') return `a request named by ${value === null ? 'null' : `a ${typeof value}`}`;
  return value.length > QUOTED_CHARACTERS ? `"${value.slice(0, QUOTED_CHARACTERS)}…"` : `"${value}"`;
}
