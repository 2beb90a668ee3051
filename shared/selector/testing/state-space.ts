import { LOCAL_GAP_MS, MAX_PLAYERS, nextWakeMs, step } from '../selector.ts';
import type { Command, Observation, Standing, TileState } from '../types.ts';
import { attemptsOf } from '../wake.ts';

/** Moments older than this are one and the same, ms: longer than every clock that the exhaustive check lets run. */
const OLD_MS = 12_000;
/** Time of every normalised state, ms. */
const NOW_MS = 100_000;

interface Reached {
  readonly state: TileState;
  /** The observations that led here, oldest first. */
  readonly path: readonly string[];
}

/**
 * Every state that is reached from `start` by at most `depth` of the given steps, each of them once.
 * @param broken in words, what does not hold after a step
 * @returns how many different states there were, by how many steps, and how many combinations of phase and standings
 * @throws Error at the first thing that does not hold, with the way that led there, newest last
 */
export function explore(
  start: TileState,
  depth: number,
  stepsFrom: (state: TileState) => readonly { readonly observation: Observation; readonly afterMs: number }[],
  broken: (before: TileState, after: TileState, commands: readonly Command[]) => readonly string[],
): { readonly states: number; readonly steps: number; readonly kinds: number } {
  const first = normalised(start);
  const seen = new Set([JSON.stringify(first)]);
  const kinds = new Set<string>();
  let steps = 0;
  let frontier: Reached[] = [{ state: first, path: [] }];
  for (let level = 0; level < depth && frontier.length > 0; level += 1) {
    const next: Reached[] = [];
    for (const { state, path } of frontier)
      for (const { observation, afterMs } of stepsFrom(state)) {
        const { state: after, commands } = step(state, observation, state.lastStepMs + afterMs);
        steps += 1;
        const name = `${JSON.stringify(observation)} after ${afterMs} ms`;
        const complaints = [...broken(state, after, commands), ...invariants(after, commands)];
        if (complaints.length > 0) throw new Error(`${complaints.join('; ')}: ${[...path, name].join(', ')}`);
        const reached = normalised(after);
        const key = JSON.stringify(reached);
        if (seen.has(key)) continue;
        seen.add(key);
        kinds.add(`${after.phase.kind}: ${after.streams.map(({ standing }) => standing.kind).join(' ')}`);
        next.push({ state: reached, path: [...path, name] });
      }
    frontier = next;
  }
  return { states: seen.size, steps, kinds: kinds.size };
}

/** What holds in each state by itself. The book of players over many steps is kept by `StepChecks`. */
function invariants(state: TileState, commands: readonly Command[]): string[] {
  const { phase, streams } = state;
  const shown = 'shown' in phase ? phase.shown : null;
  const attempts = attemptsOf(phase);
  const players = [...(shown === null ? [] : [shown]), ...attempts].map(({ playerId }) => playerId);
  const broken: string[] = [];
  if (players.length > MAX_PLAYERS) broken.push(`${players.length} players run`);
  if (new Set(players).size !== players.length) broken.push('a player has two roles');
  if (phase.kind === 'suspended' && commands.some(({ type }) => type === 'show-player'))
    broken.push('the picture changed while suspended');
  const standing = streams.find(({ id }) => id === shown?.streamId)?.standing.kind;
  if (phase.kind === 'showing' && standing === 'lost') broken.push('a lost stream is shown in peace');
  if (phase.kind === 'switching' && standing === 'lost' && phase.incoming.presentedAtMs !== null)
    broken.push('the incoming stream presents, yet the tile stays on a lost one');
  if (
    phase.kind === 'starting' &&
    attempts.length === 0 &&
    streams.some((one) => one.standing.kind !== 'lost')
  )
    broken.push('nothing is tried');
  if (phase.kind === 'holding' && phase.shown === null && attempts.length === 0)
    if (streams.some((one) => one.standing.kind !== 'lost')) broken.push('nothing is tried while holding');
  if ((nextWakeMs(state) ?? Number.POSITIVE_INFINITY) <= state.lastStepMs)
    broken.push('the next step is due in the past');
  return broken;
}

/** The same state at {@link NOW_MS}, with players renumbered, and without what no decision can depend on. */
function normalised(state: TileState): TileState {
  const shiftMs = NOW_MS - state.lastStepMs;
  const moved = (atMs: number): number => Math.max(NOW_MS - OLD_MS, atMs + shiftMs);
  const lateness = (lateMs: number): number => Math.min(2 * LOCAL_GAP_MS, state.lateMs - lateMs);
  const numbers = new Map<number, number>();
  const renamed = (playerId: number): number => {
    const number = numbers.get(playerId) ?? numbers.size + 1;
    numbers.set(playerId, number);
    return number;
  };
  const visit = (name: string, value: unknown): unknown => {
    if (Array.isArray(value)) return value.map((member) => visit('', member));
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, visit(key, member)]));
    if (typeof value !== 'number') return value;
    if (name === 'playerId') return renamed(value);
    if (name === 'lateBeforeMs') return -lateness(value);
    return /AtMs$|^sinceMs$|FromMs$|^lastStepMs$|^atMs$/.test(name) ? moved(value) : value;
  };
  const { phase, streams } = state;
  return {
    ...state,
    phase: visit('', phase) as TileState['phase'],
    streams: streams.map((stream) => ({
      ...(visit('', stream) as typeof stream),
      standing: pacing(visit('', stream.standing) as Standing),
    })),
    failedBack: visit('', state.failedBack) as TileState['failedBack'],
    moveFromMs: moved(state.moveFromMs),
    clocksFromMs: moved(state.clocksFromMs),
    lastStepMs: NOW_MS,
    lateMs: 0,
    seed: 0,
    nextPlayerId: numbers.size + 1,
  };
}

/** The order of proofs does not matter, nor by how much an edge that keeps pace is ahead. */
function pacing(standing: Standing): Standing {
  if (standing.kind === 'lost') return { ...standing, proven: [...standing.proven].sort() };
  return standing.kind === 'validating'
    ? { ...standing, advancedMs: Math.min(standing.advancedMs, OLD_MS) }
    : standing;
}
