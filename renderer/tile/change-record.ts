import { isFault } from '../../shared/cause.ts';
import { causeSubject, causeWords } from '../../shared/cause-words.ts';
import type { ChangeEntry } from '../../shared/journal/journal-entry.ts';
import type { Change } from '../../shared/selector/types.ts';
import { type Clock, epochMsOf, isoTimeOf } from '../playback/clock.ts';
import type { PresentedFrame } from '../playback/frame-source.ts';
import type { TileSnapshot } from '../stores/tile-snapshot.ts';
import type { RunningPlayer } from './tile-players.ts';
import { plainStreamId } from './tile-streams.ts';

/** After a change the gap is measured until the new picture has run this long, ms. */
const SETTLE_MS = 1000;
/** A standby is started as a precaution by less than this before the evidence, ms. */
const LONGEST_LEAD_MS = 10_000;

interface PendingChange {
  readonly change: Change;
  readonly playerId: number;
  /** When the raised player was started. */
  readonly startedAtMs: number;
  readonly raisedAtMs: number;
  /** The picture that was left: its newest frame and that frame's program date-time. */
  readonly left: { readonly atMs: number; readonly programDateTimeMs: number } | null;
  /** The raised player's newest frame then: what the screen showed from the raise on. */
  readonly first: PresentedFrame | null;
  /** What the gateway had said then of the stream that was left. */
  readonly words: string | undefined;
  framesSince: number;
}

/**
 * Measures one tile's changes of picture and tells the journal of each, once its gap is known: when the new picture has
 * run for a while, or when another change or the tile's end cuts that short.
 */
export class ChangeRecord {
  private pending: PendingChange | null = null;
  private told: TileSnapshot['lastChange'] = null;

  constructor(
    private readonly deps: {
      readonly clock: Clock;
      readonly place: () => Pick<ChangeEntry, 'view' | 'tile' | 'camera'>;
      readonly siteName: (streamId: string) => string;
      /** What the gateway said of a stream's failure, where that is more than the cause says. */
      readonly wordsOf: (streamId: string, cause: Change['cause']) => string | undefined;
      readonly playerOf: (playerId: number) => RunningPlayer | undefined;
      /** Longest time from frame to frame on the screen between two moments, ms; `null` when no frame is known. */
      readonly longestGapMs: (fromMs: number, toMs: number) => number | null;
      readonly journal: (entry: ChangeEntry) => void;
    },
  ) {}

  /** The latest that is measured. */
  get last(): TileSnapshot['lastChange'] {
    return this.told;
  }

  /** The stream that is left by the change being measured: it is still to be named. */
  get leftStreamId(): string | null {
    return this.pending?.change.from ?? null;
  }

  /**
   * The picture has changed just now.
   *
   * @param raised now on the screen
   * @param left was there before; `undefined` where no picture moved
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

  /** @returns how many frames the raised picture has shown since the change; 0 where none is being measured */
  frame(playerId: number): number {
    if (this.pending?.playerId !== playerId) return 0;
    this.pending.framesSince += 1;
    return this.pending.framesSince;
  }

  /** Ends the measuring where the picture has run for long enough. */
  endInTime(): void {
    const { pending } = this;
    // A raised picture that stands still at once has not ended the gap yet.
    if (pending === null || pending.framesSince === 0) return;
    if (this.deps.clock.now() - pending.raisedAtMs >= SETTLE_MS) this.end();
  }

  /** Ends the measuring as it stands. */
  end(): void {
    const { pending } = this;
    this.pending = null;
    if (pending === null) return;
    const { clock, place, journal } = this.deps;
    const { change, raisedAtMs } = pending;
    const gapMs = this.gapMs(pending);
    this.told = { atMs: epochMsOf(clock, raisedAtMs), words: this.words(change), gapMs };
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
      // A connection may be cut before its next try is told why.
      words: this.wordsOf(change) ?? pending.words,
    });
  }

  private gapMs({ change, startedAtMs }: PendingChange): number | null {
    if (change.from === null) return null;
    // From the first thing that the change did: a standby that starts can cost the shown picture frames. One that
    // was hot long before had no part in it.
    const beganMs = change.firstEvidenceAtMs ?? change.decidedAtMs;
    const fromMs = beganMs - startedAtMs > LONGEST_LEAD_MS ? beganMs : Math.min(beganMs, startedAtMs);
    return this.deps.longestGapMs(fromMs, this.deps.clock.now());
  }

  /** By how much the picture's program date-time went on beyond the time that passed, ms. */
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
