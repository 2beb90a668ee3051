import { isFault } from '../../shared/cause.ts';
import { causeSubject, causeWords } from '../../shared/cause-words.ts';
import type { Clock } from '../../shared/clock.ts';
import type { ChangeEntry } from '../../shared/journal/journal-entry.ts';
import type { Change } from '../../shared/selector/types.ts';
import type { PresentedFrame } from '../playback/frame-source.ts';
import { epochMsOf, isoTimeOf } from '../playback/system-clock.ts';
import type { TileSnapshot } from '../stores/tile-snapshot.ts';
import type { RunningPlayer } from './tile-players.ts';
import { plainStreamId } from './tile-streams.ts';

/** The gap of a change is measured until the new picture has run for this long, ms. */
const SETTLE_MS = 1000;
/** A standby that was started earlier than this before the evidence was no precaution for it, ms. */
const LONGEST_LEAD_MS = 10_000;

interface PendingChange {
  readonly change: Change;
  readonly playerId: number;
  /** When the raised player was started, monotonic ms. */
  readonly startedAtMs: number;
  readonly raisedAtMs: number;
  /** Time and program date-time of the newest frame of the picture that was left. */
  readonly left: { readonly atMs: number; readonly programDateTimeMs: number } | null;
  /** The raised player's newest frame at the change: the screen shows it from then on. */
  readonly first: PresentedFrame | null;
  /** The gateway's words at the change for the failure of the stream that was left. */
  readonly words: string | undefined;
  framesSince: number;
}

/**
 * Measures one tile's changes of picture, and writes each to the journal once its gap is known: when the new picture has run
 * for a while, or at once when another change or the tile's end comes first.
 */
export class ChangeRecord {
  private pending: PendingChange | null = null;
  private latest: TileSnapshot['lastChange'] = null;

  constructor(
    private readonly deps: {
      readonly clock: Clock;
      readonly place: () => Pick<ChangeEntry, 'view' | 'tile' | 'camera'>;
      readonly siteName: (streamId: string) => string;
      /** The gateway's words for a stream's failure, where they say more than the cause. */
      readonly wordsOf: (streamId: string, cause: Change['cause']) => string | undefined;
      readonly playerOf: (playerId: number) => RunningPlayer | undefined;
      /** Longest time from frame to frame on the screen between two moments, ms; `null` when no frame is known. */
      readonly longestGapMs: (fromMs: number, toMs: number) => number | null;
      readonly journal: (entry: ChangeEntry) => void;
    },
  ) {}

  /** The last change whose gap is known. */
  get last(): TileSnapshot['lastChange'] {
    return this.latest;
  }

  /** The stream that was left by the change that is being measured: its name will still be needed. */
  get leftStreamId(): string | null {
    return this.pending?.change.from ?? null;
  }

  /**
   * The picture has changed just now.
   *
   * @param raised the player that is on the screen now
   * @param left the player that was there before; `undefined` where no picture moved
   */
  begin(change: Change, playerId: number, raised: RunningPlayer, left: RunningPlayer | undefined): void {
    const leftAt = left?.newest == null ? null : left.player.programDateTimeMs(left.newest.mediaTimeS);
    this.end();
    this.pending = {
      change,
      playerId,
      startedAtMs: raised.startedAtMs,
      raisedAtMs: this.deps.clock.now(),
      left:
        left?.newest == null || leftAt === null
          ? null
          : { atMs: left.newest.atMs, programDateTimeMs: leftAt },
      first: raised.newest,
      words: this.wordsOf(change),
      framesSince: 0,
    };
  }

  /** @returns how many frames the raised picture has shown since the change; 0 where no change is being measured */
  frame(playerId: number): number {
    if (this.pending?.playerId !== playerId) return 0;
    this.pending.framesSince += 1;
    return this.pending.framesSince;
  }

  /** Ends the measurement when the picture has run for long enough. */
  endInTime(): void {
    const { pending } = this;
    // Without a frame since the change, the gap has not ended yet.
    if (pending === null || pending.framesSince === 0) return;
    if (this.deps.clock.now() - pending.raisedAtMs >= SETTLE_MS) this.end();
  }

  /** Ends the measurement now. */
  end(): void {
    const { pending } = this;
    this.pending = null;
    if (pending === null) return;
    const { clock, place, journal } = this.deps;
    const { change, raisedAtMs } = pending;
    const gapMs = this.gapMs(pending);
    this.latest = { atMs: epochMsOf(clock, raisedAtMs), words: this.words(change), gapMs };
    journal({
      kind: 'change',
      ...place(),
      time: isoTimeOf(clock, change.decidedAtMs),
      from: change.from === null ? null : plainStreamId(change.from),
      to: plainStreamId(change.to),
      cause: change.cause,
      firstEvidenceAt: change.firstEvidenceAtMs === null ? null : isoTimeOf(clock, change.firstEvidenceAtMs),
      firstFrameAt: isoTimeOf(clock, raisedAtMs),
      gapMs: gapMs === null ? null : Math.round(gapMs),
      jumpMs: this.jumpMs(pending),
      // When a connection is cut, the gateway's reason may come only with the next try.
      words: this.wordsOf(change) ?? pending.words,
    });
  }

  private gapMs({ change, startedAtMs }: PendingChange): number | null {
    if (change.from === null) return null;
    // The gap is measured from the beginning of the change: a standby that starts can cost the shown picture frames. A
    // standby that was hot long before had no effect on it.
    const beganMs = change.firstEvidenceAtMs ?? change.decidedAtMs;
    const fromMs = beganMs - startedAtMs > LONGEST_LEAD_MS ? beganMs : Math.min(beganMs, startedAtMs);
    return this.deps.longestGapMs(fromMs, this.deps.clock.now());
  }

  /** The change of the picture's program date-time beyond the time that passed, ms. */
  private jumpMs({ playerId, left, first }: PendingChange): number | null {
    if (left === null || first === null) return null;
    const arrivedAt = this.deps.playerOf(playerId)?.player.programDateTimeMs(first.mediaTimeS) ?? null;
    return arrivedAt === null
      ? null
      : Math.round(arrivedAt - left.programDateTimeMs - (first.atMs - left.atMs));
  }

  private wordsOf({ from, cause }: Change): string | undefined {
    return from === null || !isFault(cause) ? undefined : this.deps.wordsOf(from, cause);
  }

  private words({ from, to, cause }: Change): string {
    const { siteName } = this.deps;
    if (from === null) return `${siteName(to)} gave the first picture`;
    const what = `${siteName(causeSubject(cause) === 'to' ? to : from)} ${causeWords(cause)}`;
    if (cause === 'renewed') return what;
    const where = from === to ? `back on ${siteName(to)}` : `${siteName(from)} to ${siteName(to)}`;
    return `${where}: ${what}`;
  }
}
