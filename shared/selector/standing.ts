import { type EvidenceCause, isHard, isUnplayable, isVague } from '../cause.ts';
import type { Channel, Evidence, Standing, WatchedStream } from './types.ts';

/** Causes by which a whole site, not one stream of it, does not answer. */
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

/** Longest wait before a stream whose players came to nothing is tried again, ms (rule 12). */
const MAX_RETRY_MS = 15_000;
const FIRST_RETRY_MS = 1000;
/** The same for a trial under another picture: a stream that no player can show is not worth one every 15 s, ms. */
const MAX_TRIAL_WAIT_MS = 10 * 60_000;
const FIRST_TRIAL_WAIT_MS = 3000;
/** Failed players are forgotten this long after the last one, once a player has presented since, ms. */
const CALM_MS = 60_000;
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

/** Whether its stream is well, as far as its site goes, and cannot be shown on this workstation. */
export function cannotBeShown(standing: Standing): boolean {
  if (standing.kind === 'lost') return isUnplayable(standing.cause);
  return standing.kind === 'suspect' && standing.evidence.some(({ cause }) => isUnplayable(cause));
}

/** Whether it was lost by its player and its watch proves it alive: a player has to find out whether it may come back. */
export function owesPicture(standing: Standing): standing is Extract<Standing, { kind: 'lost' }> {
  if (standing.kind !== 'lost' || standing.foundBy === 'watch') return false;
  const isProven = (channel: Channel): boolean => standing.proven.includes(channel);
  return isProven('playlist') && isProven('media') && !isProven('picture');
}

/**
 * What a suspect stream is accused of, and since when. The clock is that of its first evidence. A hard cause names the
 * fault better than a soft one that came before it, and any cause better than one that says only that there is no picture.
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

/** The wait before the next attempt after `failures` attempts that came to nothing, ms. */
export function retryAfterMs(failures: number): number {
  return failures === 0 ? 0 : Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** (failures - 1));
}

/** The wait before the next trial of a stream that was lost by its player, after `failures` that came to nothing, ms. */
export function trialAfterMs(failures: number): number {
  return Math.min(MAX_TRIAL_WAIT_MS, FIRST_TRIAL_WAIT_MS * 2 ** Math.max(0, failures - 1));
}

/** Players on the stream that came to nothing and still count: a single presented frame clears nothing. */
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
      // The clock of a channel starts once, and for a hard cause anew where that is earlier.
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

/** A hard cause names a fault better than a soft or a vague one, and none better than that this workstation cannot show it. */
function saysMore(cause: EvidenceCause, than: EvidenceCause): boolean {
  const weight = (one: EvidenceCause): number =>
    isUnplayable(one) ? 3 : !isHard(one) ? 0 : isVague(one) ? 1 : 2;
  return weight(cause) > weight(than);
}

/**
 * What a stream becomes with proof of life on one channel at `nowMs`.
 * @param needed the channels that have to be proven before a lost stream counts as being on its way back
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
      // Frames are what a player was waited for.
      const isDue = channel === 'picture' || nowMs >= standing.retryAtMs;
      if (needed.every((one) => proven.includes(one)) && isDue)
        return { kind: 'validating', sinceMs: nowMs, advancedMs: 0, spreadMs };
      return proven === standing.proven ? standing : { ...standing, proven };
    }
    default:
      return standing;
  }
}

/** Without its evidence; a stable time begins anew. */
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
 * Lost: the evidence stood for the Reaction Time, or the stream was left under rule 5, or a player came to nothing. One
 * that is lost already keeps its time, and the cause that says more. What its watch found explains the players that came to
 * nothing before: they do not count any more.
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

/** A player that broke down has found something out. A picture that stopped may have been this machine's fault. */
export function finderOf({ channel, cause }: Evidence): 'watch' | 'player' {
  return channel === 'picture' && isHard(cause) ? 'player' : 'watch';
}
