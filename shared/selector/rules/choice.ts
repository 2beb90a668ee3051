import { steadiest } from '../damping.ts';
import { betterThan, isUnused } from '../readings.ts';
import { blamesSite, cannotBeShown, isAlive, recentFailures } from '../standing.ts';
import type { WatchedStream, WishCause } from '../types.ts';
import { isValidated, withinHours } from '../validation.ts';
import type { Draft } from './draft.ts';

/**
 * The stream that takes the shown one's place: an alive one before an unknown one before a suspect one. Never a lost one, nor
 * one that cannot be shown here.
 * @param besides a further stream that is not to be taken
 */
export function bestStandby(draft: Draft, shownId: string, besides?: string): string | null {
  const shown = draft.stream(shownId);
  const blamed = blamesSite(shown.standing) ? shown.siteId : null;
  const cost = (stream: WatchedStream): number =>
    2 * { healthy: 0, validating: 0, unknown: 2, suspect: 4, lost: 8 }[stream.standing.kind] +
    (stream.siteId === blamed ? 2 : 0) +
    (recentFailures(stream, draft.nowMs) > 0 ? 1 : 0);
  // On a thin link a site's main stream does not help where its sub-stream fails.
  const isTooMuch = (stream: WatchedStream): boolean =>
    draft.machine === 'thin-link' && isUnused(draft, stream);
  const candidates = draft.streams.filter(
    (stream) =>
      stream.id !== shownId &&
      stream.id !== besides &&
      stream.standing.kind !== 'lost' &&
      !cannotBeShown(stream.standing) &&
      !isTooMuch(stream),
  );
  const least = Math.min(...candidates.map(cost));
  const best = candidates.filter((stream) => cost(stream) === least);
  return steadiest(best, draft.nowMs, draft.clocksFromMs)?.id ?? null;
}

/** Rules 2, 8 and 14: the best stream that the tile would rather show, and why it may; `null` without one. */
export function betterWish(
  draft: Draft,
  shownId: string,
): { readonly streamId: string; readonly cause: WishCause } | null {
  const shown = draft.stream(shownId);
  const { leaving } = shown;
  for (const stream of betterThan(draft.streams, shownId)) {
    const { id, standing } = stream;
    const endsMaintenance = shown.duty === 'maintenance' && stream.duty === 'service';
    if (standing.kind === 'healthy' || (leaving && isAlive(standing))) {
      if (draft.nowMs < Math.max(draft.moveFromMs, stream.nextTryAtMs)) continue;
      return { streamId: id, cause: endsMaintenance ? 'maintenance' : draft.orderCause };
    }
    if (isQuickerToTry(draft, stream, shown)) return { streamId: id, cause: draft.orderCause };
    // A better stream that was just moved or added is waited for, while the picture that is to go still plays.
    if (leaving && standing.kind === 'unknown') return null;
    if (!isValidated(stream, shown, draft.policies, draft.nowMs) || draft.nowMs < stream.nextTryAtMs)
      continue;
    if (mayFailBack(draft)) return { streamId: id, cause: 'failback' };
    // A site in maintenance is left whatever Failback says, but not for a stream that is not validated yet.
    if (endsMaintenance) return { streamId: id, cause: 'maintenance' };
  }
  return null;
}

/** On a thin link a check of the stream costs as much as a player, and the picture may stop meanwhile. */
function isQuickerToTry(
  { machine, nowMs }: Draft,
  { siteId, standing, nextTryAtMs }: WatchedStream,
  shown: WatchedStream,
): boolean {
  const isOther = siteId === shown.siteId && standing.kind === 'unknown';
  return machine === 'thin-link' && isOther && nowMs >= nextTryAtMs;
}

function mayFailBack({ policies, localHour }: Draft): boolean {
  const { mode, allowedHours } = policies.failback;
  return mode === 'automatic' && withinHours(allowedHours, localHour);
}
