import type { Clock } from '../../../shared/clock.ts';
import {
  type BegunMedia,
  connectionIn,
  type FailedAnswer,
  failedAnswer,
  GATEWAY_CANCELLED,
  GATEWAY_LATE,
  gatewayHeaders,
  MEDIA_AT_ONCE_BYTES,
  MEDIA_INSTEAD,
  MEDIA_PIECE_BYTES,
  MEDIA_TOO_MUCH_WORK,
  type MediaRequest,
  type MediaRest,
  type PlaylistAnswer,
  type PlaylistRequest,
} from '../../../shared/gateway/gateway-exchange.ts';
import { isOverMediaBudget } from '../../../shared/media/media-budget.ts';
import type { Gateway } from '../gateway.ts';
import { systemClock } from '../system-clock.ts';
import { toGatewayFailure } from './failures.ts';
import { failureResponse } from './gateway-response.ts';
import { PLAYLIST_TYPE } from './media-type.ts';

/** Any origin will do: the gateway reads only the path behind it. */
const ORIGIN = 'http://holdfast';

/** Asks the gateway for a playlist. Never rejects: a failure is a status with a reason. */
export async function answerPlaylist(gateway: Gateway, request: PlaylistRequest): Promise<PlaylistAnswer> {
  const response = await gateway.handle(asRequest(request));
  if (!response.ok) return failedAnswer(response);
  if (response.headers.get('content-type') === PLAYLIST_TYPE)
    return { kind: 'text', text: await response.text() };
  // A body that has already failed cannot be cancelled.
  await response.body?.cancel().catch(() => {});
  return { kind: 'text', text: MEDIA_INSTEAD };
}

/** A large answer, read as fast as its window asks for more. */
interface Unread {
  readonly body: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>;
  /** Read from the body, and not yet sent to the window. */
  readonly ahead: Uint8Array<ArrayBuffer>[];
  /** Stops the deadline of the window's next request. */
  readonly stopTimer: () => void;
}

/**
 * Answers with media. A large answer is read from the site no faster than its window takes it, so that the host holds
 * little of it, whatever the site's pace and the answer's size.
 */
export class MediaAnswers {
  private readonly gateway: Gateway;
  private readonly clock: Clock;
  /** By request id. */
  private readonly unread = new Map<string, Unread>();

  constructor(gateway: Gateway, clock: Clock = systemClock) {
    this.gateway = gateway;
    this.clock = clock;
  }

  /**
   * Asks the gateway for media, and waits for all of it unless it is larger than {@link MEDIA_AT_ONCE_BYTES}. Never
   * rejects: a failure before or within the answer is a status with a reason.
   */
  async begin(request: MediaRequest): Promise<BegunMedia> {
    const { firstByteMs, requestId } = request;
    const askedMs = this.clock.now();
    let isLate = false;
    const stopWaiting = this.clock.after(firstByteMs, () => {
      isLate = true;
      this.gateway.cancel(requestId);
    });
    const response = await this.gateway.handle(asRequest(request));
    stopWaiting();
    const waitedMs = this.clock.now() - askedMs;
    if (!response.ok || response.body === null) {
      const failure = failedAnswer(response);
      return isLate && failure.reason === 'cancelled' ? GATEWAY_LATE : failure;
    }
    const body = response.body.getReader();
    const beginning = await read(body, MEDIA_AT_ONCE_BYTES);
    if (beginning.kind === 'failed') return beginning;
    const { kind, chunks, hasMore } = beginning;
    const bytes = joined(chunks);
    // The page itself counts what comes later of a large answer.
    if (isOverMediaBudget(bytes)) {
      if (hasMore) giveUp(body);
      return MEDIA_TOO_MUCH_WORK;
    }
    const begun = { kind, hasMore, waitedMs, ...connectionIn(response.headers) };
    if (!hasMore) return { ...begun, bytes };
    this.keep(request, body, chunks);
    return { ...begun, bytes: new Uint8Array(0) };
  }

  /** The next piece of an answer that was too large to come at once. Never rejects. */
  async rest(requestId: string): Promise<MediaRest> {
    const unread = this.unread.get(requestId);
    if (unread === undefined) return GATEWAY_CANCELLED;
    const { body, ahead } = unread;
    const piece = await read(body, MEDIA_PIECE_BYTES, ahead);
    if (piece.kind === 'failed' || !piece.hasMore) this.forget(requestId, unread);
    if (piece.kind === 'failed') return piece;
    const { kind, chunks, hasMore } = piece;
    return { kind, bytes: joined(chunks), hasMore };
  }

  private keep({ requestId, deadlineMs }: MediaRequest, body: Unread['body'], ahead: Unread['ahead']): void {
    const other = this.unread.get(requestId);
    if (other !== undefined) {
      this.forget(requestId, other);
      giveUp(other.body);
    }
    const stopTimer = this.clock.after(deadlineMs, () => this.forget(requestId, unread));
    const unread: Unread = { body, ahead, stopTimer };
    this.unread.set(requestId, unread);
    // Of an answer that failed or was cancelled, only the reason is kept.
    body.closed.catch(() => ahead.splice(0));
  }

  private forget(requestId: string, unread: Unread): void {
    unread.stopTimer();
    if (this.unread.get(requestId) === unread) this.unread.delete(requestId);
  }
}

type Chunks = Uint8Array<ArrayBuffer>[];

/**
 * The next `mostBytes` of a body and at most one chunk more, or all that remains.
 * @param ahead what was read of it before; it is taken first
 */
async function read(
  body: Unread['body'],
  mostBytes: number,
  ahead: Chunks = [],
): Promise<{ readonly kind: 'bytes'; readonly chunks: Chunks; readonly hasMore: boolean } | FailedAnswer> {
  const chunks: Chunks = [];
  try {
    for (let length = 0; length < mostBytes; ) {
      const chunk = ahead.shift() ?? (await body.read()).value;
      if (chunk === undefined) return { kind: 'bytes', chunks, hasMore: false };
      chunks.push(chunk);
      length += chunk.length;
    }
    return { kind: 'bytes', chunks, hasMore: true };
  } catch (error) {
    return failedAnswer(failureResponse(toGatewayFailure(error, 'the site')));
  }
}

function giveUp(body: Unread['body']): void {
  // A body that has already failed cannot be cancelled.
  body.cancel().catch(() => {});
}

function joined(chunks: Chunks): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

function asRequest(request: PlaylistRequest | MediaRequest): Request {
  return new Request(ORIGIN + request.pathname, { headers: gatewayHeaders(request) });
}
