import type { Shown } from '../types.ts';
import type { Draft } from './draft.ts';
import { dropAttempt, findAttempt, setShown, updateAttempt } from './players.ts';
import { switchTo } from './switching.ts';
import { wishFor } from './why.ts';

/** The wait before a hot standby that aged is started anew, ms: where every player ages, players must not start without end. */
const AGED_STANDBY_REST_MS = 5000;

/** A player can play on only for a short time. */
export function playerAges(draft: Draft, playerId: number): void {
  const { shown, phase } = draft;
  if (shown?.playerId === playerId) {
    setShown(draft, { ...shown, ageing: true });
    return;
  }
  const attempt = findAttempt(draft, playerId);
  if (attempt === undefined) return;
  if (phase.kind === 'showing' && attempt.presentedAtMs !== null) {
    // Nobody would see that the picture underneath had stopped.
    draft.patch(attempt.streamId, { nextTryAtMs: draft.nowMs + AGED_STANDBY_REST_MS });
    dropAttempt(draft, attempt);
  } else updateAttempt(draft, playerId, (found) => ({ ...found, ageing: true }));
}

/** Another player on the shown stream takes the place of one that ages. @returns whether it was started */
export function renew(draft: Draft, shown: Shown): boolean {
  const fromMs = Math.max(draft.stream(shown.streamId).nextTryAtMs, shown.renewFromMs ?? 0);
  if (!shown.ageing || draft.nowMs < fromMs) return false;
  switchTo(draft, shown, shown.streamId, wishFor(draft, 'renewed'));
  return true;
}
