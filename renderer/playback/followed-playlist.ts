import type { LevelDetails } from 'hls.js';
import type { Clock } from '../../shared/clock.ts';
import { compareEdge, type EdgePlace } from '../../shared/playlist/live-edge.ts';
import type { PlaylistLoads } from './player.ts';
import type { PlaylistSession } from './playlist-session.ts';

/** A playlist compared with the one before. Only a step forwards is `moved`: an older copy proves nothing. */
export type PlaylistStep = 'first' | 'moved' | 'unmoved';

/** What the playlists of a player say, one after the other. */
export class FollowedPlaylist {
  /** The newest one; `null` before the first. */
  details: LevelDetails | null = null;
  /** Whether a playlist has come since the jump to the live edge. */
  private edge: 'known' | 'awaited' = 'known';
  /** A picture before this place belongs to numbering that has ended, so its place does not say how old it is, s. */
  private comparableFromS = Number.NEGATIVE_INFINITY;
  private edgeMovedAtMs = 0;
  /** When the pending playlist was requested, monotonic ms; `null` where none is pending. */
  private askedAtMs: number | null = null;
  private unmovedMs = 0;
  /** Whether the newest playlist has an EXT-X-ENDLIST. */
  private ended = false;
  /** Nothing may follow an EXT-X-ENDLIST, but this server continues after it. */
  private goesOnAfterEnd = false;

  constructor(
    private readonly session: Pick<PlaylistSession, 'hasEnded' | 'longestMs' | 'serverNumber'>,
    private readonly clock: Pick<Clock, 'now'>,
  ) {}

  /** The next playlist is the first one of another timeline. */
  beginAnew(): void {
    this.details = null;
    this.comparableFromS = Number.NEGATIVE_INFINITY;
    this.ended = false;
  }

  /** The distance behind the live edge is not known before the next playlist, which is requested at once. */
  awaitEdge(): void {
    this.edge = 'awaited';
    // hls.js would wait until the time that it had planned.
    if (this.details !== null) this.details.requestScheduled = -1;
  }

  asked(): void {
    this.askedAtMs = this.clock.now();
  }

  failed(): void {
    this.askedAtMs = null;
  }

  came(details: LevelDetails): PlaylistStep {
    const previous = this.details;
    this.details = details;
    this.askedAtMs = null;
    this.edge = 'known';
    const nowMs = this.clock.now();
    const hasMoved = previous === null || compareEdge(edgeOf(previous), edgeOf(details)) === 'moved';
    if (hasMoved) this.edgeMovedAtMs = nowMs;
    this.unmovedMs = nowMs - this.edgeMovedAtMs;
    if (previous !== null && countsAnew(previous, details)) this.comparableFromS = details.fragmentStart;
    if (previous !== null && hasMoved && this.ended) this.goesOnAfterEnd = true;
    this.ended = this.session.hasEnded();
    if (previous === null) return 'first';
    return hasMoved ? 'moved' : 'unmoved';
  }

  /** Whether the stream has ended, as far as this server can be believed. */
  isOver(): boolean {
    return this.ended && !this.goesOnAfterEnd;
  }

  /** @param pictureS the place of the picture; `null` before the first one */
  behindLiveMs(pictureS: number | null): number | null {
    if (this.details === null || pictureS === null || this.edge === 'awaited') return null;
    if (pictureS < this.comparableFromS) return null;
    // The age counts from the last move of the edge: a playlist that does not move does not make a tile live.
    return (this.details.edge - pictureS) * 1000 + this.clock.now() - this.edgeMovedAtMs;
  }

  targetDurationMs(): number | null {
    if (this.details === null) return null;
    return Math.max(this.details.targetduration * 1000, this.session.longestMs());
  }

  partTargetMs(): number | null {
    return this.details === null || this.details.partTarget === 0 ? null : this.details.partTarget * 1000;
  }

  programDateTimeMs(placeS: number): number | null {
    const fragment = this.details?.fragments.findLast(({ start }) => start <= placeS);
    if (fragment?.programDateTime == null) return null;
    return fragment.programDateTime + (placeS - fragment.start) * 1000;
  }

  /** Where the segment at a place ends, s; the place itself where the playlist does not have the whole segment. */
  segmentEndS(placeS: number): number {
    const fragment = this.details?.fragments.findLast(({ start }) => start <= placeS);
    return fragment === undefined ? placeS : Math.max(placeS, fragment.start + fragment.duration);
  }

  loads(): PlaylistLoads {
    if (this.askedAtMs === null) return { unansweredMs: 0, unmovedMs: this.unmovedMs };
    // The answer to a blocking reload comes with the next part or segment (RFC 8216bis, 6.2.5.2).
    const { canBlockReload = false, partTarget = 0, targetduration = 0 } = this.details ?? {};
    const heldMs = canBlockReload ? (partTarget || targetduration) * 1000 : 0;
    const unansweredMs = Math.max(0, this.clock.now() - this.askedAtMs - heldMs);
    return { unansweredMs, unmovedMs: this.unmovedMs };
  }

  /** The live edge in the server's own numbers. */
  edgeOf(details: LevelDetails): EdgePlace {
    const { sequence, part } = edgeOf(details);
    return { sequence: this.session.serverNumber(sequence), part };
  }
}

/** The live edge in hls.js's numbers. */
function edgeOf({ endSN, lastPartSn, lastPartIndex }: LevelDetails): EdgePlace {
  return lastPartSn > endSN && lastPartIndex >= 0
    ? { sequence: lastPartSn, part: lastPartIndex }
    : { sequence: endSN, part: null };
}

/** Whether the whole playlist is behind a discontinuity, so that only the end of the previous playlist gives it a place. */
function countsAnew(previous: LevelDetails, next: LevelDetails): boolean {
  const first = next.fragments[0];
  return first !== undefined && first.sn > previous.endSN && first.cc > previous.endCC;
}
