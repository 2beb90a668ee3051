import { withLoss, withTrouble } from '../damping.ts';
import { lost } from '../standing.ts';
import type {
  Command,
  Evidence,
  Machine,
  Phase,
  SelectorPolicies,
  Shown,
  Standing,
  Step,
  TileState,
  TroubleRecord,
  WatchedStream,
} from '../types.ts';

/**
 * A tile's state while a step works on it. The rules assign to its fields and never change in place what these hold, so the
 * state that the step began with stays as it was.
 */
export class Draft {
  readonly nowMs: number;
  phase: Phase;
  /** In order of priority. */
  streams: readonly WatchedStream[];
  policies: SelectorPolicies;
  orderCause: TileState['orderCause'];
  moveFromMs: number;
  failedBack: TileState['failedBack'];
  hotStandby: TileState['hotStandby'];
  machine: Machine;
  lateMs: number;
  /** Lateness of this step, ms. */
  lateNowMs = 0;
  nextPlayerId: number;
  clocksFromMs: number;
  localHour: number | null;
  readonly commands: Command[] = [];
  private seed: number;

  constructor(state: TileState, nowMs: number) {
    this.nowMs = nowMs;
    this.phase = state.phase;
    this.streams = state.streams;
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

  /** The tile as it is by now. */
  state(): TileState {
    return {
      streams: this.streams,
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

  /** The player on the screen in any phase; `null` without one. */
  get shown(): Shown | null {
    return 'shown' in this.phase ? this.phase.shown : null;
  }

  /** @throws Error for a stream that the tile does not have */
  stream(id: string): WatchedStream {
    const stream = this.find(id);
    if (stream === undefined) throw new Error(`the tile has no stream "${id}"`);
    return stream;
  }

  find(id: string): WatchedStream | undefined {
    return this.streams.find((stream) => stream.id === id);
  }

  /** 0 for the stream of the highest priority; -1 for one that the tile does not have. */
  rankOf(id: string): number {
    return this.streams.findIndex((stream) => stream.id === id);
  }

  /** Takes the place of the stream of the same id. */
  replace(stream: WatchedStream): void {
    this.streams = this.streams.map((one) => (one.id === stream.id ? stream : one));
  }

  /** @throws Error for a stream that the tile does not have */
  patch(id: string, patch: Partial<WatchedStream>): void {
    this.replace({ ...this.stream(id), ...patch });
  }

  /** Nothing happens for a stream that the tile has no more: its watch may still report. */
  updateStanding(id: string, update: (standing: Standing) => Standing): void {
    const stream = this.find(id);
    if (stream === undefined) return;
    const standing = update(stream.standing);
    if (standing !== stream.standing) this.replace({ ...stream, standing });
  }

  /** Nothing happens for a stream that the tile has no more. */
  updateRecord(id: string, update: (record: TroubleRecord) => TroubleRecord): void {
    const stream = this.find(id);
    if (stream !== undefined) this.replace({ ...stream, record: update(stream.record) });
  }

  lose(id: string, evidence: Pick<Evidence, 'cause' | 'sinceMs'>, foundBy: 'watch' | 'player'): void {
    const stream = this.stream(id);
    const isLoss = stream.standing.kind !== 'lost';
    this.replace(lost(stream, evidence, foundBy, this.nowMs));
    if (!isLoss) this.troubled(id);
    else this.updateRecord(id, (record) => withLoss(record, this.nowMs, this.clocksFromMs));
  }

  troubled(id: string): void {
    this.updateRecord(id, (record) => withTrouble(record, this.nowMs, this.clocksFromMs));
  }

  /** One share of the random spread that keeps a wall from stampeding a site (rule 8), ms. */
  drawSpread(): number {
    // The generator known as mulberry32.
    this.seed = (this.seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.seed ^ (this.seed >>> 15), 1 | this.seed);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return (((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * this.policies.spreadMs;
  }
}
