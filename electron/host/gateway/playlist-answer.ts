import {
  DEADLINE_HEADER,
  GATEWAY_REASONS,
  REASON_HEADER,
  REASON_TEXT_HEADER,
  REQUEST_ID_HEADER,
} from '../../../shared/gateway-contract.ts';
import type { PlaylistAnswer, PlaylistRequest } from '../../../shared/playlist-exchange.ts';
import type { Gateway } from '../gateway.ts';
import { PLAYLIST_TYPE } from './media-type.ts';

/** The gateway takes any: it looks at what is behind it. */
const ORIGIN = 'http://holdfast';

/** Asks the gateway for a playlist. Never rejects: what goes wrong is a status with a reason. */
export async function answerPlaylist(
  gateway: Gateway,
  { pathname, requestId, deadlineMs }: PlaylistRequest,
): Promise<PlaylistAnswer> {
  const headers = { [DEADLINE_HEADER]: String(deadlineMs), [REQUEST_ID_HEADER]: requestId };
  const response = await gateway.handle(new Request(ORIGIN + pathname, { headers }));
  if (!response.ok) {
    const reason = response.headers.get(REASON_HEADER);
    const words = response.headers.get(REASON_TEXT_HEADER);
    return {
      kind: 'failed',
      status: response.status,
      reason: GATEWAY_REASONS.find((known) => known === reason) ?? null,
      words: words === null ? null : decodeURIComponent(words),
    };
  }
  if (response.headers.get('content-type') === PLAYLIST_TYPE)
    return { kind: 'text', text: await response.text() };
  // A body that broke off already cannot be cancelled any more.
  await response.body?.cancel().catch(() => {});
  return { kind: 'text', text: '' };
}
