import { type EvidenceCause, isHard } from '../../cause.ts';
import { LOCAL_GAP_MS, MAX_PLAYERS, nextWakeMs, step } from '../selector.ts';
import { owesPicture } from '../standing.ts';
import type { Attempt, Change, Command, Observation, Step, TileState } from '../types.ts';
import { attemptsOf } from '../wake.ts';
import { EvidenceLedger } from './evidence-ledger.ts';

interface FakePlayer {
  readonly streamId: string;
  presented: boolean;
}

/**
 * What must hold after every step of a selector, whatever was observed. It keeps its own account of
 * players, of the screen and of evidence, from the observations and the commands alone.
 */
export class StepChecks {
  private readonly players = new Map<number, FakePlayer>();
  private readonly ledger = new EvidenceLedger();
  private screen: { readonly playerId: number } | 'still' | 'empty' = 'empty';
  private lastShownStream: string | null = null;

  /** What does not hold, in words; empty when all holds. Freezes the states that it is given. */
  afterStep(before: TileState, observation: Observation, nowMs: number, { state, commands }: Step): string[] {
    deepFreeze(before);
    deepFreeze(state);
    if (observation.type === 'presented' && before.phase.kind !== 'suspended') {
      const player = this.players.get(observation.playerId);
      if (player !== undefined) player.presented = true;
    }
    this.ledger.note(before, observation, nowMs, nowMs - before.lastStepMs > LOCAL_GAP_MS);
    const again = step(before, observation, nowMs);
    return [
      ...(isSame(again, { state, commands }) ? [] : ['the same step has two outcomes']),
      ...commands.flatMap((command) => this.run(command, before, nowMs)),
      ...this.checkPlayers(state),
      ...this.checkScreen(state),
      ...this.checkSuspension(state, commands),
      ...checkWake(state, nowMs),
      ...checkCompletion(state),
      ...checkHot(state),
      ...checkStarved(before, state, commands),
      ...this.ledger.compare(before, state, nowMs, {
        left: changesIn(commands).flatMap(({ from }) => from ?? []),
        failed: attemptsOf(before.phase)
          .filter((attempt) => hasFailed(attempt, observation, nowMs, state))
          .map(({ streamId }) => streamId),
      }),
      ...changesIn(commands).flatMap((change) => {
        const broken = this.ledger.checkFailback(change, before, nowMs);
        this.ledger.noteChange(change, nowMs);
        return broken;
      }),
    ];
  }

  runningPlayer(streamId: string): number | null {
    for (const [id, player] of this.players) if (player.streamId === streamId) return id;
    return null;
  }

  runningStreams(): string[] {
    return [...this.players.values()].map(({ streamId }) => streamId);
  }

  describe(): string {
    return `players on: ${this.runningStreams().join(', ') || 'none'}`;
  }

  private run(command: Command, before: TileState, nowMs: number): string[] {
    switch (command.type) {
      case 'start-player': {
        const broken = command.playerId < before.nextPlayerId ? ['a player id was used again'] : [];
        if (command.alignWith !== null && !this.isOnScreen(command.alignWith))
          broken.push('a player was to be aligned with one that is not on the screen');
        this.players.set(command.playerId, { streamId: command.streamId, presented: false });
        return broken;
      }
      case 'dispose-player': {
        const broken = this.isOnScreen(command.playerId) ? ['the player on the screen was disposed of'] : [];
        if (!this.players.delete(command.playerId)) broken.push('a player was disposed of twice');
        return broken;
      }
      case 'hold-picture': {
        const broken = this.isOnScreen(command.playerId)
          ? []
          : ['a picture was held that is not on the screen'];
        this.players.delete(command.playerId);
        this.screen = 'still';
        return broken;
      }
      case 'show-player':
        return this.show(command, nowMs);
      case 'go-live':
        return this.isOnScreen(command.playerId) ? [] : ['go-live for a player that is not on the screen'];
    }
  }

  private show(
    { playerId, retire, change }: Extract<Command, { type: 'show-player' }>,
    nowMs: number,
  ): string[] {
    const broken: string[] = [];
    const player = this.players.get(playerId);
    if (player === undefined) broken.push('a player was shown that does not run');
    else if (!player.presented) broken.push('a player was shown before it presented frames');
    if (player !== undefined && player.streamId !== change.to)
      broken.push('the change names another stream than is shown');
    const onScreen = typeof this.screen === 'object' ? this.screen.playerId : null;
    if (retire !== onScreen) broken.push(`player ${retire} was retired, but ${onScreen} is on the screen`);
    if (change.from !== this.lastShownStream)
      broken.push(`the change comes from ${change.from}, but ${this.lastShownStream} was shown last`);
    if (change.decidedAtMs > nowMs || (change.firstEvidenceAtMs ?? 0) > change.decidedAtMs)
      broken.push('first evidence, decision and change are out of order');
    if (retire !== null) this.players.delete(retire);
    this.screen = { playerId };
    this.lastShownStream = change.to;
    return broken;
  }

  private checkPlayers(state: TileState): string[] {
    const named = playersOf(state);
    const running = [...this.players.keys()];
    const broken: string[] = [];
    if (running.length > MAX_PLAYERS) broken.push(`${running.length} players run`);
    if (!sameMembers(named, running))
      broken.push(`the state names the players ${named.join()}, but ${running.join()} run`);
    for (const { playerId, streamId } of attemptsOf(state.phase))
      if (this.players.get(playerId)?.streamId !== streamId)
        broken.push(`player ${playerId} is not one of ${streamId}`);
    return broken;
  }

  private checkScreen({ phase, streams }: TileState): string[] {
    const shown = 'shown' in phase ? phase.shown : null;
    const streamIds = streams.map(({ id }) => id);
    const broken: string[] = [];
    const started = phase.kind !== 'starting' && !(phase.kind === 'suspended' && phase.was === 'starting');
    if (started === (this.screen === 'empty'))
      broken.push(`the phase is ${phase.kind}, the screen ${JSON.stringify(this.screen)}`);
    if (
      (shown === null ? null : shown.playerId) !==
      (typeof this.screen === 'object' ? this.screen.playerId : null)
    )
      broken.push('the state and the screen differ in what is shown');
    if (shown !== null && !streamIds.includes(shown.streamId)) broken.push('an unknown stream is shown');
    if (new Set(streamIds).size !== streamIds.length) broken.push('a stream is listed twice');
    if (streams.some(({ id, leaving }) => leaving && id !== shown?.streamId))
      broken.push('a stream that was removed stays although it is not shown');
    return broken;
  }

  private checkSuspension(state: TileState, commands: readonly Command[]): string[] {
    if (state.phase.kind !== 'suspended') return [];
    return commands
      .filter(({ type }) => type !== 'go-live' && type !== 'dispose-player')
      .map(({ type }) => `${type} while suspended`);
  }

  private isOnScreen(playerId: number): boolean {
    return typeof this.screen === 'object' && this.screen.playerId === playerId;
  }
}

/** Until the time that the selector asks to be woken at, the clock alone changes nothing. */
function checkWake(state: TileState, nowMs: number): string[] {
  const { localHour, policies } = state;
  const wakeMs = nextWakeMs(state) ?? Number.POSITIVE_INFINITY;
  if (wakeMs <= nowMs) return ['the next step is due in the past'];
  // A step that came later would be a late one, which extends deadlines.
  const beforeMs = Math.min(wakeMs - 1, nowMs + policies.tickMs);
  if (localHour === null || beforeMs <= nowMs) return [];
  const idle = step(state, { type: 'tick', localHour }, beforeMs);
  const lost = (of: TileState): string[] =>
    of.streams.flatMap(({ id, standing }) => (standing.kind === 'lost' ? [id] : []));
  const same = isSame([idle.state.phase, lost(idle.state)], [state.phase, lost(state)]);
  return same && idle.commands.length === 0
    ? []
    : ['something was due before the selector asked to be woken'];
}

/** Rules 4 to 6: nothing but missing frames keeps a tile from changing over. */
export function checkCompletion({ phase, streams, policies, machine }: TileState): string[] {
  if (phase.kind !== 'switching' || phase.incoming.presentedAtMs === null) return [];
  const standing = streams.find(({ id }) => id === phase.shown.streamId)?.standing;
  if (standing?.kind === 'lost') return ['the incoming stream presents, yet the tile stays on a lost one'];
  // On a starved machine soft evidence has to last for the Reaction Time first (rule 10).
  const bridged =
    policies.bridgeAtOnce &&
    standing?.kind === 'suspect' &&
    (machine === 'free' || standing.evidence.some(({ cause }) => isHard(cause)));
  if (bridged && phase.shown.stalled)
    return ['the incoming stream presents, yet the tile stays on a stalled picture'];
  return phase.why.kind === 'wish' ? ['the incoming stream presents, yet the wish was not fulfilled'] : [];
}

/**
 * Rule 15: a hot standby plays a stream of another site that may be taken, and only where it was granted. A trial plays a
 * stream that a player lost, though its watch proves it alive.
 */
export function checkHot({ phase, streams, hotStandby }: TileState): string[] {
  if (phase.kind !== 'showing' || phase.hot === null) return [];
  const streamOf = (id: string) => streams.find((stream) => stream.id === id);
  const hot = streamOf(phase.hot.streamId);
  if (hot !== undefined && owesPicture(hot.standing))
    return phase.hot.presentedAtMs === null ? [] : ['a trial goes on although it has presented'];
  const broken: string[] = [];
  if (hotStandby !== 'granted') broken.push('a hot standby plays that was not granted');
  if (hot?.standing.kind === 'lost') broken.push('a hot standby plays on a lost stream');
  if (hot?.siteId === streamOf(phase.shown.streamId)?.siteId)
    broken.push('the hot standby is at the site of the shown stream');
  return broken;
}

/** Rules 5 and 10: on a starved machine no player starts for a low buffer, and soft evidence has to last for the Reaction Time. */
function checkStarved(before: TileState, state: TileState, commands: readonly Command[]): string[] {
  if (state.machine === 'free') return [];
  const { phase, lastStepMs: nowMs, policies } = state;
  const broken: string[] = [];
  if (
    phase.kind === 'switching' &&
    phase.why.kind === 'precaution' &&
    phase.incoming.playerId >= before.nextPlayerId
  )
    broken.push('a precaution was taken on a starved machine');
  for (const command of commands) {
    if (command.type !== 'show-player' || command.retire === null) continue;
    const { from, cause, firstEvidenceAtMs } = command.change;
    const wasLost = before.streams.find(({ id }) => id === from)?.standing.kind === 'lost';
    // Where there is first evidence, the cause is one of evidence.
    if (wasLost || firstEvidenceAtMs === null || isHard(cause as EvidenceCause)) continue;
    if (nowMs - firstEvidenceAtMs < policies.reactionTimeMs)
      broken.push(`a starved machine left ${from} before its soft evidence had lasted`);
  }
  return broken;
}

/** Whether an attempt may count as failed: it said so, had no byte for 3 s or the Reaction Time, or no picture for 10 s. */
function hasFailed(
  attempt: Attempt,
  observation: Observation,
  nowMs: number,
  { policies }: TileState,
): boolean {
  return (
    ((observation.type === 'player-failed' || observation.type === 'evidence') &&
      observation.playerId === attempt.playerId) ||
    nowMs - attempt.progressAtMs >= Math.max(3000, policies.reactionTimeMs) ||
    nowMs - attempt.startedAtMs >= 10_000
  );
}

function changesIn(commands: readonly Command[]): Change[] {
  return commands.flatMap((command) => (command.type === 'show-player' ? [command.change] : []));
}

function playersOf(state: TileState): number[] {
  const shown = 'shown' in state.phase ? state.phase.shown : null;
  return [...(shown === null ? [] : [shown]), ...attemptsOf(state.phase)].map(({ playerId }) => playerId);
}

function sameMembers(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((member) => b.includes(member));
}

type Members = Readonly<Record<string, unknown>>;

/** A step keeps most objects of a state: only the others are compared member by member. */
function isSame(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => isSame((one as Members)[name], (other as Members)[name]))
  );
}

function deepFreeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const member of Object.values(value)) deepFreeze(member);
}
