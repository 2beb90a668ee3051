import {
  connectionIn,
  GATEWAY_LATE,
  gatewayHeaders,
  gatewayNo,
  MEDIA_INSTEAD,
  MEDIA_TOO_MUCH_WORK,
  type MediaAnswer,
  type MediaRequest,
  type PlaylistAnswer,
  type PlaylistRequest,
} from '../../../shared/gateway-exchange.ts';
import { isOverMediaBudget } from '../../../shared/media/media-budget.ts';
import { type Clock, systemClock } from '../clock.ts';
import type { Gateway } from '../gateway.ts';
import { toGatewayFailure } from './gateway-failure.ts';
import { failureResponse } from './gateway-response.ts';
import { PLAYLIST_TYPE } from './media-type.ts';

/** The gateway takes any: it looks at what is behind it. */
const ORIGIN = 'http://holdfast';

/** Asks the gateway for a playlist. Never rejects: what goes wrong is a status with a reason. */
export async function answerPlaylist(gateway: Gateway, request: PlaylistRequest): Promise<PlaylistAnswer> {
  const response = await gateway.handle(asRequest(request));
  if (!response.ok) return gatewayNo(response);
  if (response.headers.get('content-type') === PLAYLIST_TYPE)
    return { kind: 'text', text: await response.text() };
  // A body that broke off already cannot be cancelled any more.
  await response.body?.cancel().catch(() => {});
  return { kind: 'text', text: MEDIA_INSTEAD };
}

/** Asks the gateway for media. Never rejects: what goes wrong, before the answer or within it, is a status with a reason. */
export async function answerMedia(
  gateway: Gateway,
  request: MediaRequest,
  clock: Clock = systemClock,
): Promise<MediaAnswer> {
  const { firstByteMs, requestId } = request;
  const askedMs = clock.now();
  let isLate = false;
  const stopWaiting = clock.schedule(() => {
    isLate = true;
    gateway.cancel(requestId);
  }, firstByteMs);
  const response = await gateway.handle(asRequest(request));
  stopWaiting();
  const waitedMs = clock.now() - askedMs;
  if (!response.ok) {
    const no = gatewayNo(response);
    return isLate && no.reason === 'cancelled' ? GATEWAY_LATE : no;
  }
  try {
    const bytes = new Uint8Array(await response.arrayBuffer());
    if (isOverMediaBudget(bytes)) return MEDIA_TOO_MUCH_WORK;
    return { kind: 'bytes', bytes, waitedMs, ...connectionIn(response.headers) };
  } catch (error) {
    return gatewayNo(failureResponse(toGatewayFailure(error, 'the site')));
  }
}

function asRequest(request: PlaylistRequest | MediaRequest): Request {
  return new Request(ORIGIN + request.pathname, { headers: gatewayHeaders(request) });
}
