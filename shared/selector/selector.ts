import { type ChangeCause, type EvidenceCause, isHard } from '../cause.ts';
import { attemptFailure, stuckAtMs } from './attempt-deadline.ts';
import {
  CLEAN_RECORD,
  stableTimeMs,
  steadiest,
  UNDONE_WITHIN_MS,
  withLoss,
  withTrouble,
  withUndone,
} from './damping.ts';
import { betterThan, offeredReturn } from './readings.ts';
import {
  blamesSite,
  cleared,
  firstEvidence,
  hasHardEvidence,
  isAlive,
  lost,
  lostAtMs,
  recentFailures,
  retryAfterMs,
  withEvidence,
  withProof,
} from './standing.ts';
import type {
  Attempt,
  Change,
  Channel,
  Command,
  Evidence,
  Observation,
  Phase,
  PlannedStream,
  SelectorPolicies,
  Shown,
  Standing,
  Step,
  TileState,
  TroubleRecord,
  WatchedStream,
  Why,
  WishCause,
} from './types.ts';
import { isValidated, keepsPace, offsets, relearnAtMs, withinHours } from './validation.ts';
import { attemptsOf } from './wake.ts';

export { offeredReturn, redundancyOf } from './readings.ts';
export { nextWakeMs } from './wake.ts';

/** Players of one tile: the shown one and one other (rule 15). */
export const MAX_PLAYERS = 2;
/** A longer time between two steps is a local fault: this machine slept or was blocked (rule 10), ms. */
export const LOCAL_GAP_MS = 2000;
/** A picture that was raised has the machine to itself for this long before a hot standby starts beside it, ms. */
const HOT_REST_MS = 2000;
/** A precaution that was called off is not taken again for this long, ms. */
const PRECAUTION_REST_MS = 5000;
/**
 * A tile before its first step.
 * @param streams in order of priority, at least one
 * @param seed any integer: the random spread of failbacks comes from it
 */
export function initialState(
  streams: readonly PlannedStream[],
  policies: SelectorPolicies,
  seed: number,
  nowMs: number,
): TileState {
  return {
    streams: streams.map(unknownStream),
    policies,
    phase: { kind: 'starting', attempts: [] },
    orderCause: 'start',
    moveFromMs: nowMs,
    failedBack: null,
    hotStandby: 'withheld',
    machine: 'free',
    lateMs: 0,
    nextPlayerId: 1,
    seed,
    clocksFromMs: nowMs,
    lastStepMs: nowMs,
    localHour: null,
  };
}

/**
 * The stream selector of one tile (behaviour.md, "Rules of one tile"): a pure function of what the tile
 * observed. Time is monotonic milliseconds and never runs back.
 */
export function step(state: TileState, observation: Observation, nowMs: number): Step {
  const draft = new Draft(state, nowMs);
  const idleMs = nowMs - state.lastStepMs;
  if (idleMs > LOCAL_GAP_MS) draft.afterLocalGap();
  else draft.noteLateness(idleMs - state.policies.tickMs);
  draft.apply(observation);
  if (draft.phase.kind !== 'suspended') {
    draft.age();
    draft.decide();
  }
  return draft.finish();
}

class Draft {
  phase: Phase;
  private readonly streams: Map<string, WatchedStream>;
  private order: string[];
  private policies: SelectorPolicies;
  private orderCause: TileState['orderCause'];
  private moveFromMs: number;
  private failedBack: TileState['failedBack'];
  private hotStandby: TileState['hotStandby'];
  private machine: TileState['machine'];
  private lateMs: number;
  /** Lateness of this very step, ms. */
  private lateNowMs = 0;
  private nextPlayerId: number;
  private seed: number;
  private clocksFromMs: number;
  private localHour: number | null;
  private readonly commands: Command[] = [];

  constructor(
    state: TileState,
    private readonly nowMs: number,
  ) {
    this.phase = state.phase;
    this.streams = new Map(state.streams.map((stream) => [stream.id, stream]));
    this.order = state.streams.map(({ id }) => id);
    this.policies = state.policies;
    this.orderCause = state.orderCause;
    this.moveFromMs = state.moveFromMs;
    this.failedBack = state.failedBack;
    this.hotStandby = state.hotStandby;
    this.machine = state.machine;
    this.lateMs = state.lateMs;
    this.nextPlayerId = state.nextPlayerId;
    this.seed = state.seed;
    this.clocksFromMs = state.clocksFromMs;
    this.localHour = state.localHour;
  }

  finish(): Step {
    return { state: this.state(), commands: this.commands };
  }

  private state(): TileState {
    return {
      streams: this.ranked(),
      policies: this.policies,
      phase: this.phase,
      orderCause: this.orderCause,
      moveFromMs: this.moveFromMs,
      failedBack: this.failedBack,
      hotStandby: this.hotStandby,
      machine: this.machine,
      lateMs: this.lateMs,
      nextPlayerId: this.nextPlayerId,
      seed: this.seed,
      clocksFromMs: this.clocksFromMs,
      lastStepMs: this.nowMs,
      localHour: this.localHour,
    };
  }

  apply(observation: Observation): void {
    switch (observation.type) {
      case 'tick':
        this.localHour = observation.localHour;
        return;
      case 'policies':
        this.setPolicies(observation.policies);
        return;
      case 'hot-allowance':
        this.hotStandby = observation.allowed ? 'granted' : 'withheld';
        return;
      case 'machine':
        this.machine = observation.machine;
        return;
      case 'plan':
        this.plan(observation.streams, observation.cause);
        return;
      case 'suspend':
        this.suspend();
        return;
      case 'resume':
        this.resume();
        return;
    }
    // What is observed during a local fault says something about this machine, not about a site.
    if (this.phase.kind === 'suspended') return;
    switch (observation.type) {
      case 'proof':
        this.prove(observation);
        return;
      case 'evidence':
        this.accuse(observation.streamId, observation.evidence);
        return;
      case 'progress':
        this.updateAttempt(observation.playerId, (attempt) => ({ ...attempt, progressAtMs: this.nowMs }));
        return;
      case 'presented':
        this.presented(observation.playerId);
        return;
      case 'picture-moves':
        this.picture(observation.playerId, null);
        return;
      case 'picture-stalls':
        this.picture(observation.playerId, {
          channel: 'picture',
          cause: 'picture-stall',
          sinceMs: observation.sinceMs,
        });
        return;
      case 'picture-verdict':
        this.judged(observation);
        return;
      case 'player-failed':
        this.playerFailed(observation.playerId, observation.cause);
        return;
      case 'buffer':
        if ('shown' in this.phase && this.phase.shown?.playerId === observation.playerId)
          this.setShown({
            ...this.phase.shown,
            dryAtMs: this.nowMs + observation.aheadMs,
            low: observation.low,
          });
        return;
      case 'return':
        this.returnToPreferred();
        return;
    }
  }

  /** Evidence that stood for the Reaction Time makes a stream lost (rule 4). */
  age(): void {
    for (const stream of this.ranked()) {
      const { standing } = stream;
      if (standing.kind !== 'suspect') continue;
      if (this.nowMs < lostAtMs(standing, this.policies.reactionTimeMs, this.lateMs)) continue;
      this.lose(stream.id, firstEvidence(standing.evidence));
    }
    const shownId = this.shownStreamId();
    const shownRank = shownId === null ? -1 : this.order.indexOf(shownId);
    this.order.forEach((id, rank) => {
      // What ranks below the shown stream needs no leave to return: its stable time only ends.
      const { standing, record } = this.stream(id);
      if (standing.kind !== 'validating') return;
      const stableAtMs = standing.sinceMs + stableTimeMs(this.policies.failback.stableMs, record);
      if (rank > shownRank && this.nowMs >= stableAtMs) this.setStanding(id, () => ({ kind: 'healthy' }));
      else this.learnClockStep(id, standing);
    });
  }

  /** A site whose clock was set while it was away must not be kept waiting for ever. */
  private learnClockStep(id: string, standing: Extract<Standing, { kind: 'validating' }>): void {
    const stream = this.stream(id);
    const atMs = relearnAtMs(stream, this.policies);
    if (atMs === null || this.nowMs < atMs || !keepsPace(standing, this.nowMs)) return;
    this.patchStream(id, { learnedOffsetMs: stream.edgeOffsetMs });
  }

  /** Runs the rules until none changes anything. Each pass starts or ends a player, so the bound is never met. */
  decide(): void {
    for (let pass = 0; pass < 4 * (this.order.length + 1); pass += 1) if (!this.decideOnce()) return;
    throw new Error(`the selector does not settle in phase "${this.phase.kind}"`);
  }

  /** Nothing was observed for so long that this machine must have slept or been blocked (rule 10). */
  afterLocalGap(): void {
    this.startClocksAnew();
    if (this.phase.kind !== 'suspended' && 'shown' in this.phase) this.goLive(this.phase.shown);
  }

  /** A late event loop extends the deadlines that ran meanwhile (rule 10). */
  noteLateness(lateMs: number): void {
    if (lateMs <= 0 || this.phase.kind === 'suspended') return;
    this.lateNowMs = lateMs;
    this.lateMs += lateMs;
  }

  /** After a local fault no clock may count time in which nothing could be observed. */
  private startClocksAnew(): void {
    this.clocksFromMs = this.nowMs;
    for (const { id, standing } of this.ranked()) {
      if (standing.kind === 'suspect')
        this.setStanding(id, () => cleared(standing.before, this.nowMs, this.drawSpread()));
      if (standing.kind === 'validating')
        this.setStanding(id, () => cleared('validating', this.nowMs, standing.spreadMs));
    }
    this.updateAttempts((attempt) => ({ ...attempt, startedAtMs: this.nowMs, progressAtMs: this.nowMs }));
    if (this.phase.kind === 'switching' && this.phase.why.kind !== 'wish') {
      const { shown, incoming } = this.phase;
      if (this.stream(shown.streamId).standing.kind !== 'lost') {
        this.dispose(incoming.playerId);
        this.phase = { kind: 'showing', shown, hot: null };
      }
    }
    if ('shown' in this.phase && this.phase.shown !== null)
      this.setShown({ ...this.phase.shown, dryAtMs: null, low: false, stalled: false });
  }

  private goLive(shown: Shown | null): void {
    if (shown !== null) this.commands.push({ type: 'go-live', playerId: shown.playerId });
  }

  // --- observations -------------------------------------------------------------------------------

  private prove(observation: Extract<Observation, { type: 'proof' }>): void {
    const stream = this.streams.get(observation.streamId);
    if (stream === undefined) return;
    const { edge } = observation;
    this.proveChannel(stream.id, observation.channel);
    const proven = this.stream(stream.id);
    let { standing } = proven;
    if (standing.kind === 'validating' && standing === stream.standing && edge !== undefined)
      standing = { ...standing, advancedMs: standing.advancedMs + edge.advancedMs };
    this.streams.set(stream.id, { ...proven, standing, ...offsets(stream, standing, edge, this.nowMs) });
  }

  private presented(playerId: number): void {
    const attempt = this.attempts().find((candidate) => candidate.playerId === playerId);
    if (attempt === undefined) return;
    this.updateAttempt(playerId, (found) => ({
      ...found,
      progressAtMs: this.nowMs,
      presentedAtMs: found.presentedAtMs ?? this.nowMs,
    }));
    // Frames came out of media that was fetched.
    for (const channel of ['media', 'picture'] as const) this.proveChannel(attempt.streamId, channel);
    this.patchStream(attempt.streamId, { sinceFailure: 'presented' });
  }

  private picture(playerId: number, stall: Evidence | null): void {
    if (!('shown' in this.phase) || this.phase.shown?.playerId !== playerId) return;
    const { streamId } = this.phase.shown;
    this.setShown({ ...this.phase.shown, stalled: stall !== null });
    if (stall === null) this.proveChannel(streamId, 'picture');
    else this.accuse(streamId, stall);
  }

  private accuse(streamId: string, evidence: Evidence): void {
    const sinceMs = Math.max(evidence.sinceMs, this.clocksFromMs);
    // Of this step's lateness counts what the evidence stood through.
    const lateBeforeMs = this.lateMs - Math.min(this.lateNowMs, Math.max(0, this.nowMs - sinceMs));
    this.setStanding(streamId, (standing) => withEvidence(standing, { ...evidence, sinceMs }, lateBeforeMs));
    this.troubled(streamId);
  }

  private proveChannel(streamId: string, channel: Channel): void {
    const stream = this.streams.get(streamId);
    if (stream === undefined) return;
    const needed = this.neededProofs(stream);
    const standing = withProof(stream.standing, channel, needed, this.nowMs, this.drawSpread());
    this.streams.set(streamId, { ...stream, standing });
    // A stream is not quiet while it is lost.
    if (stream.standing.kind === 'lost' && standing.kind !== 'lost') this.troubled(streamId);
  }

  /** What has to be proven before a lost stream counts as being on its way back. */
  private neededProofs({ id, verdict }: WatchedStream): readonly Channel[] {
    const shown = 'shown' in this.phase ? this.phase.shown : null;
    const needed: Channel[] = ['playlist', 'media'];
    // A picture that stands still on the screen does not come back by the stream's being alive.
    if (shown?.streamId === id && shown.stalled) needed.push('picture');
    // Beside a moving picture, a frozen one stays away until it is seen to move; without one it is all there is.
    const searching = this.phase.kind === 'starting' || this.phase.kind === 'holding';
    if (verdict !== null && this.policies.onFrozen === 'change-over' && !searching) needed.push('content');
    return needed;
  }

  /** Rule 13: soft evidence where the camera's policy says so, else the alarm's affair. */
  private judged({ streamId, verdict, sinceMs }: Extract<Observation, { type: 'picture-verdict' }>): void {
    if (!this.streams.has(streamId)) return;
    this.patchStream(streamId, { verdict: verdict === 'moving' ? null : verdict });
    if (verdict === 'moving') this.proveChannel(streamId, 'content');
    else if (this.policies.onFrozen === 'change-over')
      this.accuse(streamId, { channel: 'content', cause: verdict, sinceMs });
  }

  /** What earlier verdicts mean is another matter once the camera's policy has changed. */
  private setPolicies(policies: SelectorPolicies): void {
    const { onFrozen } = this.policies;
    this.policies = policies;
    if (policies.onFrozen === onFrozen || this.phase.kind === 'suspended') return;
    for (const { id, verdict } of this.ranked())
      if (policies.onFrozen === 'alarm') this.proveChannel(id, 'content');
      else if (verdict !== null) this.accuse(id, { channel: 'content', cause: verdict, sinceMs: this.nowMs });
  }

  private playerFailed(playerId: number, cause: EvidenceCause): void {
    const attempt = this.attempts().find((candidate) => candidate.playerId === playerId);
    if (attempt !== undefined) {
      this.failAttempt(attempt, cause);
      return;
    }
    if ('shown' in this.phase && this.phase.shown?.playerId === playerId)
      this.accuse(this.phase.shown.streamId, { channel: 'picture', cause, sinceMs: this.nowMs });
  }

  private plan(planned: readonly PlannedStream[], cause: 'quality' | 'priority-changed'): void {
    const next = planned.map(({ id }) => id);
    const shownId = this.shownStreamId();
    for (const stream of planned)
      this.streams.set(stream.id, {
        ...(this.streams.get(stream.id) ?? unknownStream(stream)),
        duty: dutyOf(stream),
        leaving: false,
      });
    for (const attempt of this.attempts()) if (!next.includes(attempt.streamId)) this.dropAttempt(attempt);
    for (const id of [...this.streams.keys()]) {
      if (next.includes(id)) continue;
      if (id === shownId) {
        next.push(id);
        this.patchStream(id, { leaving: true });
      } else this.streams.delete(id);
    }
    this.order = next;
    if (cause === 'priority-changed') {
      this.orderCause = cause;
      this.moveFromMs = this.nowMs + this.drawSpread();
      this.acceptValidated();
    } else if (this.nowMs >= this.moveFromMs) this.orderCause = cause;
    if (this.phase.kind === 'switching' && this.phase.why.kind !== 'evidence') {
      const { shown, incoming } = this.phase;
      this.dispose(incoming.playerId);
      this.phase = { kind: 'showing', shown, hot: null };
    }
  }

  /**
   * An edited order moves tiles to the then best healthy stream whatever Failback says (rule 14). One that is validated
   * already is healthy, though Failback did not let the tile return to it.
   */
  private acceptValidated(): void {
    const shownId = this.shownStreamId();
    if (shownId === null) return;
    for (const stream of this.ranked())
      if (isValidated(stream, this.stream(shownId), this.policies, this.nowMs))
        this.setStanding(stream.id, () => ({ kind: 'healthy' }));
  }

  private suspend(): void {
    const { phase } = this;
    if (phase.kind === 'suspended') return;
    for (const attempt of this.attempts()) this.dispose(attempt.playerId);
    switch (phase.kind) {
      case 'starting':
        this.phase = { kind: 'suspended', was: 'starting', shown: null };
        return;
      case 'showing':
      case 'switching':
        this.phase = { kind: 'suspended', was: 'showing', shown: phase.shown };
        return;
      case 'holding': {
        const { shown, heldStreamId, cause, firstEvidenceAtMs } = phase;
        this.phase = { kind: 'suspended', was: 'holding', shown, heldStreamId, cause, firstEvidenceAtMs };
        return;
      }
    }
  }

  private resume(): void {
    const { phase } = this;
    if (phase.kind !== 'suspended') return;
    switch (phase.was) {
      case 'starting':
        this.phase = { kind: 'starting', attempts: [] };
        break;
      case 'showing':
        this.phase = { kind: 'showing', shown: phase.shown, hot: null };
        break;
      case 'holding': {
        const { shown, heldStreamId, cause, firstEvidenceAtMs } = phase;
        this.phase = { kind: 'holding', shown, heldStreamId, attempts: [], cause, firstEvidenceAtMs };
        break;
      }
    }
    this.startClocksAnew();
    this.goLive(phase.shown);
  }

  private returnToPreferred(): void {
    if (this.phase.kind !== 'showing') return;
    const offered = offeredReturn(this.state());
    if (offered !== null) this.switchTo(this.phase.shown, offered, this.wish('manual'));
  }

  // --- rules ----------------------------------------------------------------------------------------

  private decideOnce(): boolean {
    switch (this.phase.kind) {
      case 'starting':
        return this.race(null, this.phase.attempts);
      case 'showing':
        return this.whileShowing(this.phase);
      case 'switching':
        return this.whileSwitching(this.phase);
      case 'holding':
        return this.whileHolding(this.phase);
      case 'suspended':
        return false;
    }
  }

  private whileShowing({ shown, hot }: Extract<Phase, { kind: 'showing' }>): boolean {
    const { standing } = this.stream(shown.streamId);
    if (standing.kind === 'suspect' || standing.kind === 'lost') {
      const why = evidenceAgainst(standing);
      const standby = this.isReady(hot) ? hot.streamId : this.bestStandby(shown.streamId);
      if (standby !== null) return this.switchTo(shown, standby, why);
      if (standing.kind !== 'lost') return false;
      if (hot !== null) this.dispose(hot.playerId);
      this.phase = {
        kind: 'holding',
        shown,
        heldStreamId: shown.streamId,
        attempts: [],
        cause: why.cause,
        firstEvidenceAtMs: why.firstEvidenceAtMs,
      };
      return true;
    }
    if (standing.kind === 'validating') this.setStanding(shown.streamId, () => ({ kind: 'healthy' }));
    const wish = this.betterWish(shown.streamId);
    if (wish !== null) return this.switchTo(shown, wish.streamId, this.wish(wish.cause));
    return hot === null ? this.takePrecaution(shown) || this.startHot(shown) : this.keepHot(shown, hot);
  }

  // --- hot standby (rule 15) --------------------------------------------------------------------------

  /** The next in order at another site: what fails at the shown one rarely spares its other quality. */
  private hotTarget(shown: Shown, hot: Attempt | null): string | null {
    if (this.hotStandby === 'withheld') return null;
    const { siteId } = this.stream(shown.streamId);
    const others = this.ranked().filter((stream) => stream.siteId !== siteId && isAlive(stream.standing));
    const target = steadiest(others, this.nowMs, this.clocksFromMs)?.id ?? null;
    // One that is merely suspect goes on playing while no other would take its place.
    const kept = hot !== null && this.stream(hot.streamId).standing.kind === 'suspect' ? hot.streamId : null;
    return target ?? kept;
  }

  private startHot(shown: Shown): boolean {
    const target = this.hotTarget(shown, null);
    if (target === null || this.nowMs < Math.max(shown.hotFromMs, this.stream(target).nextTryAtMs))
      return false;
    this.phase = { kind: 'showing', shown, hot: this.startPlayer(target, shown.playerId) };
    return true;
  }

  private keepHot(shown: Shown, hot: Attempt): boolean {
    const failed = this.failureOf(hot);
    if (failed !== null) {
      this.failAttempt(hot, failed);
      return true;
    }
    if (this.hotTarget(shown, hot) === hot.streamId) return false;
    this.dropAttempt(hot);
    return true;
  }

  private isReady(hot: Attempt | null): hot is Attempt {
    return hot !== null && hot.presentedAtMs !== null && isAlive(this.stream(hot.streamId).standing);
  }

  /** A change that was called off: where it may, its player goes on as the hot standby. */
  private callOff(shown: Shown, incoming: Attempt): void {
    this.setShown(shown);
    if (this.hotTarget(shown, null) === incoming.streamId)
      this.phase = { kind: 'showing', shown, hot: incoming };
    else this.dropAttempt(incoming);
  }

  /** Rule 5: a standby is made ready while the next media of the shown stream is late. */
  private takePrecaution(shown: Shown): boolean {
    if (!this.policies.bridgeAtOnce || !shown.low || this.nowMs < shown.precautionFromMs) return false;
    if (this.machine === 'starved') return false;
    const standby = this.bestStandby(shown.streamId);
    if (standby === null) return false;
    const { standing, nextTryAtMs } = this.stream(standby);
    if (!isAlive(standing) || this.nowMs < nextTryAtMs) return false;
    return this.switchTo(shown, standby, { kind: 'precaution' });
  }

  private whileSwitching(phase: Extract<Phase, { kind: 'switching' }>): boolean {
    const { shown, incoming, why } = phase;
    const { standing } = this.stream(shown.streamId);
    const against = this.stream(incoming.streamId).standing;
    const failed = this.failureOf(incoming);
    if (failed !== null) {
      this.failAttempt(incoming, failed);
      return true;
    }
    const shownFailing = standing.kind === 'suspect' || standing.kind === 'lost';
    if (against.kind === 'lost') {
      this.dropAttempt(incoming);
      return true;
    }
    if (against.kind === 'suspect') {
      // An incoming stream with evidence against it is worth waiting for only while no other is better.
      const other = shownFailing ? this.bestStandby(shown.streamId, incoming.streamId) : null;
      const replace =
        other !== null && isAlive(this.stream(other).standing) && incoming.presentedAtMs === null;
      if (!shownFailing || replace) {
        this.dropAttempt(incoming);
        if (replace) return this.switchTo(shown, other, evidenceAgainst(standing));
        return true;
      }
    }
    if (shownFailing && why.kind !== 'evidence') {
      this.phase = { ...phase, why: evidenceAgainst(standing) };
      return true;
    }
    if (why.kind === 'precaution') {
      if (shown.low) return false;
      this.callOff({ ...shown, precautionFromMs: this.nowMs + PRECAUTION_REST_MS }, incoming);
      return true;
    }
    if (why.kind === 'wish') {
      if (incoming.presentedAtMs === null) return false;
      this.show(incoming, shown, { cause: why.cause, firstEvidenceAtMs: null, decidedAtMs: why.decidedAtMs });
      return true;
    }
    if (!shownFailing) {
      // Proof of life came in time.
      this.callOff(shown, incoming);
      return true;
    }
    if (!this.mustLeave(shown, standing)) {
      if (why.decidedAtMs !== null) this.phase = { ...phase, why: { ...why, decidedAtMs: null } };
      return false;
    }
    const decidedAtMs = why.decidedAtMs ?? this.nowMs;
    if (incoming.presentedAtMs === null) {
      if (why.decidedAtMs === null) this.phase = { ...phase, why: { ...why, decidedAtMs } };
      return false;
    }
    const { cause, firstEvidenceAtMs } = evidenceAgainst(standing);
    this.show(incoming, shown, { cause, firstEvidenceAtMs, decidedAtMs });
    this.validatePassedOver(incoming.streamId);
    return true;
  }

  /** A better stream that a failover did not take, its site being blamed or itself suspect, has to earn the return. */
  private validatePassedOver(shownId: string): void {
    for (const { id, standing } of betterThan(this.ranked(), shownId)) {
      if (standing.kind === 'healthy')
        this.setStanding(id, () => cleared('validating', this.nowMs, this.drawSpread()));
      if (standing.kind === 'suspect' && standing.before === 'healthy')
        this.setStanding(id, () => ({ ...standing, before: 'validating' }));
    }
  }

  /**
   * Rules 4 and 5: lost, or its picture would run dry before Reaction Time is over. On a starved machine every picture
   * would, and a change would help none of them: there soft evidence has to stand (rule 10).
   */
  private mustLeave(shown: Shown, standing: Standing): boolean {
    if (standing.kind === 'lost') return true;
    if (standing.kind !== 'suspect' || !this.policies.bridgeAtOnce) return false;
    if (this.machine === 'starved' && !hasHardEvidence(standing)) return false;
    if (shown.stalled) return true;
    return (
      shown.dryAtMs !== null && shown.dryAtMs < lostAtMs(standing, this.policies.reactionTimeMs, this.lateMs)
    );
  }

  private whileHolding(phase: Extract<Phase, { kind: 'holding' }>): boolean {
    const { shown } = phase;
    if (shown !== null && !shown.stalled && isAlive(this.stream(shown.streamId).standing)) {
      for (const attempt of phase.attempts) this.dispose(attempt.playerId);
      this.phase = { kind: 'showing', shown, hot: null };
      return true;
    }
    if (shown?.stalled) {
      this.commands.push({ type: 'hold-picture', playerId: shown.playerId });
      this.phase = { ...phase, shown: null };
      this.leave(shown.streamId);
      return true;
    }
    return this.race(shown, phase.attempts);
  }

  /** Rule 11: the start, and the search after holding. The first to present is shown. */
  private race(shown: Shown | null, attempts: readonly Attempt[]): boolean {
    const first = attempts
      .filter(({ presentedAtMs }) => presentedAtMs !== null)
      .sort((a, b) => (a.presentedAtMs ?? 0) - (b.presentedAtMs ?? 0))[0];
    if (first !== undefined) {
      this.showFirst(first, shown, attempts);
      return true;
    }
    for (const attempt of attempts) {
      const failed = this.failureOf(attempt);
      if (failed !== null) {
        this.failAttempt(attempt, failed);
        return true;
      }
      if (this.stream(attempt.streamId).standing.kind === 'lost') {
        this.dropAttempt(attempt);
        return true;
      }
    }
    if (attempts.length >= MAX_PLAYERS - (shown === null ? 0 : 1)) return false;
    const helpless = attempts.every(
      (attempt) =>
        hasHardEvidence(this.stream(attempt.streamId).standing) ||
        this.nowMs >= stuckAtMs(attempt, this.policies, this.lateMs),
    );
    if (!helpless) return false;
    const next = this.startable(attempts);
    if (next === null) return false;
    const attempt = this.startPlayer(next, null);
    if (this.phase.kind === 'starting') this.phase = { kind: 'starting', attempts: [...attempts, attempt] };
    else if (this.phase.kind === 'holding') this.phase = { ...this.phase, attempts: [...attempts, attempt] };
    return true;
  }

  private showFirst(first: Attempt, shown: Shown | null, attempts: readonly Attempt[]): void {
    const held = this.phase.kind === 'holding' ? this.phase : null;
    const others = attempts.filter((attempt) => attempt !== first);
    const better = others.find(
      ({ streamId }) =>
        this.order.indexOf(streamId) < this.order.indexOf(first.streamId) &&
        this.stream(streamId).standing.kind !== 'suspect',
    );
    for (const other of others) if (other !== better) this.dispose(other.playerId);
    this.show(
      first,
      shown,
      held === null
        ? { cause: 'start', firstEvidenceAtMs: null, decidedAtMs: first.startedAtMs }
        : { cause: held.cause, firstEvidenceAtMs: held.firstEvidenceAtMs, decidedAtMs: first.startedAtMs },
      held?.heldStreamId ?? null,
    );
    if (better !== undefined && this.phase.kind === 'showing')
      this.phase = {
        kind: 'switching',
        shown: this.phase.shown,
        incoming: better,
        why: this.wish(held === null ? 'start' : 'recovered'),
      };
  }

  /** The next stream of a race: those alive first, then the rest but the lost, each in order of priority. */
  private startable(attempts: readonly Attempt[]): string | null {
    const free = this.ranked().filter(
      ({ id, standing }) => standing.kind !== 'lost' && !attempts.some(({ streamId }) => streamId === id),
    );
    const started = attempts.length > 0 || this.phase.kind === 'holding';
    const living = started ? free.filter(({ standing }) => isAlive(standing)) : [];
    const alive = living.find((stream) => recentFailures(stream, this.nowMs) === 0) ?? living[0];
    return (alive ?? free.find(({ standing }) => !hasHardEvidence(standing)) ?? free[0])?.id ?? null;
  }

  /** What takes the shown stream's place: alive before unheard-of before suspect; never a lost one. */
  private bestStandby(shownId: string, besides?: string): string | null {
    const blamed = blamesSite(this.stream(shownId).standing) ? this.stream(shownId).siteId : null;
    const cost = (stream: WatchedStream): number =>
      2 * { healthy: 0, validating: 0, unknown: 2, suspect: 4, lost: 8 }[stream.standing.kind] +
      (stream.siteId === blamed ? 2 : 0) +
      (recentFailures(stream, this.nowMs) > 0 ? 1 : 0);
    const candidates = this.ranked().filter(
      ({ id, standing }) => id !== shownId && id !== besides && standing.kind !== 'lost',
    );
    const least = Math.min(...candidates.map(cost));
    const best = candidates.filter((stream) => cost(stream) === least);
    return steadiest(best, this.nowMs, this.clocksFromMs)?.id ?? null;
  }

  /** Rules 2, 8 and 14: the best stream that the tile would rather show, and why it may. */
  private betterWish(shownId: string): { streamId: string; cause: WishCause } | null {
    const shown = this.stream(shownId);
    const { leaving } = shown;
    for (const stream of betterThan(this.ranked(), shownId)) {
      const { id, standing } = stream;
      const endsMaintenance = shown.duty === 'maintenance' && stream.duty === 'service';
      if (standing.kind === 'healthy' || (leaving && isAlive(standing))) {
        if (this.nowMs < Math.max(this.moveFromMs, stream.nextTryAtMs)) continue;
        return { streamId: id, cause: endsMaintenance ? 'maintenance' : this.orderCause };
      }
      // What was moved or added a moment ago is heard first, while the picture that is to go still plays.
      if (leaving && standing.kind === 'unknown') return null;
      if (!isValidated(stream, shown, this.policies, this.nowMs) || this.nowMs < stream.nextTryAtMs) continue;
      if (this.mayFailBack()) return { streamId: id, cause: 'failback' };
      // A site in maintenance is left whatever Failback says, but not for one that has to prove itself still.
      if (endsMaintenance) return { streamId: id, cause: 'maintenance' };
    }
    return null;
  }

  private mayFailBack(): boolean {
    const { mode, allowedHours } = this.policies.failback;
    return mode === 'automatic' && withinHours(allowedHours, this.localHour);
  }

  // --- players ----------------------------------------------------------------------------------------

  private startPlayer(streamId: string, alignWith: number | null): Attempt {
    const playerId = this.nextPlayerId;
    this.nextPlayerId += 1;
    this.commands.push({ type: 'start-player', playerId, streamId, alignWith });
    return {
      playerId,
      streamId,
      startedAtMs: this.nowMs,
      progressAtMs: this.nowMs,
      presentedAtMs: null,
      lateBeforeMs: this.lateMs,
    };
  }

  private switchTo(shown: Shown, streamId: string, why: Why): true {
    const hot = this.phase.kind === 'showing' ? this.phase.hot : null;
    // Two players at most (rule 15): what comes in goes before a hot standby, unless it is that.
    if (hot !== null && hot.streamId !== streamId) this.dispose(hot.playerId);
    const incoming =
      hot?.streamId === streamId ? hot : this.startPlayer(streamId, shown.stalled ? null : shown.playerId);
    this.phase = { kind: 'switching', shown, incoming, why };
    return true;
  }

  /** The only place where the picture on the screen changes, and only to a player that presented (rule 6). */
  private show(
    attempt: Attempt,
    retire: Shown | null,
    change: { cause: ChangeCause; firstEvidenceAtMs: number | null; decidedAtMs: number },
    heldStreamId: string | null = null,
  ): void {
    const from = retire?.streamId ?? heldStreamId;
    const record: Change = { from, to: attempt.streamId, ...change };
    this.commands.push({
      type: 'show-player',
      playerId: attempt.playerId,
      retire: retire?.playerId ?? null,
      change: record,
    });
    this.noteFailback(record);
    if (retire !== null && retire.streamId !== attempt.streamId) this.leave(retire.streamId);
    this.setStanding(attempt.streamId, (standing) =>
      standing.kind === 'validating' || standing.kind === 'unknown' ? { kind: 'healthy' } : standing,
    );
    this.phase = {
      kind: 'showing',
      shown: {
        playerId: attempt.playerId,
        streamId: attempt.streamId,
        dryAtMs: null,
        low: false,
        precautionFromMs: this.nowMs,
        hotFromMs: this.nowMs + HOT_REST_MS,
        stalled: false,
      },
      hot: null,
    };
  }

  /** Rule 9: remembers a failback, and damps what evidence makes the tile leave too soon after one. */
  private noteFailback({ from, to, cause, firstEvidenceAtMs }: Change): void {
    const { failedBack } = this;
    if (failedBack !== null && failedBack.streamId === from && from !== to) {
      const siteOf = (id: string): string | undefined => this.streams.get(id)?.siteId;
      const staysAtSite = siteOf(from) === siteOf(to);
      if (firstEvidenceAtMs !== null && firstEvidenceAtMs - failedBack.atMs <= UNDONE_WITHIN_MS)
        // A site that is left is left in all its qualities, or the next failback would take the other one.
        for (const { id, siteId } of this.ranked())
          if (id === from || (!staysAtSite && siteId === siteOf(from)))
            this.updateRecord(id, (record) => withUndone(record, failedBack.atMs, this.nowMs));
      this.failedBack = staysAtSite ? { ...failedBack, streamId: to } : null;
    }
    const wentBack = cause === 'failback' || cause === 'manual' || cause === 'maintenance';
    if (wentBack && this.stream(to).standing.kind === 'validating')
      this.failedBack = { streamId: to, atMs: this.nowMs };
  }

  /** A stream left under rule 5 counts as lost. */
  private leave(streamId: string): void {
    const { standing, leaving } = this.stream(streamId);
    if (leaving) {
      this.streams.delete(streamId);
      this.order = this.order.filter((id) => id !== streamId);
    } else if (standing.kind === 'suspect') this.lose(streamId, firstEvidence(standing.evidence));
  }

  private failureOf(attempt: Attempt): EvidenceCause | null {
    const pressing = this.phase.kind === 'switching' && this.phase.why.kind === 'evidence';
    return attemptFailure(attempt, pressing ? 'pressing' : 'patient', this.policies, this.lateMs, this.nowMs);
  }

  /**
   * A player came to nothing. While its watch proves the stream alive, one such player is the player's own affair;
   * so is each hot standby that was merely slow, which on a starved machine all of them are.
   */
  private failAttempt(attempt: Attempt, cause: EvidenceCause): void {
    const stream = this.stream(attempt.streamId);
    const failedAttempts = recentFailures(stream, this.nowMs) + 1;
    this.patchStream(stream.id, {
      failedAttempts,
      failedAtMs: this.nowMs,
      sinceFailure: 'nothing',
      nextTryAtMs: this.nowMs + retryAfterMs(failedAttempts),
    });
    const merelySlow = this.phase.kind === 'showing' && !isHard(cause);
    if (isAlive(stream.standing) && (failedAttempts === 1 || merelySlow)) {
      this.troubled(stream.id);
      if (stream.standing.kind === 'validating')
        this.setStanding(stream.id, () => cleared('validating', this.nowMs, this.drawSpread()));
    } else this.lose(stream.id, { cause, sinceMs: attempt.startedAtMs });
    this.dropAttempt(attempt);
  }

  private dropAttempt(attempt: Attempt): void {
    this.dispose(attempt.playerId);
    const { phase } = this;
    if (phase.kind === 'switching' || phase.kind === 'showing')
      this.phase = { kind: 'showing', shown: phase.shown, hot: null };
    else if (phase.kind === 'starting' || phase.kind === 'holding')
      this.phase = {
        ...phase,
        attempts: phase.attempts.filter(({ playerId }) => playerId !== attempt.playerId),
      };
  }

  private dispose(playerId: number): void {
    this.commands.push({ type: 'dispose-player', playerId });
  }

  private attempts(): readonly Attempt[] {
    return attemptsOf(this.phase);
  }

  private updateAttempt(playerId: number, update: (attempt: Attempt) => Attempt): void {
    this.updateAttempts((attempt) => (attempt.playerId === playerId ? update(attempt) : attempt));
  }

  private updateAttempts(update: (attempt: Attempt) => Attempt): void {
    const { phase } = this;
    if (phase.kind === 'showing' && phase.hot !== null) this.phase = { ...phase, hot: update(phase.hot) };
    else if (phase.kind === 'switching') this.phase = { ...phase, incoming: update(phase.incoming) };
    else if (phase.kind === 'starting' || phase.kind === 'holding')
      this.phase = { ...phase, attempts: phase.attempts.map(update) };
  }

  private setShown(shown: Shown): void {
    const { phase } = this;
    if (phase.kind === 'showing' || phase.kind === 'switching' || phase.kind === 'holding')
      this.phase = { ...phase, shown };
  }

  // --- streams ----------------------------------------------------------------------------------------

  private ranked(): WatchedStream[] {
    return this.order.map((id) => this.stream(id));
  }

  private stream(id: string): WatchedStream {
    const stream = this.streams.get(id);
    if (stream === undefined) throw new Error(`the tile has no stream "${id}"`);
    return stream;
  }

  /** Nothing happens for a stream that the tile has no more: its driver may still have a word to say. */
  private setStanding(id: string, update: (standing: Standing) => Standing): void {
    const stream = this.streams.get(id);
    if (stream !== undefined) this.streams.set(id, { ...stream, standing: update(stream.standing) });
  }

  private patchStream(id: string, patch: Partial<WatchedStream>): void {
    this.streams.set(id, { ...this.stream(id), ...patch });
  }

  private lose(id: string, { cause, sinceMs }: { cause: EvidenceCause; sinceMs: number }): void {
    this.streams.set(id, lost(this.stream(id), cause, sinceMs, this.nowMs));
    this.updateRecord(id, (record) => withLoss(record, this.nowMs, this.clocksFromMs));
  }

  private troubled(id: string): void {
    this.updateRecord(id, (record) => withTrouble(record, this.nowMs, this.clocksFromMs));
  }

  private updateRecord(id: string, update: (record: TroubleRecord) => TroubleRecord): void {
    const stream = this.streams.get(id);
    if (stream !== undefined) this.streams.set(id, { ...stream, record: update(stream.record) });
  }

  private shownStreamId(): string | null {
    return 'shown' in this.phase ? (this.phase.shown?.streamId ?? null) : null;
  }

  private wish(cause: WishCause): Why {
    return { kind: 'wish', cause, decidedAtMs: this.nowMs };
  }

  private drawSpread(): number {
    this.seed = (this.seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.seed ^ (this.seed >>> 15), 1 | this.seed);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return (((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * this.policies.spreadMs;
  }
}

function unknownStream(planned: PlannedStream): WatchedStream {
  return {
    id: planned.id,
    siteId: planned.siteId,
    standing: { kind: 'unknown' },
    record: CLEAN_RECORD,
    failedAttempts: 0,
    failedAtMs: 0,
    sinceFailure: 'nothing',
    nextTryAtMs: 0,
    verdict: null,
    edgeOffsetMs: null,
    learnedOffsetMs: null,
    steadyOffset: null,
    duty: dutyOf(planned),
    leaving: false,
  };
}

function dutyOf({ maintenance }: PlannedStream): WatchedStream['duty'] {
  return maintenance === true ? 'maintenance' : 'service';
}

function evidenceAgainst(standing: Standing): Extract<Why, { kind: 'evidence' }> {
  if (standing.kind === 'lost')
    return {
      kind: 'evidence',
      cause: standing.cause,
      firstEvidenceAtMs: standing.firstEvidenceAtMs,
      decidedAtMs: null,
    };
  if (standing.kind !== 'suspect') throw new Error(`there is no evidence against a ${standing.kind} stream`);
  const { cause, sinceMs } = firstEvidence(standing.evidence);
  return { kind: 'evidence', cause, firstEvidenceAtMs: sinceMs, decidedAtMs: null };
}
