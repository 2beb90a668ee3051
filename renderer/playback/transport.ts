import type { EvidenceCause } from '../../shared/cause.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Stream } from '../../shared/config/config.ts';
import {
  GATEWAY_REASONS,
  type GatewayReason,
  MAX_DEADLINE_MS,
} from '../../shared/gateway/gateway-contract.ts';
import type {
  FailedAnswer,
  MediaAnswer,
  MediaRequest,
  PlaylistAnswer,
  PlaylistRequest,
} from '../../shared/gateway/gateway-exchange.ts';
import { MAX_GATEWAY_WORDS } from '../../shared/gateway/gateway-words.ts';

/** The host's gateway over the bridge. Rejects only where the host itself does not answer. */
export interface HostGateway {
  playlist(request: PlaylistRequest): Promise<PlaylistAnswer>;
  media(request: MediaRequest): Promise<MediaAnswer>;
  /** Ends the request with this id, whether its answer has begun or not. */
  cancel(requestId: string): void;
}

/** The same for one site: its streams cannot reach another site. */
export interface SiteGateway extends Pick<HostGateway, 'cancel'> {
  playlist(request: Omit<PlaylistRequest, 'site'>): Promise<PlaylistAnswer>;
  media(request: Omit<MediaRequest, 'site'>): Promise<MediaAnswer>;
}

/** @param site the gateway's name of the site ({@link Stream.route}) */
export function gatewayOf(host: HostGateway, site: string): SiteGateway {
  return {
    playlist: (request) => host.playlist({ ...request, site }),
    media: (request) => host.media({ ...request, site }),
    cancel: (requestId) => host.cancel(requestId),
  };
}

interface FetchFailure {
  readonly kind: 'failed';
  readonly cause: EvidenceCause;
  /** The gateway's own words for the operator; an answer of the site itself has none. */
  readonly words?: string | undefined;
}

export type Fetched<T> =
  | {
      readonly kind: 'body';
      readonly body: T;
      /**
       * Time that it took, ms; for media without the time to connect, which says nothing about how fast the media comes.
       */
      readonly elapsedMs: number;
    }
  | FetchFailure
  /** The caller's own signal ended it: this says nothing about the site. */
  | { readonly kind: 'aborted' };

export interface FetchOptions {
  /** Time until the last byte, ms, at most {@link MAX_DEADLINE_MS}. */
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
}

export interface TextOptions extends FetchOptions {
  /** The stream is lost: the gateway looks the site's name up anew. */
  readonly doubted?: boolean;
}

export interface BytesOptions extends FetchOptions {
  readonly range?: { readonly offset: number; readonly length: number };
  /** `media` by default. */
  readonly expects?: MediaRequest['expects'];
}

/** How a watch sends requests to its site. Never rejects: a failure is an answer. */
export interface Transport {
  fetchText(pathname: string, options: TextOptions): Promise<Fetched<string>>;
  fetchBytes(pathname: string, options: BytesOptions): Promise<Fetched<Uint8Array>>;
}

let lastRequestId = 0;
const session = Math.random().toString(36).slice(2, 10);

/** An id by which the gateway can cancel a pending request. Unique over all windows. */
export function nextRequestId(): string {
  lastRequestId += 1;
  return `${session}-${lastRequestId}`;
}

/** The cause of an answer other than 2xx. For those who wait, an answer that the gateway cancelled broke off. */
export function causeOfResponse(status: number, reason: string | null): EvidenceCause {
  if (!isReason(reason)) return `http-${status}`;
  return reason === 'cancelled' ? 'reset' : reason;
}

/**
 * The gateway's words for a failure, read from their header.
 * @param header percent-encoded UTF-8
 */
export function wordsOfReason(header: string | null): string | undefined {
  return shownWords(decoded(header ?? ''));
}

/** The gateway's words for a failure as one line of at most {@link MAX_GATEWAY_WORDS} characters. */
function shownWords(words: string): string | undefined {
  const line = words.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  if (line === '') return undefined;
  // The cut may divide a character of two units.
  return line.length <= MAX_GATEWAY_WORDS ? line : `${line.slice(0, MAX_GATEWAY_WORDS - 1).toWellFormed()}…`;
}

function decoded(header: string): string {
  try {
    return decodeURIComponent(header);
  } catch {
    // Text that is not percent-encoded can still be read.
    return header;
  }
}

function isReason(text: string | null): text is GatewayReason {
  return (GATEWAY_REASONS as readonly (string | null)[]).includes(text);
}

/** Extra time for the gateway to report itself that the deadline passed, before the window gives up on it, ms. */
export const GATEWAY_GRACE_MS = 500;

/** A request's own id, and a deadline that the gateway allows, ms. */
interface Terms {
  readonly requestId: string;
  readonly deadlineMs: number;
}

/** The result of a request that neither broke off nor was given up. */
type Answer<T> = { readonly kind: 'body'; readonly body: T; readonly connectMs?: number } | FetchFailure;

/** Sends requests to the host's gateway over the bridge. A signal cannot end them, so they are cancelled by their ids. */
export class GatewayTransport implements Transport {
  constructor(
    private readonly clock: Clock,
    private readonly gateway: SiteGateway,
  ) {}

  fetchText(pathname: string, options: TextOptions): Promise<Fetched<string>> {
    return this.ask(options, async (terms, signal) => {
      const doubt = options.doubted === true ? { doubted: true as const } : {};
      const answer = await unlessAborted(this.gateway.playlist({ pathname, ...terms, ...doubt }), signal);
      return answer.kind === 'text' ? { kind: 'body', body: answer.text } : failureOf(answer);
    });
  }

  fetchBytes(pathname: string, options: BytesOptions): Promise<Fetched<Uint8Array>> {
    const { range = null, expects = 'media' } = options;
    return this.ask(options, async (terms, signal) => {
      const asked = this.gateway.media({ pathname, ...terms, firstByteMs: terms.deadlineMs, range, expects });
      const answer = await unlessAborted(asked, signal);
      if (answer.kind === 'failed') return failureOf(answer);
      return { kind: 'body', body: answer.bytes, connectMs: answer.connectMs ?? 0 };
    });
  }

  private async ask<T>(
    { deadlineMs: askedMs, signal }: FetchOptions,
    answer: (terms: Terms, signal: AbortSignal) => Promise<Answer<T>>,
  ): Promise<Fetched<T>> {
    if (signal.aborted) return { kind: 'aborted' };
    const requestId = nextRequestId();
    const deadlineMs = grantedDeadlineMs(askedMs);
    const controller = new AbortController();
    let timedOut = false;
    const abort = (): void => {
      controller.abort();
      this.gateway.cancel(requestId);
    };
    const endTimer = this.clock.after(deadlineMs + GATEWAY_GRACE_MS, () => {
      timedOut = true;
      abort();
    });
    signal.addEventListener('abort', abort, { once: true });
    const startedMs = this.clock.now();
    try {
      const answered = await answer({ requestId, deadlineMs }, controller.signal);
      if (answered.kind === 'failed') return answered;
      const { body, connectMs = 0 } = answered;
      return { kind: 'body', body, elapsedMs: Math.max(0, this.clock.now() - startedMs - connectMs) };
    } catch {
      if (signal.aborted) return { kind: 'aborted' };
      // The host itself did not answer.
      return { kind: 'failed', cause: timedOut ? 'timeout' : 'reset' };
    } finally {
      endTimer();
      signal.removeEventListener('abort', abort);
    }
  }
}

/**
 * The nearest deadline that the gateway allows, whole ms: never shorter than wanted, or the time-out would come too early.
 */
export function grantedDeadlineMs(deadlineMs: number): number {
  return Math.min(MAX_DEADLINE_MS, Math.max(1, Math.ceil(deadlineMs)));
}

function failureOf({ status, reason, words }: FailedAnswer): FetchFailure {
  return { kind: 'failed', cause: causeOfResponse(status, reason), words: shownWords(words ?? '') };
}

function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    promise.then(resolve, reject);
  });
}
