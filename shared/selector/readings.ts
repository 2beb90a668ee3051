import type { EvidenceCause } from '../cause.ts';
import { STUCK_MS } from './attempt-deadline.ts';
import { firstEvidence, isAlive, lateExtensionMs } from './standing.ts';
import type { Standing, TileState, WatchedStream } from './types.ts';
import { isValidated } from './validation.ts';
import { attemptsOf } from './wake.ts';

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
  const others = streams.filter((stream) => stream.siteId !== shown?.siteId && !isUnused(state, stream));
  if (others.some(({ standing }) => isAlive(standing))) return 'ok';
  // A stream that is suspect or unknown is not called lost.
  const allLost = others.every(({ standing }) => standing.kind === 'lost');
  return allLost && shown !== undefined && isAlive(shown.standing) ? 'none' : 'unknown';
}

/**
 * Whether the stream is not watched. At a site that is watched lightly, and on a thin link at every site, only the wanted quality
 * is watched, which is the site's first in order. The others are watched while it is lost, or while a player is on them. An
 * unused stream is unknown, and not missed.
 */
export function isUnused(
  { streams, phase, machine }: Pick<TileState, 'streams' | 'phase' | 'machine'>,
  { id, siteId, watch }: WatchedStream,
): boolean {
  if (watch === 'full' && machine !== 'thin-link') return false;
  const wanted = streams.find((stream) => stream.siteId === siteId && !stream.leaving);
  if (wanted === undefined || wanted.id === id || wanted.standing.kind === 'lost') return false;
  const shownId = 'shown' in phase ? phase.shown?.streamId : undefined;
  return shownId !== id && !attemptsOf(phase).some(({ streamId }) => streamId === id);
}

/** What speaks against a stream. */
export interface Complaint {
  readonly streamId: string;
  readonly cause: EvidenceCause;
}

/**
 * Why a tile that never had a picture has none: the evidence against its streams, else the state of its attempts. Known when
 * every stream is lost, else Reaction Time and {@link STUCK_MS} after the first player began.
 *
 * @returns never empty; `null` before, and in a tile that has had a picture
 */
export function missingPicture(
  { phase, streams, policies, lateMs }: TileState,
  nowMs: number,
): readonly Complaint[] | null {
  if (phase.kind !== 'starting') return null;
  const { attempts, triedFromMs } = phase;
  const patienceMs = policies.reactionTimeMs + STUCK_MS + lateExtensionMs({ lateBeforeMs: 0 }, lateMs);
  const isMissed = triedFromMs !== null && nowMs >= triedFromMs + patienceMs;
  if (!isMissed && streams.some(({ standing }) => standing.kind !== 'lost')) return null;
  const accused = streams.flatMap(({ id: streamId, standing }) => {
    const cause = causeAgainst(standing);
    return cause === null ? [] : [{ streamId, cause }];
  });
  if (accused.length > 0) return accused;
  if (attempts.length > 0)
    return attempts.map(({ streamId, startedAtMs, progressAtMs }) => ({
      streamId,
      cause: progressAtMs > startedAtMs ? 'no-picture' : 'timeout',
    }));
  return streams.slice(0, 1).map(({ id: streamId }) => ({ streamId, cause: 'no-picture' }));
}

function causeAgainst(standing: Standing): EvidenceCause | null {
  if (standing.kind === 'lost') return standing.cause;
  return standing.kind === 'suspect' ? firstEvidence(standing.evidence).cause : null;
}

/** The site that a hot standby would play from if the host granted one (rule 15); `null` where there is no use for it. */
export function hotSiteOf({ phase, streams }: TileState): string | null {
  if (phase.kind !== 'showing' && phase.kind !== 'switching') return null;
  const shownSite = streams.find(({ id }) => id === phase.shown.streamId)?.siteId;
  return streams.find((stream) => mayBeHot(stream, shownSite))?.siteId ?? null;
}

/** Whether a hot standby may play the stream: it is alive, at another site than the shown one, and not watched lightly. */
export function mayBeHot(
  { siteId, standing, watch }: WatchedStream,
  shownSiteId: string | undefined,
): boolean {
  return siteId !== shownSiteId && watch === 'full' && isAlive(standing);
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
