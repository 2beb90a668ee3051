import { expect, it } from 'vitest';
import { FakeTile, onBackup, type PolicyChanges, planned, showingFirst } from './testing/fake-tile.ts';
import { explore } from './testing/state-space.ts';
import type { Command, Observation, TileState } from './types.ts';
import { attemptsOf } from './wake.ts';

/** Steps from the start; HOLDFAST_EXHAUSTIVE_DEPTH looks deeper than there is time for in every run. */
const DEPTH = Number(process.env.HOLDFAST_EXHAUSTIVE_DEPTH ?? 3);
const IDS = ['north/main', 'south/main'];
const POLICIES: PolicyChanges = { onFrozen: 'change-over', failback: { stableMs: 2000 } };

interface Possible {
  readonly observation: Observation;
  readonly afterMs: number;
}

/** All that may be observed in a state, at once or, for time, a Reaction Time or a local gap later. */
function possible({ phase, lastStepMs, streams }: TileState): Possible[] {
  const shown = 'shown' in phase ? phase.shown : null;
  const atOnce: Observation[] = [
    ...IDS.flatMap((streamId): Observation[] => [
      { type: 'proof', streamId, channel: 'playlist', edge: { advancedMs: 1000, programDateTimeMs: null } },
      { type: 'proof', streamId, channel: 'media' },
      ...(['refused', 'stalled'] as const).map(
        (cause): Observation => ({
          type: 'evidence',
          streamId,
          evidence: { channel: 'playlist', cause, sinceMs: lastStepMs },
        }),
      ),
      { type: 'picture-verdict', streamId, verdict: 'frozen', sinceMs: lastStepMs },
      { type: 'picture-verdict', streamId, verdict: 'moving', sinceMs: lastStepMs },
    ]),
    ...attemptsOf(phase).flatMap(({ playerId }): Observation[] => [
      { type: 'presented', playerId },
      { type: 'player-failed', playerId, cause: 'decode' },
    ]),
    ...(shown === null
      ? []
      : ([
          { type: 'picture-stalls', playerId: shown.playerId, sinceMs: lastStepMs },
          { type: 'picture-moves', playerId: shown.playerId },
          { type: 'buffer', playerId: shown.playerId, aheadMs: 500, low: true },
          { type: 'player-failed', playerId: shown.playerId, cause: 'decode' },
        ] satisfies Observation[])),
    { type: phase.kind === 'suspended' ? 'resume' : 'suspend' },
    { type: 'return' },
    { type: 'hot-allowance', allowed: true },
    { type: 'hot-allowance', allowed: false },
    {
      type: 'plan',
      streams: planned(IDS, streams[0]?.duty === 'service' ? ['north'] : []),
      cause: 'priority-changed',
    },
  ];
  return [
    ...atOnce.map((observation) => ({ observation, afterMs: 0 })),
    { observation: { type: 'tick', localHour: 12 }, afterMs: 1000 },
    { observation: { type: 'tick', localHour: 12 }, afterMs: 3000 },
  ];
}

/** Make before break: once there was a picture there always is one, and only a player that presented is raised. */
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

/** Where the searches begin; the tiles of `FakeTile` got there under all of its checks. */
const STARTS: Readonly<Record<string, () => TileState>> = {
  'its start': () => new FakeTile(IDS, POLICIES).state,
  'the first site shown': () => showingFirst(IDS, POLICIES).state,
  'the backup shown': () => onBackup(IDS, POLICIES).state,
  'a hot standby': () => {
    const tile = showingFirst(IDS, POLICIES);
    tile.observe({ type: 'hot-allowance', allowed: true });
    tile.pass(2000);
    tile.present('south/main');
    return tile.state;
  },
  'a held picture': () => {
    const tile = showingFirst(IDS, POLICIES);
    for (const id of IDS) tile.fail(id);
    tile.pass(1000);
    tile.observe({ type: 'picture-stalls', playerId: tile.playerOf('north/main'), sinceMs: tile.nowMs });
    return tile.state;
  },
};

it.each(Object.keys(STARTS))(
  'keeps its word in every state that coarse steps reach from %s',
  (name) => {
    const start = STARTS[name]?.();
    if (start === undefined) throw new Error(`there is no start "${name}"`);
    const { states, steps, kinds } = explore(start, DEPTH, possible, breaksPicture);
    console.info(
      `from ${name}: ${states} states, ${steps} steps, ${kinds} kinds of state, ${DEPTH} steps deep`,
    );
    expect(states).toBeGreaterThan(100);
  },
  3_600_000,
);
