import { compareEdge, type EdgePlace, type LiveEdge } from '../../shared/playlist/live-edge.ts';
import type { MediaPlaylist } from '../../shared/playlist/playlist.ts';
import { declaredDueMs } from '../../shared/proof-due.ts';
import { KnownEdge } from './known-edge.ts';
import { LiveEdgePace, type Trouble } from './live-edge-pace.ts';

/** A player that counts further than this many segments ahead of the watch has another session, with its own numbers. */
const SAME_COUNT_SEGMENTS = 1;

/** What a playlist tells of a live edge. */
export interface Progress {
  readonly direction: 'first' | 'moved' | 'same' | 'back';
  readonly edge: LiveEdge;
  /** With all that holds for its segments. */
  readonly playlist: MediaPlaylist;
  /** Media by which the edge moved, ms; 0 unless it moved. */
  readonly advancedMs: number;
  /** Time since the watch itself saw the move before, ms; 0 where it saw none. */
  readonly passedMs: number;
  /** It moved, and further than its player has told: the next move is due from now on. */
  readonly isNews: boolean;
}

/** How a stream's live edge moves in time, as this watch and a player of the stream see it. */
export class EdgeProgress {
  readonly known = new KnownEdge();
  readonly pace = new LiveEdgePace();
  /** Since the last move. */
  private trouble: Trouble = 'none';
  private lastMoveMs = Number.NEGATIVE_INFINITY;
  /** When the watch itself saw the edge move. */
  private readMoveMs = Number.NEGATIVE_INFINITY;
  /** The same, or when it saw the edge for the first time. */
  private ownMoveMs = Number.NEGATIVE_INFINITY;
  /** The latest answer whose edge had not moved. */
  private unmovedMs = Number.NEGATIVE_INFINITY;
  /** What a player saw after the watch's own latest answer; `null` where it told of nothing. */
  private credited: EdgePlace | null = null;

  /** @param dueMs when the next move is, or was, due */
  read(playlist: MediaPlaylist, pathname: string, nowMs: number, dueMs: number): Progress {
    const reading = this.known.read(playlist, pathname, nowMs);
    const { credited } = this;
    this.credited = null;
    const hasMoved = reading.direction === 'moved';
    // What a player sees of its own session is no part of what this one has told.
    const passedMs = hasMoved && Number.isFinite(this.readMoveMs) ? nowMs - this.readMoveMs : 0;
    if (hasMoved) this.readMoveMs = nowMs;
    if (reading.direction === 'same') this.unmovedMs = nowMs;
    else this.ownMoveMs = nowMs;
    const isNews = hasMoved && !isCreditedAlready(reading.edge, credited, nowMs < dueMs);
    if (isNews) this.noteMove(nowMs);
    return { ...reading, passedMs, isNews };
  }

  /** A player of the stream saw the edge move. */
  credit(place: EdgePlace, nowMs: number): void {
    this.credited = place;
    this.noteMove(nowMs);
  }

  /** Evidence was found. */
  accuse(trouble: Exclude<Trouble, 'none'>): void {
    if (this.trouble !== 'outage') this.trouble = trouble;
  }

  /** Usual time from one move to the next, ms. */
  expectedMs(): number {
    return this.known.partTargetMs() ?? this.known.targetMs();
  }

  /** Time from one move until the next is due, ms. */
  dueAfterMs(): number {
    return this.pace.dueAfterMs(this.known.targetMs(), this.known.partTargetMs());
  }

  /**
   * How long the edge had stood when it was last seen not to have moved, ms; since it was first seen where no move was. Asked
   * between two moves, it stands in any stream.
   */
  stoodMs(): number {
    if (!Number.isFinite(this.unmovedMs)) return 0;
    const fromMs = Number.isFinite(this.lastMoveMs) ? this.lastMoveMs : this.ownMoveMs;
    return Math.max(0, this.unmovedMs - fromMs);
  }

  /** How long it has stood for the watch, whatever a player sees of its own session, ms. */
  stoodAloneMs(nowMs: number): number {
    return nowMs - this.ownMoveMs;
  }

  private noteMove(nowMs: number): void {
    const { known } = this;
    this.pace.moved(nowMs, this.trouble, declaredDueMs(known.targetMs(), known.partTargetMs()));
    this.trouble = 'none';
    this.lastMoveMs = nowMs;
  }
}

/** What a player saw before counts from then. Another session's numbers tell nothing, but the time of its move does. */
function isCreditedAlready(edge: EdgePlace, credited: EdgePlace | null, isInTime: boolean): boolean {
  if (credited === null) return false;
  const isSameCount = credited.sequence <= edge.sequence + SAME_COUNT_SEGMENTS;
  return isSameCount ? compareEdge(credited, edge) !== 'moved' : isInTime;
}
