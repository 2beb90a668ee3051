import { type EvidenceCause, isHard } from '../cause.ts';
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

/**
 * What a suspect stream is accused of, and since when. The clock is that of its first evidence; a hard cause
 * that came later names the fault better than the soft one before it, and whatever else there is better than a
 * picture that stands still, which is only what becomes of it.
 */
export function firstEvidence(evidence: readonly Evidence[]): { cause: EvidenceCause; sinceMs: number } {
  const byTime = [...evidence].sort((a, b) => a.sinceMs - b.sinceMs);
  const [first] = byTime;
  if (first === undefined) throw new Error('a suspect stream always has evidence');
  const naming =
    byTime.find(({ cause }) => isHard(cause)) ??
    byTime.find(({ cause }) => cause !== 'picture-stall') ??
    first;
  return { cause: naming.cause, sinceMs: first.sinceMs };
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

/** Players on the stream that came to nothing and still count: a single presented frame clears nothing. */
export function recentFailures(stream: WatchedStream, nowMs: number): number {
  const calm = stream.sinceFailure === 'presented' && nowMs - stream.failedAtMs >= CALM_MS;
  return calm ? 0 : stream.failedAttempts;
}

/** @param lateBeforeMs the tile's lateness when the evidence began */
export function withEvidence(standing: Standing, evidence: Evidence, lateBeforeMs: number): Standing {
  switch (standing.kind) {
    case 'lost':
      return standing.proven.length === 0 ? standing : { ...standing, proven: [] };
    case 'suspect': {
      const known = standing.evidence.find(({ channel }) => channel === evidence.channel);
      // The clock of a channel starts once; a hard cause names it better than the soft one before it.
      if (known !== undefined && (isHard(known.cause) || !isHard(evidence.cause))) return standing;
      const merged = { ...evidence, sinceMs: Math.min(evidence.sinceMs, known?.sinceMs ?? evidence.sinceMs) };
      return {
        ...standing,
        evidence: [...standing.evidence.filter(({ channel }) => channel !== evidence.channel), merged],
      };
    }
    default:
      return { kind: 'suspect', evidence: [evidence], before: standing.kind, lateBeforeMs };
  }
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
      if (needed.every((one) => proven.includes(one)) && nowMs >= standing.retryAtMs)
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

/** Lost: the evidence stood for the Reaction Time, or the stream was left under rule 5, or a player failed. */
export function lost(
  stream: WatchedStream,
  cause: EvidenceCause,
  firstAtMs: number,
  nowMs: number,
): WatchedStream {
  return {
    ...stream,
    standing: {
      kind: 'lost',
      cause,
      firstEvidenceAtMs: firstAtMs,
      retryAtMs: nowMs + retryAfterMs(recentFailures(stream, nowMs)),
      proven: [],
    },
  };
}
