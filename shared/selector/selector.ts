import type { ChangeCause, EvidenceCause } from '../cause.ts';
import {
  blamesSite,
  cleared,
  firstEvidence,
  hasHardEvidence,
  isAlive,
  lost,
  lostAtMs,
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
  WatchedStream,
  Why,
  WishCause,
} from './types.ts';

/** Players of one tile: the shown one and one other (rule 15). */
export const MAX_PLAYERS = 2;
/** A longer time between two steps is a local fault: this machine slept or was blocked (rule 10), ms. */
export const LOCAL_GAP_MS = 2000;
/** Least time without a byte of progress until a start is helped by the next stream (rule 11), ms. */
const STUCK_MS = 3000;
/** A player that loads but presents nothing for this long has failed, ms. */
const NO_PICTURE_MS = 10_000;
/** A precaution that was called off is not taken again for this long, ms. */
const PRECAUTION_REST_MS = 5000;
/** Share of real time that a returning live edge must keep up with, and the ms it may lag by its segments. */
const REAL_TIME_PACE = 0.9;
const PACE_SLACK_MS = 5000;
/** Weight of the newest observation in the learned clock offset. */
const OFFSET_WEIGHT = 0.1;

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
  if (nowMs - state.lastStepMs > LOCAL_GAP_MS) draft.afterLocalGap();
  draft.apply(observation);
  if (draft.phase.kind !== 'suspended') {
    draft.age();
    draft.decide();
  }
  return draft.finish();
}

/** When the next step is due if nothing is observed before, monotonic ms; `null` when nothing is. */
export function nextWakeMs(state: TileState): number | null {
  const { phase, policies } = state;
  if (phase.kind === 'suspended') return null;
  const times: number[] = [];
  for (const { standing } of state.streams) {
    if (standing.kind === 'suspect') times.push(lostAtMs(standing.evidence, policies.reactionTimeMs));
    if (standing.kind === 'validating')
      times.push(standing.sinceMs + policies.failback.stableMs, validatedAtMs(standing, policies));
  }
  const attempts =
    phase.kind === 'switching' ? [phase.incoming] : phase.kind === 'showing' ? [] : phase.attempts;
  for (const attempt of attempts)
    times.push(
      attempt.progressAtMs + stuckMs(policies),
      attempt.progressAtMs + 2 * stuckMs(policies),
      attempt.startedAtMs + NO_PICTURE_MS,
    );
  if (phase.kind === 'showing' && phase.shown.low) times.push(phase.shown.precautionFromMs);
  const ahead = times.filter((time) => time > state.lastStepMs);
  return ahead.length === 0 ? null : Math.min(...ahead);
}

/**
 * The stream that the operator is offered to return to (rule 8): the best one of higher priority that is
 * back, where the tile does not return to it by itself.
 */
export function offeredReturn(state: TileState): string | null {
  const { phase, policies } = state;
  if (policies.failback.mode === 'automatic' || phase.kind !== 'showing') return null;
  return (
    betterThan(state.streams, phase.shown.streamId).find(({ standing }) => isAlive(standing))?.id ?? null
  );
}

/** Whether another site than the shown one is alive (rule 3: loss of redundancy). */
export function redundancyOf(state: TileState): 'ok' | 'none' | 'single' | 'unknown' {
  const { phase, streams } = state;
  if (new Set(streams.map(({ siteId }) => siteId)).size < 2) return 'single';
  if (!('shown' in phase) || phase.shown === null) return 'unknown';
  const shownId = phase.shown.streamId;
  const shownSite = streams.find(({ id }) => id === shownId)?.siteId;
  const others = streams.filter(({ siteId }) => siteId !== shownSite);
  if (others.some(({ standing }) => isAlive(standing))) return 'ok';
  // One that is merely suspect, or was never heard of yet, is not called lost.
  return others.every(({ standing }) => standing.kind === 'lost') ? 'none' : 'unknown';
}

class Draft {
  phase: Phase;
  private readonly streams: Map<string, WatchedStream>;
  private order: string[];
  private policies: SelectorPolicies;
  private orderCause: TileState['orderCause'];
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
    this.nextPlayerId = state.nextPlayerId;
    this.seed = state.seed;
    this.clocksFromMs = state.clocksFromMs;
    this.localHour = state.localHour;
  }

  finish(): Step {
    return {
      state: {
        streams: this.ranked(),
        policies: this.policies,
        phase: this.phase,
        orderCause: this.orderCause,
        nextPlayerId: this.nextPlayerId,
        seed: this.seed,
        clocksFromMs: this.clocksFromMs,
        lastStepMs: this.nowMs,
        localHour: this.localHour,
      },
      commands: this.commands,
    };
  }

  apply(observation: Observation): void {
    switch (observation.type) {
      case 'tick':
        this.localHour = observation.localHour;
        return;
      case 'policies':
        this.policies = observation.policies;
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
      if (this.nowMs < lostAtMs(standing.evidence, this.policies.reactionTimeMs)) continue;
      this.lose(stream.id, firstEvidence(standing.evidence));
    }
    const { stableMs } = this.policies.failback;
    const shownId = this.shownStreamId();
    const shownRank = shownId === null ? -1 : this.order.indexOf(shownId);
    this.order.forEach((id, rank) => {
      // What ranks below the shown stream needs no leave to return: its stable time only ends.
      const { standing } = this.stream(id);
      if (standing.kind === 'validating' && rank > shownRank && this.nowMs >= standing.sinceMs + stableMs)
        this.setStanding(id, () => ({ kind: 'healthy' }));
    });
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
        this.phase = { kind: 'showing', shown };
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
    let standing = this.proven(stream.id, stream.standing, observation.channel);
    if (standing.kind === 'validating' && standing === stream.standing && edge !== undefined)
      standing = { ...standing, advancedMs: standing.advancedMs + edge.advancedMs };
    this.streams.set(stream.id, { ...stream, standing, ...offsets(stream, standing, edge, this.nowMs) });
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
    for (const channel of ['media', 'picture'] as const)
      this.setStanding(attempt.streamId, (standing) => this.proven(attempt.streamId, standing, channel));
    this.patchStream(attempt.streamId, { failedAttempts: 0 });
  }

  private picture(playerId: number, stall: Evidence | null): void {
    if (!('shown' in this.phase) || this.phase.shown?.playerId !== playerId) return;
    const { streamId } = this.phase.shown;
    this.setShown({ ...this.phase.shown, stalled: stall !== null });
    if (stall === null) this.setStanding(streamId, (standing) => this.proven(streamId, standing, 'picture'));
    else this.accuse(streamId, stall);
  }

  private accuse(streamId: string, evidence: Evidence): void {
    const sinceMs = Math.max(evidence.sinceMs, this.clocksFromMs);
    this.setStanding(streamId, (standing) => withEvidence(standing, { ...evidence, sinceMs }));
  }

  private proven(streamId: string, standing: Standing, channel: Channel): Standing {
    const shown = 'shown' in this.phase ? this.phase.shown : null;
    // A picture that stands still on the screen does not come back by the stream's being alive.
    const needed: readonly Channel[] =
      shown?.streamId === streamId && shown.stalled
        ? ['playlist', 'media', 'picture']
        : ['playlist', 'media'];
    return withProof(standing, channel, needed, this.nowMs, this.drawSpread());
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
    this.orderCause = cause;
    // An edited order moves tiles to the then best healthy stream whatever Failback says (rule 14).
    if (this.phase.kind === 'switching' && this.phase.why.kind !== 'evidence') {
      const { shown, incoming } = this.phase;
      this.dispose(incoming.playerId);
      this.phase = { kind: 'showing', shown };
    }
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
        this.phase = { kind: 'showing', shown: phase.shown };
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
    const { shown } = this.phase;
    const target = betterThan(this.ranked(), shown.streamId).find(({ standing }) => isAlive(standing));
    if (target !== undefined) this.switchTo(shown, target.id, this.wish('manual'));
  }

  // --- rules ----------------------------------------------------------------------------------------

  private decideOnce(): boolean {
    switch (this.phase.kind) {
      case 'starting':
        return this.race(null, this.phase.attempts);
      case 'showing':
        return this.whileShowing(this.phase.shown);
      case 'switching':
        return this.whileSwitching(this.phase);
      case 'holding':
        return this.whileHolding(this.phase);
      case 'suspended':
        return false;
    }
  }

  private whileShowing(shown: Shown): boolean {
    const { standing } = this.stream(shown.streamId);
    if (standing.kind === 'suspect' || standing.kind === 'lost') {
      const why = evidenceAgainst(standing);
      const standby = this.bestStandby(shown.streamId);
      if (standby !== null) return this.switchTo(shown, standby, why);
      if (standing.kind !== 'lost') return false;
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
    return this.takePrecaution(shown);
  }

  /** Rule 5: a standby is made ready while the next media of the shown stream is late. */
  private takePrecaution(shown: Shown): boolean {
    if (!this.policies.bridgeAtOnce || !shown.low || this.nowMs < shown.precautionFromMs) return false;
    const standby = this.bestStandby(shown.streamId);
    if (standby === null || !isAlive(this.stream(standby).standing)) return false;
    return this.switchTo(shown, standby, { kind: 'precaution' });
  }

  private whileSwitching(phase: Extract<Phase, { kind: 'switching' }>): boolean {
    const { shown, incoming, why } = phase;
    const { standing } = this.stream(shown.streamId);
    const against = this.stream(incoming.streamId).standing;
    const failed = this.attemptFailure(incoming);
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
      this.setShown({ ...shown, precautionFromMs: this.nowMs + PRECAUTION_REST_MS });
      this.dropAttempt(incoming);
      return true;
    }
    if (why.kind === 'wish') {
      if (incoming.presentedAtMs === null) return false;
      this.show(incoming, shown, { cause: why.cause, firstEvidenceAtMs: null, decidedAtMs: why.decidedAtMs });
      return true;
    }
    if (!shownFailing) {
      // Proof of life came in time: the change is called off.
      this.dropAttempt(incoming);
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

  /** Rules 4 and 5: lost, or its picture would run dry before Reaction Time is over. */
  private mustLeave(shown: Shown, standing: Standing): boolean {
    if (standing.kind === 'lost') return true;
    if (standing.kind !== 'suspect' || !this.policies.bridgeAtOnce) return false;
    if (shown.stalled) return true;
    return (
      shown.dryAtMs !== null && shown.dryAtMs < lostAtMs(standing.evidence, this.policies.reactionTimeMs)
    );
  }

  private whileHolding(phase: Extract<Phase, { kind: 'holding' }>): boolean {
    const { shown } = phase;
    if (shown !== null && !shown.stalled && isAlive(this.stream(shown.streamId).standing)) {
      for (const attempt of phase.attempts) this.dispose(attempt.playerId);
      this.phase = { kind: 'showing', shown };
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
      const failed = this.attemptFailure(attempt);
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
      ({ streamId, progressAtMs }) =>
        hasHardEvidence(this.stream(streamId).standing) ||
        this.nowMs - progressAtMs >= stuckMs(this.policies),
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
    const alive = started ? free.find(({ standing }) => isAlive(standing)) : undefined;
    return (alive ?? free.find(({ standing }) => !hasHardEvidence(standing)) ?? free[0])?.id ?? null;
  }

  /** What takes the shown stream's place: alive before unheard-of before suspect; never a lost one. */
  private bestStandby(shownId: string, besides?: string): string | null {
    const blamed = blamesSite(this.stream(shownId).standing) ? this.stream(shownId).siteId : null;
    const cost = (stream: WatchedStream): number =>
      ({ healthy: 0, validating: 0, unknown: 2, suspect: 4, lost: 8 })[stream.standing.kind] +
      (stream.siteId === blamed ? 1 : 0);
    const candidates = this.ranked()
      .filter(({ id, standing }) => id !== shownId && id !== besides && standing.kind !== 'lost')
      .sort((a, b) => cost(a) - cost(b));
    return candidates[0]?.id ?? null;
  }

  /** Rules 2, 8 and 14: the best stream that the tile would rather show, and why it may. */
  private betterWish(shownId: string): { streamId: string; cause: WishCause } | null {
    const { leaving } = this.stream(shownId);
    for (const stream of betterThan(this.ranked(), shownId)) {
      if (stream.standing.kind === 'healthy' || (leaving && isAlive(stream.standing)))
        return { streamId: stream.id, cause: this.orderCause };
      // What was moved or added a moment ago is heard first, while the picture that is to go still plays.
      if (leaving && stream.standing.kind === 'unknown') return null;
      if (stream.standing.kind === 'validating' && this.mayFailBack(stream, stream.standing, shownId))
        return { streamId: stream.id, cause: 'failback' };
    }
    return null;
  }

  private mayFailBack(
    stream: WatchedStream,
    standing: Extract<Standing, { kind: 'validating' }>,
    shownId: string,
  ): boolean {
    const { failback } = this.policies;
    if (failback.mode !== 'automatic' || this.nowMs < validatedAtMs(standing, this.policies)) return false;
    if (!withinHours(failback.allowedHours, this.localHour)) return false;
    const elapsedMs = this.nowMs - standing.sinceMs;
    if (standing.advancedMs < elapsedMs * REAL_TIME_PACE - PACE_SLACK_MS) return false;
    const lagMs = edgeLagMs(stream, this.stream(shownId));
    return lagMs === null || lagMs <= failback.allowedLagMs;
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
    };
  }

  private switchTo(shown: Shown, streamId: string, why: Why): true {
    const incoming = this.startPlayer(streamId, shown.stalled ? null : shown.playerId);
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
        stalled: false,
      },
    };
  }

  /** A stream left under rule 5 counts as lost. */
  private leave(streamId: string): void {
    const { standing, leaving } = this.stream(streamId);
    if (leaving) {
      this.streams.delete(streamId);
      this.order = this.order.filter((id) => id !== streamId);
    } else if (standing.kind === 'suspect') this.lose(streamId, firstEvidence(standing.evidence));
  }

  private attemptFailure(attempt: Attempt): EvidenceCause | null {
    if (attempt.presentedAtMs !== null) return null;
    // Nothing presses in a race, where another attempt helps a stuck one, nor under a mere wish.
    const pressing = this.phase.kind === 'switching' && this.phase.why.kind === 'evidence';
    const patience = (pressing ? 1 : 2) * stuckMs(this.policies);
    if (this.nowMs - attempt.progressAtMs >= patience) return 'timeout';
    return this.nowMs - attempt.startedAtMs >= NO_PICTURE_MS ? 'no-picture' : null;
  }

  private failAttempt(attempt: Attempt, cause: EvidenceCause): void {
    const { failedAttempts } = this.stream(attempt.streamId);
    this.patchStream(attempt.streamId, { failedAttempts: failedAttempts + 1 });
    this.lose(attempt.streamId, { cause, sinceMs: attempt.startedAtMs });
    this.dropAttempt(attempt);
  }

  private dropAttempt(attempt: Attempt): void {
    this.dispose(attempt.playerId);
    const { phase } = this;
    if (phase.kind === 'switching') this.phase = { kind: 'showing', shown: phase.shown };
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
    if (this.phase.kind === 'switching') return [this.phase.incoming];
    return this.phase.kind === 'starting' || this.phase.kind === 'holding' ? this.phase.attempts : [];
  }

  private updateAttempt(playerId: number, update: (attempt: Attempt) => Attempt): void {
    this.updateAttempts((attempt) => (attempt.playerId === playerId ? update(attempt) : attempt));
  }

  private updateAttempts(update: (attempt: Attempt) => Attempt): void {
    const { phase } = this;
    if (phase.kind === 'switching') this.phase = { ...phase, incoming: update(phase.incoming) };
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

function unknownStream({ id, siteId }: PlannedStream): WatchedStream {
  return {
    id,
    siteId,
    standing: { kind: 'unknown' },
    failedAttempts: 0,
    edgeOffsetMs: null,
    learnedOffsetMs: null,
    leaving: false,
  };
}

function betterThan(ranked: readonly WatchedStream[], shownId: string): readonly WatchedStream[] {
  return ranked.slice(
    0,
    Math.max(
      0,
      ranked.findIndex(({ id }) => id === shownId),
    ),
  );
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

function stuckMs(policies: SelectorPolicies): number {
  return Math.max(policies.reactionTimeMs, STUCK_MS);
}

function validatedAtMs(
  standing: Extract<Standing, { kind: 'validating' }>,
  { failback, spreadMs }: SelectorPolicies,
): number {
  return standing.sinceMs + failback.stableMs + Math.min(standing.spreadMs, spreadMs);
}

function withinHours(hours: { from: number; to: number } | undefined, hour: number | null): boolean {
  if (hours === undefined) return true;
  if (hour === null) return false;
  return hours.from <= hours.to
    ? hour >= hours.from && hour < hours.to
    : hour >= hours.from || hour < hours.to;
}

function offsets(
  stream: WatchedStream,
  standing: Standing,
  edge: { programDateTimeMs: number | null } | undefined,
  nowMs: number,
): Pick<WatchedStream, 'edgeOffsetMs' | 'learnedOffsetMs'> {
  const { edgeOffsetMs, learnedOffsetMs } = stream;
  if (edge === undefined) return { edgeOffsetMs, learnedOffsetMs };
  if (edge.programDateTimeMs === null) return { edgeOffsetMs: null, learnedOffsetMs: null };
  const offsetMs = edge.programDateTimeMs - nowMs;
  if (standing.kind !== 'healthy') return { edgeOffsetMs: offsetMs, learnedOffsetMs };
  return {
    edgeOffsetMs: offsetMs,
    learnedOffsetMs:
      learnedOffsetMs === null ? offsetMs : learnedOffsetMs + OFFSET_WEIGHT * (offsetMs - learnedOffsetMs),
  };
}

/** By how much more than it used to `candidate`'s live edge trails `shown`'s, ms; `null` when unknown. */
function edgeLagMs(candidate: WatchedStream, shown: WatchedStream): number | null {
  const drift = ({ edgeOffsetMs, learnedOffsetMs }: WatchedStream): number | null =>
    edgeOffsetMs === null || learnedOffsetMs === null ? null : learnedOffsetMs - edgeOffsetMs;
  const candidateDrift = drift(candidate);
  const shownDrift = drift(shown);
  return candidateDrift === null || shownDrift === null ? null : candidateDrift - shownDrift;
}
