import type { Clock } from '../../shared/clock.ts';
import type { Quality } from '../../shared/config/config.ts';
import type { Latency } from '../../shared/hot-allotment.ts';
import { BufferGauge } from '../playback/buffer-gauge.ts';
import { FramePace } from '../playback/frame-pace.ts';
import type { PresentedFrame } from '../playback/frame-source.ts';
import type { Player } from '../playback/player.ts';
import type { StartTurn, StartTurns } from '../window/start-turns.ts';

export interface RunningPlayer {
  readonly streamId: string;
  readonly player: Player;
  readonly gauge: BufferGauge;
  /** Monotonic ms. */
  readonly startedAtMs: number;
  newest: PresentedFrame | null;
  readonly pace: FramePace;
  /** Whether the picture moves: a second frame with a later media time came. */
  presented: boolean;
}

/** The players of one tile, by the numbers that its selector gives them. */
export class TilePlayers {
  private readonly running = new Map<number, RunningPlayer>();
  /** The turns of players that wait for their start, or are starting. */
  private readonly turns = new Map<number, StartTurn>();

  constructor(
    private readonly clock: Clock,
    private readonly startTurns: StartTurns,
  ) {}

  /** The players that wait for their turn to start. */
  waiting(): number[] {
    return [...this.turns.keys()].filter((playerId) => !this.running.has(playerId));
  }

  get size(): number {
    return this.running.size;
  }

  /** `undefined` before the player's turn, and after its end. */
  get(playerId: number): RunningPlayer | undefined {
    return this.running.get(playerId);
  }

  /**
   * Starts a player in its turn: a wall that lost its site would otherwise start all its players at once.
   *
   * @param neededAtMs when its picture is needed, monotonic ms
   * @param create called in its turn; returns `null` where there is nothing to play any more
   */
  start(
    playerId: number,
    neededAtMs: number,
    create: () => Pick<RunningPlayer, 'streamId' | 'player'> | null,
  ): void {
    const begin = (): void => {
      const created = create();
      if (created === null) return;
      this.running.set(playerId, {
        ...created,
        gauge: new BufferGauge(),
        startedAtMs: this.clock.now(),
        newest: null,
        pace: new FramePace(),
        presented: false,
      });
    };
    this.turns.set(playerId, this.startTurns.take(neededAtMs, begin));
  }

  /** A byte arrived for a player. */
  progress(playerId: number): void {
    this.turns.get(playerId)?.progress();
  }

  /** Passes the turn on to the next player. A player that still waits for its own never starts. */
  endTurn(playerId: number): void {
    this.turns.get(playerId)?.end();
    this.turns.delete(playerId);
  }

  dispose(playerId: number): void {
    this.endTurn(playerId);
    this.running.get(playerId)?.player.dispose();
    this.running.delete(playerId);
  }

  setLatency(latency: Latency): void {
    for (const { player } of this.running.values()) player.setLatency(latency);
  }

  setVariant(streamId: string, variant: Quality): void {
    for (const running of this.running.values())
      if (running.streamId === streamId) running.player.setVariant(variant);
  }

  disposeAll(): void {
    for (const playerId of [...this.turns.keys()]) this.endTurn(playerId);
    for (const { player } of this.running.values()) player.dispose();
    this.running.clear();
  }
}
