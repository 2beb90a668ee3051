import {
  DEADLINE_HEADER,
  GATEWAY_REASONS,
  REASON_HEADER,
  REASON_TEXT_HEADER,
  REQUEST_ID_HEADER,
} from '../../../shared/gateway-contract.ts';
import type {
  GatewayNo,
  MediaAnswer,
  MediaRequest,
  PlaylistAnswer,
  PlaylistRequest,
} from '../../../shared/gateway-exchange.ts';
import { type Clock, systemClock } from '../clock.ts';
import type { Gateway } from '../gateway.ts';
import { toGatewayFailure } from './gateway-failure.ts';
import { failureResponse } from './gateway-response.ts';
import { PLAYLIST_TYPE } from './media-type.ts';

/** As a page tells it that waited itself. */
const LATE: GatewayNo = { kind: 'failed', status: 504, reason: 'timeout', words: null };

/** The gateway takes any: it looks at what is behind it. */
const ORIGIN = 'http://holdfast';

/** Asks the gateway for a playlist. Never rejects: what goes wrong is a status with a reason. */
export async function answerPlaylist(gateway: Gateway, request: PlaylistRequest): Promise<PlaylistAnswer> {
  const response = await gateway.handle(asRequest(request));
  if (!response.ok) return noOf(response);
  if (response.headers.get('content-type') === PLAYLIST_TYPE)
    return { kind: 'text', text: await response.text() };
  // A body that broke off already cannot be cancelled any more.
  await response.body?.cancel().catch(() => {});
  return { kind: 'text', text: '' };
}

/** Asks the gateway for media. Never rejects: what goes wrong, before the answer or within it, is a status with a reason. */
export async function answerMedia(
  gateway: Gateway,
  request: MediaRequest,
  clock: Clock = systemClock,
): Promise<MediaAnswer> {
  const { firstByteMs, requestId, range } = request;
  const askedMs = clock.now();
  let isLate = false;
  const stopWaiting = clock.schedule(() => {
    isLate = true;
    gateway.cancel(requestId);
  }, firstByteMs);
  const ranged = range === null ? {} : { range: `bytes=${range.offset}-${range.offset + range.length - 1}` };
  const response = await gateway.handle(asRequest(request, ranged));
  stopWaiting();
  const waitedMs = clock.now() - askedMs;
  if (!response.ok) {
    const no = noOf(response);
    return isLate && no.reason === 'cancelled' ? LATE : no;
  }
  try {
    return { kind: 'bytes', bytes: new Uint8Array(await response.arrayBuffer()), waitedMs };
  } catch (error) {
    return noOf(failureResponse(toGatewayFailure(error, 'the site')));
  }
}

function asRequest(
  { pathname, requestId, deadlineMs }: PlaylistRequest,
  more: Readonly<Record<string, string>> = {},
): Request {
  const headers = { ...more, [DEADLINE_HEADER]: String(deadlineMs), [REQUEST_ID_HEADER]: requestId };
  return new Request(ORIGIN + pathname, { headers });
}

function noOf({ status, headers }: Response): GatewayNo {
  const reason = headers.get(REASON_HEADER);
  const words = headers.get(REASON_TEXT_HEADER);
  return {
    kind: 'failed',
    status,
    reason: GATEWAY_REASONS.find((known) => known === reason) ?? null,
    words: words === null ? null : decodeURIComponent(words),
  };
}
