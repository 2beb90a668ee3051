import { describe, expect, it } from 'vitest';
import { initialState, step } from '../../shared/selector/selector.ts';
import { firstEvidence } from '../../shared/selector/standing.ts';
import { planned, policiesWith } from '../../shared/selector/testing/fake-tile.ts';
import type { Observation, TileState } from '../../shared/selector/types.ts';
import { BufferGauge } from '../playback/buffer-gauge.ts';
import { FramePace } from '../playback/frame-pace.ts';
import type { Player } from '../playback/player.ts';
import type { StreamWatch } from '../playback/stream-watch.ts';
import { Precautions } from '../window/precautions.ts';
import { ShownPicture } from './shown-picture.ts';
import type { RunningPlayer } from './tile-players.ts';

const STREAM = 'north/main';

/** A shown picture whose buffer a test sets, under a clock that the test moves. */
class Shown {
  nowMs = 0;
  aheadMs = 0;
  /** Why its watch finds the next media late. */
  why: ReturnType<StreamWatch['whyLate']> = { channel: 'media', cause: 'too-slow' };
  readonly observed: Observation[] = [];
  private readonly clock = { now: () => this.nowMs, after: () => () => {} };
  private readonly running: RunningPlayer;
  private state: TileState;
  readonly picture: ShownPicture;

  constructor() {
    this.state = initialState(planned([STREAM]), policiesWith({}), 1, 0);
    this.observe({ type: 'tick', localHour: 12 });
    this.observe({ type: 'presented', playerId: 1 });
    const player: Partial<Player> = {
      bufferAheadMs: () => this.aheadMs,
      targetDurationMs: () => null,
      partTargetMs: () => null,
      mediaIsLate: () => false,
      playlistLoads: () => ({ unansweredMs: 0, unmovedMs: 0 }),
      presentedFrames: () => 0,
    };
    this.running = {
      streamId: STREAM,
      player: player as Player,
      gauge: new BufferGauge(),
      startedAtMs: 0,
      newest: null,
      pace: new FramePace(),
      presented: true,
    };
    this.picture = new ShownPicture({
      clock: this.clock,
      precautions: new Precautions(2),
      state: () => this.state,
      playerOf: () => this.running,
      watchOf: () => ({ confirm: () => {}, whyLate: () => this.why }) as unknown as StreamWatch,
      observe: (observation) => this.observe(observation),
    });
  }

  /** Reads the buffer whenever the picture wants it, and with every heartbeat. @returns how often */
  looks(forMs: number, heartbeatMs = 250): number {
    const endMs = this.nowMs + forMs;
    let looks = 0;
    while (this.nowMs < endMs) {
      this.picture.observeBuffer();
      looks += 1;
      this.nowMs = Math.min(this.picture.bufferWakeMs(), this.nowMs + heartbeatMs);
    }
    return looks;
  }

  /** The evidence against its stream so far. */
  accusation(): ReturnType<typeof firstEvidence> | null {
    const standing = this.state.streams[0]?.standing;
    return standing?.kind === 'suspect' ? firstEvidence(standing.evidence) : null;
  }

  private observe(observation: Observation): void {
    this.observed.push(observation);
    this.state = step(this.state, observation, this.nowMs).state;
  }
}

describe('ShownPicture', () => {
  it('does not read an empty buffer again and again before it knows what is low', () => {
    expect(new Shown().looks(1000)).toBe(4);
  });

  it('reads the buffer just as it becomes low', () => {
    const shown = new Shown();
    shown.aheadMs = 1000;
    shown.looks(20_000);
    shown.aheadMs = 900;
    shown.picture.observeBuffer();
    // A fifth below the usual low of 1000 ms, a moment later.
    expect(shown.picture.bufferWakeMs()).toBe(shown.nowMs + 900 - 800 + 1);
  });

  it.each([
    ['a dry picture by what kept its media away', 0, 'timeout'],
    ['a picture that stalls with media ahead as a stall', 400, 'picture-stall'],
  ])('explains %s', (_words, aheadMs, cause) => {
    const shown = new Shown();
    shown.why = { channel: 'playlist', cause: 'timeout' };
    shown.aheadMs = aheadMs;
    shown.nowMs = 700;
    shown.picture.observeStall();
    expect(shown.observed.at(-1)).toMatchObject({ type: 'picture-stalls', sinceMs: 600 });
    expect(shown.accusation()).toMatchObject({ cause, sinceMs: 600 });
  });

  it('does not read a buffer again and again that stays just above low', () => {
    const shown = new Shown();
    shown.aheadMs = 1000;
    shown.looks(20_000);
    shown.aheadMs = 800;
    expect(shown.looks(1000)).toBeLessThanOrEqual(50);
  });
});
