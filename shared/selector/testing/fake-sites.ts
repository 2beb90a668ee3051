import type { EvidenceCause } from '../../cause.ts';
import { FakeTile } from './fake-tile.ts';

/** How often the sites and players are looked at, ms. */
const GRAIN_MS = 200;
/** Media that a player still has when its stream goes down, ms. */
const BUFFER_MS = 1500;
/** A watch reports a stream that is down this often, ms. */
const PROBE_MS = 600;

export interface Outage {
  readonly streamId: string;
  readonly fromMs: number;
  readonly lastsMs: number;
  readonly cause: EvidenceCause;
}

interface FakePlayback {
  readonly playerId: number;
  readonly startedAtMs: number;
  presented: boolean;
  stalled: boolean;
  /** When its stream went down; `null` while it is up. */
  downSinceMs: number | null;
}

/**
 * Sites whose streams are down at given times, and players that load from them: they present after a while,
 * run dry when their stream is down and go on when it is back.
 */
export class FakeSites {
  readonly tile: FakeTile;
  private readonly playbacks = new Map<number, FakePlayback>();

  constructor(
    private readonly streamIds: readonly string[],
    private readonly outages: readonly Outage[],
    /** From a player's start to its second frame, ms. */
    private readonly presentsAfterMs: number,
    policies: ConstructorParameters<typeof FakeTile>[1],
    seed: number,
  ) {
    this.tile = new FakeTile(streamIds, policies, seed);
    this.tile.goLive(streamIds);
  }

  /** @param look is called every {@link GRAIN_MS}, after everything that happens then */
  run(untilMs: number, look: () => void = () => {}): void {
    while (this.tile.nowMs < untilMs) {
      this.tile.pass(GRAIN_MS);
      for (const id of this.streamIds) this.tellOfStream(id);
      for (const id of this.tile.playing()) this.tellOfPlayer(id);
      look();
    }
  }

  private outageOf(streamId: string): Outage | null {
    const { nowMs } = this.tile;
    const covers = ({ fromMs, lastsMs }: Outage): boolean => nowMs >= fromMs && nowMs < fromMs + lastsMs;
    return this.outages.find((outage) => outage.streamId === streamId && covers(outage)) ?? null;
  }

  private tellOfStream(streamId: string): void {
    const outage = this.outageOf(streamId);
    if (outage === null) {
      if (!this.tile.isLive(streamId)) this.tile.goLive([streamId]);
    } else if (this.tile.isLive(streamId) || this.tile.nowMs % PROBE_MS === 0)
      this.tile.fail(streamId, outage.cause);
  }

  private tellOfPlayer(streamId: string): void {
    const { tile } = this;
    // A report about an earlier player may have ended this one.
    if (!tile.playing().includes(streamId)) return;
    const playerId = tile.playerOf(streamId);
    const outage = this.outageOf(streamId);
    const playback = this.playbacks.get(playerId) ?? {
      playerId,
      startedAtMs: tile.nowMs,
      presented: false,
      stalled: false,
      downSinceMs: null,
    };
    this.playbacks.set(playerId, playback);
    playback.downSinceMs = outage === null ? null : (playback.downSinceMs ?? tile.nowMs);
    if (!playback.presented) {
      if (outage !== null) tile.failPlayer(streamId, outage.cause);
      else if (tile.nowMs - playback.startedAtMs >= this.presentsAfterMs) {
        playback.presented = true;
        tile.present(streamId);
      }
      return;
    }
    const dryAtMs = playback.downSinceMs === null ? null : playback.downSinceMs + BUFFER_MS;
    const stalled = dryAtMs !== null && tile.nowMs >= dryAtMs;
    if (stalled === playback.stalled) return;
    playback.stalled = stalled;
    tile.observe(
      dryAtMs !== null && stalled
        ? { type: 'picture-stalls', playerId, sinceMs: dryAtMs }
        : { type: 'picture-moves', playerId },
    );
  }
}
