import type { EvidenceCause } from '../../cause.ts';
import { initialState, nextWakeMs, step } from '../selector.ts';
import type {
  Change,
  Channel,
  Command,
  Observation,
  Phase,
  PlannedStream,
  SelectorPolicies,
  Standing,
  TileState,
  WatchedStream,
} from '../types.ts';
import { StepChecks } from './step-checks.ts';

/** The host's heartbeat: short of the gap that counts as a local fault, ms. */
const HEARTBEAT_MS = 1000;

export const DEFAULT_POLICIES: SelectorPolicies = {
  reactionTimeMs: 1000,
  bridgeAtOnce: true,
  failback: { mode: 'automatic', stableMs: 30_000, allowedLagMs: 3000 },
  spreadMs: 0,
  tickMs: HEARTBEAT_MS,
  onFrozen: 'alarm',
};

export type PolicyChanges = Partial<Omit<SelectorPolicies, 'failback'>> & {
  readonly failback?: Partial<SelectorPolicies['failback']>;
};

export function policiesWith(changes: PolicyChanges): SelectorPolicies {
  return {
    ...DEFAULT_POLICIES,
    ...changes,
    failback: { ...DEFAULT_POLICIES.failback, ...changes.failback },
  };
}

/** `north/main` is the main stream at the site `north`. Those in maintenance rank last. */
export function planned(ids: readonly string[], sitesInMaintenance: readonly string[] = []): PlannedStream[] {
  const streams = ids.map((id) => ({ id, siteId: id.split('/')[0] ?? id }));
  const resting = streams.filter(({ siteId }) => sitesInMaintenance.includes(siteId));
  return [
    ...streams.filter((stream) => !resting.includes(stream)),
    ...resting.map((stream) => ({ ...stream, maintenance: true })),
  ];
}

/**
 * One tile's selector under a clock of its own, with players that do nothing until a test says so. Every step
 * is checked by {@link StepChecks}. Time begins at 0 and moves by `pass`, which steps where the selector asks to
 * be woken and at every heartbeat. At each heartbeat the live streams give proof of life.
 */
export class FakeTile {
  nowMs = 0;
  /** Local hour of the day in each tick. */
  localHour = 12;
  state: TileState;
  /** Of the latest observation, or of all the steps of the latest `pass`. */
  commands: Command[] = [];
  readonly changes: Change[] = [];
  private readonly checks = new StepChecks();
  /** Streams whose live edge moves, and the program date-time of the edge less the time, ms. */
  private readonly live = new Map<string, { readonly pace: number; readonly offsetMs: number | null }>();

  constructor(streamIds: readonly string[], policies: PolicyChanges = {}, seed = 1) {
    this.state = initialState(planned(streamIds), policiesWith(policies), seed, this.nowMs);
  }

  /** Time goes on by `ms`; a step is made at its very end. */
  pass(ms: number): void {
    this.commands = [];
    const endMs = this.nowMs + ms;
    while (this.nowMs < endMs) {
      const beatMs = (Math.floor(this.nowMs / HEARTBEAT_MS) + 1) * HEARTBEAT_MS;
      this.nowMs = Math.min(endMs, beatMs, nextWakeMs(this.state) ?? endMs);
      if (this.nowMs === beatMs) for (const id of this.live.keys()) this.giveProof(id);
      this.step({ type: 'tick', localHour: this.localHour });
    }
  }

  /** Time goes on by `ms` in which the machine did not run. */
  sleep(ms: number): void {
    this.nowMs += ms;
  }

  observe(observation: Observation): void {
    this.commands = [];
    this.step(observation);
  }

  // --- sites ------------------------------------------------------------------------------------------

  /** From now on these give proof of life, at once and with every heartbeat. */
  goLive(
    streamIds: readonly string[],
    edge: { readonly pace?: number; readonly offsetMs?: number | null } = {},
  ): void {
    this.commands = [];
    for (const id of streamIds) {
      this.live.set(id, { pace: edge.pace ?? 1, offsetMs: edge.offsetMs ?? null });
      this.giveProof(id);
    }
  }

  isLive(streamId: string): boolean {
    return this.live.has(streamId);
  }

  /** No more proof of life, and no evidence either. */
  goSilent(streamId: string): void {
    this.live.delete(streamId);
  }

  /** No more proof of life, and evidence now. */
  fail(streamId: string, cause: EvidenceCause = 'refused', channel: Channel = 'playlist'): void {
    this.goSilent(streamId);
    this.accuse(streamId, cause, channel);
  }

  accuse(streamId: string, cause: EvidenceCause, channel: Channel = 'playlist', sinceMs = this.nowMs): void {
    this.observe({ type: 'evidence', streamId, evidence: { channel, cause, sinceMs } });
  }

  prove(streamId: string, channel: 'playlist' | 'media'): void {
    this.observe({ type: 'proof', streamId, channel });
  }

  private giveProof(streamId: string): void {
    const edge = this.live.get(streamId);
    if (edge === undefined) return;
    const { pace, offsetMs } = edge;
    this.step({
      type: 'proof',
      streamId,
      channel: 'playlist',
      edge: {
        advancedMs: pace * HEARTBEAT_MS,
        programDateTimeMs: offsetMs === null ? null : this.nowMs + offsetMs,
      },
    });
    this.step({ type: 'proof', streamId, channel: 'media' });
  }

  // --- players ----------------------------------------------------------------------------------------

  /** The player of this stream, which must be running. */
  playerOf(streamId: string): number {
    const id = this.checks.runningPlayer(streamId);
    if (id === null) throw new Error(`no player runs on ${streamId}; there are ${this.checks.describe()}`);
    return id;
  }

  /** Streams with a player, in the order of their starts. */
  playing(): string[] {
    return this.checks.runningStreams();
  }

  present(streamId: string): void {
    this.observe({ type: 'presented', playerId: this.playerOf(streamId) });
  }

  failPlayer(streamId: string, cause: EvidenceCause): void {
    this.observe({ type: 'player-failed', playerId: this.playerOf(streamId), cause });
  }

  /** Evidence that the loads of a stream's player gave. */
  complain(streamId: string, cause: EvidenceCause, channel: Channel = 'media'): void {
    const evidence = { channel, cause, sinceMs: this.nowMs };
    this.observe({ type: 'evidence', streamId, evidence, playerId: this.playerOf(streamId) });
  }

  // --- what is to be seen -----------------------------------------------------------------------------

  get phase(): Phase['kind'] {
    return this.state.phase.kind;
  }

  /** The stream on the screen as a moving picture. */
  get shown(): string | null {
    return 'shown' in this.state.phase ? (this.state.phase.shown?.streamId ?? null) : null;
  }

  get incoming(): string | null {
    return this.state.phase.kind === 'switching' ? this.state.phase.incoming.streamId : null;
  }

  get lastChange(): Change {
    const last = this.changes.at(-1);
    if (last === undefined) throw new Error('nothing was shown yet');
    return last;
  }

  stream(id: string): WatchedStream {
    const found = this.state.streams.find((stream) => stream.id === id);
    if (found === undefined) throw new Error(`the tile has no stream ${id}`);
    return found;
  }

  standing(id: string): Standing['kind'] {
    return this.stream(id).standing.kind;
  }

  private step(observation: Observation): void {
    const before = this.state;
    const after = step(before, observation, this.nowMs);
    this.state = after.state;
    this.commands.push(...after.commands);
    for (const command of after.commands)
      if (command.type === 'show-player') this.changes.push(command.change);
    const broken = this.checks.afterStep(before, observation, this.nowMs, after);
    if (broken.length > 0)
      throw new Error(`after ${JSON.stringify(observation)} at ${this.nowMs} ms: ${broken.join('; ')}`);
  }
}

/** A tile that shows the first of its streams, all of them live and healthy. */
export function showingFirst(streamIds: readonly string[], policies: PolicyChanges = {}): FakeTile {
  const tile = new FakeTile(streamIds, policies);
  const [first] = streamIds;
  if (first === undefined) throw new Error('a tile has at least one stream');
  tile.goLive(streamIds);
  tile.present(first);
  tile.changes.length = 0;
  tile.commands = [];
  return tile;
}

/** A tile of two sites that left its first stream for its second one. The first is lost and silent. */
export function onBackup(streamIds: readonly string[], policies: PolicyChanges = {}): FakeTile {
  const tile = showingFirst(streamIds, policies);
  const [first, second] = streamIds;
  if (first === undefined || second === undefined) throw new Error('a backup takes two streams');
  tile.fail(first);
  tile.pass(tile.state.policies.reactionTimeMs);
  tile.present(second);
  tile.changes.length = 0;
  tile.commands = [];
  return tile;
}
