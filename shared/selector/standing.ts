import { type EvidenceCause, isHard, isUnplayable, isVague } from '../cause.ts';
import type { Channel, Evidence, Standing, WatchedStream } from './types.ts';

/** Causes that concern a whole site, not one of its streams. */
const OF_THE_SITE: ReadonlySet<EvidenceCause> = new Set([
  'refused',
  'reset',
  'dns',
  'unreachable',
  'tls-pin',
  'tls-expired',
  'tls-untrusted',
  'tls-protocol',
]);

/** Longest wait before a stream whose players failed is tried again, ms (rule 12). */
const MAX_RETRY_MS = 15_000;
/** The wait after the first failed player, ms. */
const FIRST_RETRY_MS = 1000;
/** Longest wait before the next trial, ms: a stream that no player can show is not worth a player every 15 s. */
const MAX_TRIAL_WAIT_MS = 10 * 60_000;
/** The wait before the first trial, ms. */
const FIRST_TRIAL_WAIT_MS = 3000;
/** Failed players are forgotten this long after the latest one, ms, if a player has presented since. */
const CALM_MS = 60_000;
/** The most that lateness extends a deadline by, ms (rule 10). */
const LONGEST_EXTENSION_MS = 2000;

export function isAlive(standing: Standing): boolean {
  return standing.kind === 'healthy' || standing.kind === 'validating';
}

export function hasHardEvidence(standing: Standing): boolean {
  return standing.kind === 'suspect' && standing.evidence.some(({ cause }) => isHard(cause));
}

/** Whether its evidence says that the site, and with it every stream there, does not answer. */
export function blamesSite(standing: Standing): boolean {
  if (standing.kind === 'lost') return OF_THE_SITE.has(standing.cause);
  return standing.kind === 'suspect' && standing.evidence.some(({ cause }) => OF_THE_SITE.has(cause));
}

/** Whether its site serves the stream well, and this workstation cannot show it. */
export function cannotBeShown(standing: Standing): boolean {
  if (standing.kind === 'lost') return isUnplayable(standing.cause);
  return standing.kind === 'suspect' && standing.evidence.some(({ cause }) => isUnplayable(cause));
}

/** Whether a player lost the stream although its watch proves it alive: only a player can tell whether it may come back. */
export function owesPicture(standing: Standing): standing is Extract<Standing, { kind: 'lost' }> {
  if (standing.kind !== 'lost' || standing.foundBy === 'watch') return false;
  const isProven = (channel: Channel): boolean => standing.proven.includes(channel);
  return isProven('playlist') && isProven('media') && !isProven('picture');
}

/**
 * The evidence that names a suspect stream's fault, with the time of the first evidence. Hard causes come before soft ones,
 * and causes that say why before those that say only that there is no picture.
 */
export function firstEvidence(evidence: readonly Evidence[]): Evidence {
  const byTime = [...evidence].sort((a, b) => a.sinceMs - b.sinceMs);
  const [first] = byTime;
  if (first === undefined) throw new Error('a suspect stream always has evidence');
  const naming =
    byTime.find(({ cause }) => isHard(cause) && !isVague(cause)) ??
    byTime.find(({ cause }) => isHard(cause)) ??
    byTime.find(({ cause }) => !isVague(cause)) ??
    first;
  return { ...naming, sinceMs: first.sinceMs };
}

/**
 * When a suspect stream will be lost unless proof of life comes before, monotonic ms (rule 4).
 * @param lateMs all lateness of the tile's steps so far
 */
export function lostAtMs(
  standing: Extract<Standing, { kind: 'suspect' }>,
  reactionTimeMs: number,
  lateMs: number,
): number {
  return firstEvidence(standing.evidence).sinceMs + reactionTimeMs + lateExtensionMs(standing, lateMs);
}

/** A late event loop extends a deadline by its lateness, by 2 s at most (rule 10), ms. */
export function lateExtensionMs({ lateBeforeMs }: { readonly lateBeforeMs: number }, lateMs: number): number {
  return Math.min(LONGEST_EXTENSION_MS, lateMs - lateBeforeMs);
}

/** The wait before the next attempt after `failures` failed ones, ms. */
export function retryAfterMs(failures: number): number {
  return failures === 0 ? 0 : Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** (failures - 1));
}

/** The wait before the next trial of a stream that a player lost, after `failures` failed players, ms. */
export function trialAfterMs(failures: number): number {
  return Math.min(MAX_TRIAL_WAIT_MS, FIRST_TRIAL_WAIT_MS * 2 ** Math.max(0, failures - 1));
}

/** Failed players of the stream that still count. A player that presents does not clear them at once. */
export function recentFailures(stream: WatchedStream, nowMs: number): number {
  const calm = stream.sinceFailure === 'presented' && nowMs - stream.failedAtMs >= CALM_MS;
  return calm ? 0 : stream.failedAttempts;
}

/** @param lateBeforeMs the tile's lateness when the evidence began */
export function withEvidence(standing: Standing, evidence: Evidence, lateBeforeMs: number): Standing {
  switch (standing.kind) {
    case 'lost':
      if (saysMore(evidence.cause, standing.cause)) return { ...standing, cause: evidence.cause, proven: [] };
      return standing.proven.length === 0 ? standing : { ...standing, proven: [] };
    case 'suspect': {
      const known = standing.evidence.find(({ channel }) => channel === evidence.channel);
      // A channel's clock keeps its start. A hard cause that replaces a soft one may only move it back.
      if (known !== undefined && !saysMore(evidence.cause, known.cause)) return standing;
      const sinceMs =
        known === undefined
          ? evidence.sinceMs
          : isHard(known.cause)
            ? known.sinceMs
            : Math.min(evidence.sinceMs, known.sinceMs);
      const merged = { ...evidence, sinceMs };
      return {
        ...standing,
        evidence: [...standing.evidence.filter(({ channel }) => channel !== evidence.channel), merged],
      };
    }
    default:
      return { kind: 'suspect', evidence: [evidence], before: standing.kind, lateBeforeMs };
  }
}

/** Best of all a cause says that this workstation cannot show the stream; then come hard causes, vague ones, soft ones. */
function saysMore(cause: EvidenceCause, than: EvidenceCause): boolean {
  const weight = (one: EvidenceCause): number =>
    isUnplayable(one) ? 3 : !isHard(one) ? 0 : isVague(one) ? 1 : 2;
  return weight(cause) > weight(than);
}

/**
 * What a stream becomes with proof of life on one channel at `nowMs`.
 * @param needed the channels that need proof before a lost stream is on its way back
 */
export function withProof(
  standing: Standing,
  channel: Channel,
  needed: readonly Channel[],
  nowMs: number,
  spreadMs: number,
): Standing {
  switch (standing.kind) {
    case 'unknown':
      // A playlist is not enough (rule 3).
      return channel === 'media' || channel === 'picture' ? { kind: 'healthy' } : standing;
    case 'suspect': {
      const left = standing.evidence.filter((evidence) => evidence.channel !== channel);
      if (left.length === standing.evidence.length) return standing;
      if (left.length > 0) return { ...standing, evidence: left };
      return cleared(standing.before, nowMs, spreadMs);
    }
    case 'lost': {
      const proven = standing.proven.includes(channel) ? standing.proven : [...standing.proven, channel];
      // Frames count at any time: they are what a trial is for.
      const isDue = channel === 'picture' || nowMs >= standing.retryAtMs;
      if (needed.every((one) => proven.includes(one)) && isDue)
        return { kind: 'validating', sinceMs: nowMs, advancedMs: 0, spreadMs };
      return proven === standing.proven ? standing : { ...standing, proven };
    }
    default:
      return standing;
  }
}

/** The standing once its evidence is cleared. A stable time begins anew. */
export function cleared(
  before: 'unknown' | 'healthy' | 'validating',
  nowMs: number,
  spreadMs: number,
): Standing {
  return before === 'validating'
    ? { kind: 'validating', sinceMs: nowMs, advancedMs: 0, spreadMs }
    : { kind: before };
}

/**
 * Makes the stream lost: Reaction Time is over, or the tile left it under rule 5, or a player failed. A stream that is lost
 * already keeps the time of its first evidence, and the cause that says more. A loss by the watch explains earlier failed
 * players: they count no more.
 */
export function lost(
  stream: WatchedStream,
  { cause, sinceMs }: Pick<Evidence, 'cause' | 'sinceMs'>,
  foundBy: 'watch' | 'player',
  nowMs: number,
): WatchedStream {
  const failures = recentFailures(stream, nowMs);
  const waitMs = foundBy === 'player' ? trialAfterMs(failures) : retryAfterMs(failures);
  const retryAtMs = nowMs + waitMs;
  const before = stream.standing;
  const standing: Standing =
    before.kind === 'lost'
      ? { ...before, cause: saysMore(cause, before.cause) ? cause : before.cause, foundBy, retryAtMs }
      : { kind: 'lost', cause, foundBy, firstEvidenceAtMs: sinceMs, retryAtMs, proven: [] };
  return { ...stream, standing, failedAttempts: foundBy === 'watch' ? 0 : stream.failedAttempts };
}

/** Who found the fault. Hard evidence about the picture is a player's; a picture that stopped may be this machine's fault. */
export function finderOf({ channel, cause }: Evidence): 'watch' | 'player' {
  return channel === 'picture' && isHard(cause) ? 'player' : 'watch';
}
