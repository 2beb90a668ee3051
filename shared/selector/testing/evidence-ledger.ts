import { isHard, isLateness, isUnusable } from '../../cause.ts';
import { isUnused } from '../readings.ts';
import type { Change, Channel, Evidence, Observation, TileState } from '../types.ts';
import { attemptsOf } from '../wake.ts';

interface Clock {
  readonly sinceMs: number;
  readonly hard: boolean;
}

/** Why a stream may be lost in a step although its evidence has not lasted for the Reaction Time. */
export interface Excuses {
  /** The tile changed over from it (rule 5). */
  readonly left: readonly string[];
  /** A player of it failed. */
  readonly failed: readonly string[];
}

/**
 * Works out rule 4 and the stable time of rule 8 once more, from the observations alone: how long evidence against each
 * stream has lasted without proof of life on the same channel.
 */
export class EvidenceLedger {
  private readonly clocks = new Map<string, Map<Channel, Clock>>();
  private readonly troubledAtMs = new Map<string, number>();
  /** Lateness of all steps. */
  private lateMs = 0;
  /** By stream: the lateness of all steps before its first evidence. */
  private readonly lateBeforeMs = new Map<string, number>();
  private lateNowMs = 0;
  private failedBack: { readonly to: string; readonly atMs: number } | null = null;
  private readonly undone = new Map<string, number>();
  private clocksFromMs = 0;
  private isLinkThin = false;

  note(before: TileState, observation: Observation, nowMs: number, localGap: boolean): void {
    const { phase } = before;
    const settles = observation.type === 'machine' && observation.machine === 'thin-link';
    if (
      localGap ||
      (observation.type === 'resume' && phase.kind === 'suspended') ||
      (settles && phase.kind !== 'suspended')
    ) {
      this.clocks.clear();
      this.clocksFromMs = nowMs;
    }
    this.isLinkThin = before.machine === 'thin-link';
    if (phase.kind === 'suspended') return;
    const lateMs = nowMs - before.lastStepMs - before.policies.tickMs;
    this.lateNowMs = localGap ? 0 : Math.max(0, lateMs);
    this.lateMs += this.lateNowMs;
    const shown = 'shown' in phase ? phase.shown : null;
    switch (observation.type) {
      case 'evidence':
        if (
          !localGap &&
          before.streams.some(({ id }) => id === observation.streamId) &&
          !isOfUnpressed(before, observation)
        )
          this.accuse(observation.streamId, observation.evidence, nowMs);
        return;
      case 'picture-verdict':
        if (observation.verdict === 'moving') this.clocks.get(observation.streamId)?.delete('content');
        else if (
          before.policies.onFrozen === 'change-over' &&
          before.streams.some(({ id }) => id === observation.streamId)
        ) {
          const { streamId, verdict: cause, sinceMs } = observation;
          this.accuse(streamId, { channel: 'content', cause, sinceMs }, nowMs);
        }
        return;
      case 'proof':
        this.clocks.get(observation.streamId)?.delete(observation.channel);
        return;
      case 'presented': {
        const attempt = attemptsOf(phase).find(({ playerId }) => playerId === observation.playerId);
        const streamId = attempt?.streamId;
        if (streamId === undefined) return;
        this.clocks.get(streamId)?.delete('media');
        this.clocks.get(streamId)?.delete('picture');
        return;
      }
      case 'picture-moves':
        if (shown?.playerId === observation.playerId) this.clocks.get(shown.streamId)?.delete('picture');
        return;
      case 'picture-stalls':
        if (shown?.playerId === observation.playerId) {
          const { sinceMs } = observation;
          this.accuse(shown.streamId, { channel: 'picture', cause: 'picture-stall', sinceMs }, nowMs);
        }
        return;
      case 'player-failed':
        if (shown?.playerId === observation.playerId) {
          const { cause } = observation;
          this.accuse(shown.streamId, { channel: 'picture', cause, sinceMs: nowMs }, nowMs);
        }
        return;
    }
  }

  /** Where the standings after a step are not what follows from the evidence, in words. */
  compare(before: TileState, after: TileState, nowMs: number, excuses: Excuses): string[] {
    const broken: string[] = [];
    for (const { id } of before.streams)
      if (!after.streams.some((stream) => stream.id === id)) this.forget(id);
    for (const stream of after.streams) {
      const { id, standing } = stream;
      // A stream that is not watched is unknown, whatever was observed before.
      if (isUnused(after, stream)) {
        this.clocks.delete(id);
        continue;
      }
      const wasLost = before.streams.find((stream) => stream.id === id)?.standing.kind === 'lost';
      const { reactionTimeMs } = after.policies;
      const lastedMs = this.lastedMs(id, nowMs);
      const extendedMs = Math.min(2000, this.lateMs - (this.lateBeforeMs.get(id) ?? this.lateMs));
      if (standing.kind === 'lost') {
        if (!wasLost) {
          if (lastedMs < reactionTimeMs && !excuses.left.includes(id) && !excuses.failed.includes(id))
            broken.push(`${id} was lost before its evidence had lasted for the Reaction Time`);
          this.troubledAtMs.set(id, nowMs);
        }
        this.clocks.delete(id);
      } else if (lastedMs >= reactionTimeMs + extendedMs && after.phase.kind !== 'suspended')
        broken.push(`evidence against ${id} has lasted for the Reaction Time, yet it is ${standing.kind}`);
    }
    return broken;
  }

  /** Where a failback came before its stable time, in words. */
  checkFailback({ cause, to }: Change, { policies }: TileState, nowMs: number): string[] {
    if (cause !== 'failback') return [];
    if (policies.failback.mode !== 'automatic')
      return [`a failback although it is ${policies.failback.mode}`];
    const quietSinceMs = Math.max(this.clocksFromMs, this.troubledAtMs.get(to) ?? 0);
    const dampedMs = dampedStableMs(policies.failback.stableMs, this.undone.get(to) ?? 0);
    return nowMs - quietSinceMs < dampedMs ? ['a failback before the stable time'] : [];
  }

  /** Rule 9: counts the failbacks that evidence made a tile leave within 5 minutes. */
  noteChange({ from, to, cause, firstEvidenceAtMs }: Change, nowMs: number): void {
    const { failedBack } = this;
    if (from !== to && failedBack !== null && from === failedBack.to) {
      if (firstEvidenceAtMs !== null && nowMs - failedBack.atMs <= 300_000)
        this.undone.set(from, (this.undone.get(from) ?? 0) + 1);
      this.failedBack = null;
    }
    if (cause === 'failback') this.failedBack = { to, atMs: nowMs };
  }

  private forget(streamId: string): void {
    this.clocks.delete(streamId);
    this.undone.delete(streamId);
    this.troubledAtMs.delete(streamId);
  }

  private accuse(streamId: string, { channel, cause, sinceMs }: Evidence, nowMs: number): void {
    if (this.isLinkThin && channel !== 'playlist' && isLateness(cause)) return;
    if (nowMs - Math.max(this.clocksFromMs, this.troubledAtMs.get(streamId) ?? 0) >= 1_800_000)
      this.undone.delete(streamId);
    this.troubledAtMs.set(streamId, nowMs);
    if ((this.clocks.get(streamId)?.size ?? 0) === 0)
      this.lateBeforeMs.set(streamId, this.lateMs - this.lateNowMs);
    const clocks = this.clocks.get(streamId) ?? new Map<Channel, Clock>();
    this.clocks.set(streamId, clocks);
    const known = clocks.get(channel);
    if (known !== undefined && (known.hard || !isHard(cause))) return;
    const fromMs = Math.max(sinceMs, this.clocksFromMs);
    clocks.set(channel, { sinceMs: Math.min(fromMs, known?.sinceMs ?? fromMs), hard: isHard(cause) });
  }

  /** How long the oldest evidence has lasted, ms; below 0 without evidence. */
  private lastedMs(streamId: string, nowMs: number): number {
    const clocks = [...(this.clocks.get(streamId)?.values() ?? [])];
    return clocks.length === 0
      ? Number.NEGATIVE_INFINITY
      : nowMs - Math.min(...clocks.map(({ sinceMs }) => sinceMs));
  }
}

/** Whether an attempt that the picture does not need found this in its own media: then only its player has failed. */
function isOfUnpressed(
  { phase }: TileState,
  { playerId, evidence }: Extract<Observation, { type: 'evidence' }>,
): boolean {
  if (!isUnusable(evidence.cause)) return false;
  if (phase.kind !== 'showing' && (phase.kind !== 'switching' || phase.why.kind === 'evidence')) return false;
  return attemptsOf(phase).some((one) => one.playerId === playerId && one.presentedAtMs === null);
}

function dampedStableMs(stableMs: number, undone: number): number {
  let dampedMs = stableMs;
  for (let count = 0; count < undone; count += 1) dampedMs = Math.max(10_000, 2 * dampedMs);
  return Math.max(stableMs, Math.min(600_000, dampedMs));
}
