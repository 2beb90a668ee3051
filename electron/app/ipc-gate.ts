import type { z } from 'zod';
import { REQUESTS, type RequestInput, type RequestName, type RequestOutput } from '../../shared/bridge.ts';
import type { Clock } from '../../shared/clock.ts';
import { systemClock } from '../host/system-clock.ts';
import { RequestQuota } from './request-quota.ts';
import { TokenBucket } from './token-bucket.ts';

/** The sender of a message, as far as the gate must know. */
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

/** Crosses the process boundary as data: an exception would arrive wrapped in Electron's own text. */
export type Reply =
  | { readonly kind: 'answer'; readonly value: unknown }
  | { readonly kind: 'error'; readonly message: string };

export interface IpcGateOptions {
  readonly handlers: RequestHandlers;
  /** The only origin that may ask, for instance `app://holdfast`. */
  readonly origin: string;
  /** The requests that a window may make; `null` for a window that is not Holdfast's. */
  readonly requestsOf: (windowId: number) => ReadonlySet<RequestName> | null;
  /** Called with a message about refused requests; in a flood, not about each of them. */
  readonly onRejected: (message: string) => void;
  readonly clock?: Clock;
}

/** Length to which a name in a message is cut, in characters: a page must not be able to flood the log. */
const QUOTED_CHARACTERS = 64;
const QUOTED_ISSUES = 5;

/** Limits of log lines about one window's requests of one kind beyond their limits. */
const LIMITS_LOGGED = { burst: 1, perS: 1 / 60 } as const;
/** Limits of log lines about all other refused requests of one window. */
const REJECTIONS_LOGGED = { burst: 20, perS: 1 / 3 } as const;

/**
 * The only gate through which windows reach the host. It lets a request through when its sender is the main frame of a
 * known window at the application's origin, its name is in {@link REQUESTS} and allowed for this window, it is within
 * the limits of request-limits.ts, and its input matches the schema (Electron's security checklist, 17: validate the
 * sender of all IPC messages).
 */
export function createIpcGate(
  options: IpcGateOptions,
): (sender: RequestSender, name: unknown, input: unknown) => Promise<Reply> {
  const { clock = systemClock } = options;
  const quota = new RequestQuota(clock);
  const logLimits = new Map<string, TokenBucket>();
  const reject = (
    message: string,
    matter: string,
    rate: ConstructorParameters<typeof TokenBucket>[1],
  ): Reply => {
    const bucket = logLimits.get(matter) ?? new TokenBucket(clock, rate);
    logLimits.set(matter, bucket);
    if (bucket.take() === 0) options.onRejected(message);
    return { kind: 'error', message };
  };

  return async (sender, name, input) => {
    const quoted = quote(name);
    const { windowId } = sender;
    const turnAway = (words: string): Reply =>
      reject(`${quoted}: ${words}`, `${windowId}`, REJECTIONS_LOGGED);
    const objection = objectionTo(sender, options);
    if (objection !== null) return turnAway(`refused, ${objection}`);
    if (!isRequestName(name)) return turnAway('the host knows no request of this name');
    if (options.requestsOf(windowId)?.has(name) !== true)
      return turnAway('refused, it is not for this window to ask');
    const admission = quota.admit(windowId, name, input);
    if (admission.kind === 'refused')
      return reject(`${quoted}: refused, ${admission.words}`, `${windowId} ${name}`, LIMITS_LOGGED);
    try {
      const parsed = REQUESTS[name].input.safeParse(input);
      if (!parsed.success) return turnAway(`the input is not what was agreed: ${inWords(parsed.error)}`);
      return { kind: 'answer', value: await dispatch(options.handlers, name, parsed.data, windowId) };
    } catch (error) {
      return {
        kind: 'error',
        message: `${quoted}: ${error instanceof Error ? error.message : String(error)}`,
      };
    } finally {
      admission.end();
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

export function isRequestName(name: unknown): name is RequestName {
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
