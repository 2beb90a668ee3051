import {
  type BegunMedia,
  connectionIn,
  type FailedAnswer,
  failedAnswer,
  GATEWAY_LATE,
  gatewayHeaders,
  MEDIA_TOO_MUCH_WORK,
  type MediaRequest,
} from '../../shared/gateway/gateway-exchange.ts';
import { isOverMediaBudgetInSteps } from '../../shared/media/media-budget.ts';
import { inTurns } from '../playback/next-turn.ts';

const BROKEN_OFF: FailedAnswer = { kind: 'failed', status: 502, reason: 'reset', words: null };

/**
 * Requests media from the host that served the page. It arrives at once: the page's thread takes 8 ms for 6 MB from the browser's
 * own loader. Never rejects: a failure is a status with a reason.
 */
export async function loadMedia(request: MediaRequest): Promise<BegunMedia> {
  const { pathname, deadlineMs, firstByteMs } = request;
  const askedMs = performance.now();
  const controller = new AbortController();
  const giveUp = (): void => controller.abort();
  let timer = setTimeout(giveUp, firstByteMs);
  try {
    const response = await fetch(pathname, {
      cache: 'no-store',
      // The cookie by which the host recognises its window; the gateway does not pass it on.
      credentials: 'same-origin',
      signal: controller.signal,
      headers: gatewayHeaders(request),
    });
    clearTimeout(timer);
    const waitedMs = performance.now() - askedMs;
    // The deadline of the whole answer, in case the host itself hangs.
    timer = setTimeout(giveUp, deadlineMs - waitedMs);
    if (response.ok) {
      const bytes = new Uint8Array(await response.arrayBuffer());
      if (await inTurns(isOverMediaBudgetInSteps(bytes))) return MEDIA_TOO_MUCH_WORK;
      return { kind: 'bytes', bytes, waitedMs, hasMore: false, ...connectionIn(response.headers) };
    }
    // A body that broke off already cannot be cancelled any more.
    response.body?.cancel().catch(() => {});
    return failedAnswer(response);
  } catch {
    // After the headers, the gateway can only break the body off: at its deadline, or because the site did.
    return controller.signal.aborted || performance.now() - askedMs >= deadlineMs ? GATEWAY_LATE : BROKEN_OFF;
  } finally {
    clearTimeout(timer);
  }
}
