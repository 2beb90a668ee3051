import { MAX_PLAYERS, nextWakeMs, step } from '../selector.ts';
import { cannotBeShown, owesPicture } from '../standing.ts';
import type { Command, Observation, TileState } from '../types.ts';
import { attemptsOf } from '../wake.ts';
import type { Memory } from './coarse-state.ts';
import { KeyedStates } from './keyed-states.ts';
import { checkCompletion, checkHot } from './step-checks.ts';

/** Something that may happen to a tile: time passes, then these are observed at once. */
export interface Move {
  readonly name: string;
  readonly afterMs: number;
  readonly observations: readonly Observation[];
}

export interface Sweep {
  readonly start: TileState;
  readonly memory: Memory;
  /** Everything that may happen in a state. */
  readonly movesFrom: (state: TileState) => readonly Move[];
  /** What happens while nothing is wrong any more. */
  readonly heal: (state: TileState) => Move;
  /** Whether a tile to which nothing but `heal` happens may stay in this state. */
  readonly isHome: (state: TileState) => boolean;
}

export interface Findings {
  readonly states: number;
  readonly steps: number;
  /** Combinations of phase and standings. */
  readonly kinds: number;
  /** How often the tile has to `heal` until it is home, at most. */
  readonly roundsHome: number;
}

interface Reached {
  readonly state: TileState;
  /** The state before and the move from it; `null` for the start. */
  readonly from: { readonly reached: Reached; readonly move: string } | null;
  /** Where `heal` leads. */
  healed: Reached | null;
}

/**
 * Every coarse state that the moves reach from the start, until there is no new one.
 * @param mostStates more than these are an error: the sweep would not end in time
 * @throws Error at the first thing that does not hold, with the way that led there, newest last
 */
export function explore({ start, memory, movesFrom, heal, isHome }: Sweep, mostStates: number): Findings {
  const keyed = new KeyedStates(memory);
  const first: Reached = { state: keyed.first(start), from: null, healed: null };
  const reached = [first];
  const byKey = new Map([[keyed.keyOf(first.state), first]]);
  const kinds = new Set<string>();
  let steps = 0;
  const follow = (before: Reached, move: Move): Reached => {
    let { state } = before;
    const atMs = state.lastStepMs + move.afterMs;
    for (const observation of move.observations) {
      const after = step(state, observation, atMs);
      steps += 1;
      const broken = [
        ...breaksPicture(state, after.state, after.commands),
        ...invariants(after.state, after.commands),
      ];
      if (broken.length > 0) throw new Error(`${broken.join('; ')}: ${wayTo(before, move.name)}`);
      state = after.state;
    }
    const next = keyed.after(before.state, state);
    const key = keyed.keyOf(next);
    const known = byKey.get(key);
    if (known !== undefined) return known;
    const found: Reached = { state: next, from: { reached: before, move: move.name }, healed: null };
    byKey.set(key, found);
    reached.push(found);
    kinds.add(`${next.phase.kind}: ${next.streams.map(({ standing }) => standing.kind).join(' ')}`);
    return found;
  };
  // New states are appended while the loop runs: it ends when there are no more.
  for (const one of reached) {
    if (reached.length > mostStates) throw new Error(`there are more than ${mostStates} states`);
    for (const move of movesFrom(one.state)) follow(one, move);
    one.healed = follow(one, heal(one.state));
  }
  return { states: reached.length, steps, kinds: kinds.size, roundsHome: roundsHome(reached, isHome) };
}

/** @throws Error for a state that heals in circles and never comes home */
function roundsHome(reached: readonly Reached[], isHome: (state: TileState) => boolean): number {
  const rounds = new Map<Reached, number>();
  for (const one of reached) {
    const way: Reached[] = [];
    let at: Reached | null = one;
    while (at !== null && !rounds.has(at)) {
      // Home is where healing changes nothing any more.
      if (at.healed === at && isHome(at.state)) rounds.set(at, 0);
      else {
        if (way.includes(at)) throw new Error(`the tile never comes home: ${wayTo(one, 'heal')}`);
        way.push(at);
        at = at.healed;
      }
    }
    let count = at === null ? 0 : (rounds.get(at) ?? 0);
    for (const passed of way.reverse()) {
      count += 1;
      rounds.set(passed, count);
    }
  }
  return Math.max(...rounds.values());
}

function wayTo(reached: Reached, move: string): string {
  const way = [move];
  for (let { from } = reached; from !== null; { from } = from.reached) way.push(from.move);
  return way.reverse().join(', ');
}

/** Make before break: once there was a picture there always is one. */
function breaksPicture(before: TileState, after: TileState, commands: readonly Command[]): string[] {
  const broken: string[] = [];
  const without = ({ phase }: TileState): boolean =>
    phase.kind === 'starting' || (phase.kind === 'suspended' && phase.was === 'starting');
  if (without(after) && !without(before)) broken.push('the picture went');
  const shownId = 'shown' in before.phase ? before.phase.shown?.playerId : undefined;
  for (const command of commands)
    if (command.type === 'dispose-player' && command.playerId === shownId)
      broken.push('the player on the screen was disposed of');
  return broken;
}

/** What holds in each state by itself. `StepChecks` accounts for the players over many steps. */
function invariants(state: TileState, commands: readonly Command[]): string[] {
  const { phase, streams } = state;
  const shown = 'shown' in phase ? phase.shown : null;
  const attempts = attemptsOf(phase);
  const players = [...(shown === null ? [] : [shown]), ...attempts].map(({ playerId }) => playerId);
  const broken = [...checkCompletion(state), ...checkHot(state)];
  if (players.length > MAX_PLAYERS) broken.push(`${players.length} players run`);
  if (new Set(players).size !== players.length) broken.push('a player has two roles');
  if (phase.kind === 'suspended' && commands.some(({ type }) => type === 'show-player'))
    broken.push('the picture changed while suspended');
  const standing = streams.find(({ id }) => id === shown?.streamId)?.standing.kind;
  if (phase.kind === 'showing' && standing === 'lost')
    broken.push('a lost stream is shown, and nothing is done');
  const triable = streams.some(({ standing, nextTryAtMs, leaving }) => {
    if (leaving) return false;
    if (standing.kind !== 'lost') return !cannotBeShown(standing);
    const dueMs = cannotBeShown(standing) ? standing.retryAtMs : nextTryAtMs;
    return owesPicture(standing) && state.lastStepMs >= dueMs;
  });
  if (phase.kind === 'starting' && attempts.length === 0 && triable) broken.push('nothing is tried');
  if (phase.kind === 'holding' && phase.shown === null && attempts.length === 0 && triable)
    broken.push('nothing is tried while holding');
  if ((nextWakeMs(state) ?? Number.POSITIVE_INFINITY) <= state.lastStepMs)
    broken.push('the next step is due in the past');
  return broken;
}
