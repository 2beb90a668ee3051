import { isAlive } from './standing.ts';
import type { TileState, WatchedStream } from './types.ts';
import { isValidated } from './validation.ts';

/**
 * The stream that the operator is offered to return to (rule 8): the best one of higher priority that is back and
 * validated, where the tile does not return to it by itself.
 */
export function offeredReturn(state: TileState): string | null {
  const { phase, policies, streams, lastStepMs } = state;
  if (policies.failback.mode === 'automatic' || phase.kind !== 'showing') return null;
  const shown = streams.find(({ id }) => id === phase.shown.streamId);
  if (shown === undefined) return null;
  const offered = betterThan(streams, shown.id).find(
    (stream) => stream.standing.kind === 'healthy' || isValidated(stream, shown, policies, lastStepMs),
  );
  return offered?.id ?? null;
}

/**
 * Whether another site than the shown one is alive (rule 3: loss of redundancy). `unknown` while the shown stream is
 * itself in doubt: what silences both sites may be this workstation (rule 10).
 */
export function redundancyOf(state: TileState): 'ok' | 'none' | 'single' | 'unknown' {
  const { phase, streams } = state;
  if (streams.every(({ siteId }) => siteId === streams[0]?.siteId)) return 'single';
  if (!('shown' in phase) || phase.shown === null) return 'unknown';
  const shownId = phase.shown.streamId;
  const shown = streams.find(({ id }) => id === shownId);
  const others = streams.filter(({ siteId }) => siteId !== shown?.siteId);
  if (others.some(({ standing }) => isAlive(standing))) return 'ok';
  // One that is merely suspect, or was never heard of yet, is not called lost.
  const allLost = others.every(({ standing }) => standing.kind === 'lost');
  return allLost && shown !== undefined && isAlive(shown.standing) ? 'none' : 'unknown';
}

/** The site that a hot standby would play from if the host granted one (rule 15); `null` where there is no use for it. */
export function hotSiteOf({ phase, streams }: TileState): string | null {
  if (phase.kind !== 'showing' && phase.kind !== 'switching') return null;
  const shownSite = streams.find(({ id }) => id === phase.shown.streamId)?.siteId;
  return streams.find(({ siteId, standing }) => siteId !== shownSite && isAlive(standing))?.siteId ?? null;
}

/** The streams of higher priority, best first. */
export function betterThan(ranked: readonly WatchedStream[], shownId: string): readonly WatchedStream[] {
  return ranked.slice(
    0,
    Math.max(
      0,
      ranked.findIndex(({ id }) => id === shownId),
    ),
  );
}
