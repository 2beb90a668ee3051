import { compareEdge, type EdgePlace, type LiveEdge } from '../../shared/playlist/live-edge.ts';
import type { MediaPlaylist } from '../../shared/playlist/playlist.ts';
import { declaredDueMs } from '../../shared/proof-due.ts';
import { KnownEdge } from './known-edge.ts';
import { LiveEdgePace, type Trouble } from './live-edge-pace.ts';

/**
 * A player whose numbers are more than this many segments ahead of the watch's has another session with its own numbers.
 */
const SAME_COUNT_SEGMENTS = 1;

/** What one playlist says about a live edge. */
export interface Progress {
  readonly direction: 'first' | 'moved' | 'same' | 'back';
  readonly edge: LiveEdge;
  /** The playlist, with all tags that hold for its segments. */
  readonly playlist: MediaPlaylist;
  /** Duration of the media by which the edge moved, ms; 0 where it did not move. */
  readonly advancedMs: number;
  /** Time since the watch itself saw the previous move, ms; 0 where it saw none. */
  readonly passedMs: number;
  /** The edge moved further than the player has reported: the next move is due from now on. */
  readonly isNews: boolean;
}

/** The moves of a stream's live edge in time, as this watch and a player of the stream see them. */
export class EdgeProgress {
  readonly known = new KnownEdge();
  readonly pace = new LiveEdgePace();
  /** Evidence since the last move. */
  private trouble: Trouble = 'none';
  private lastMoveMs = Number.NEGATIVE_INFINITY;
  /** When the watch itself last saw the edge move, monotonic ms. */
  private readMoveMs = Number.NEGATIVE_INFINITY;
  /** The same, or when the watch saw the edge for the first time. */
  private ownMoveMs = Number.NEGATIVE_INFINITY;
  /** Time of the latest answer in which the edge had not moved, monotonic ms. */
  private unmovedMs = Number.NEGATIVE_INFINITY;
  /** The edge that a player saw after the watch's own latest answer; `null` where it reported none. */
  private credited: EdgePlace | null = null;

  /** @param dueMs when the next move is, or was, due */
  read(playlist: MediaPlaylist, pathname: string, nowMs: number, dueMs: number): Progress {
    const reading = this.known.read(playlist, pathname, nowMs);
    const { credited } = this;
    this.credited = null;
    const hasMoved = reading.direction === 'moved';
    // A player's session may be another one than the watch's, so only the watch's own moves count here.
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
  noteEvidence(trouble: Exclude<Trouble, 'none'>): void {
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
   * How long the edge had been stalled when an answer last showed it unmoved, ms; counted from the first answer where no move was
   * seen. Between two moves the edge of every stream is still.
   */
  stalledMs(): number {
    if (!Number.isFinite(this.unmovedMs)) return 0;
    const fromMs = Number.isFinite(this.lastMoveMs) ? this.lastMoveMs : this.ownMoveMs;
    return Math.max(0, this.unmovedMs - fromMs);
  }

  /** How long the edge has been stalled for the watch, whatever a player sees in its own session, ms. */
  ownStalledMs(nowMs: number): number {
    return nowMs - this.ownMoveMs;
  }

  private noteMove(nowMs: number): void {
    const { known } = this;
    this.pace.moved(nowMs, this.trouble, declaredDueMs(known.targetMs(), known.partTargetMs()));
    this.trouble = 'none';
    this.lastMoveMs = nowMs;
  }
}

/**
 * A move that a player has reported counts from then. Another session's numbers say nothing, but the time of its move does.
 */
function isCreditedAlready(edge: EdgePlace, credited: EdgePlace | null, isInTime: boolean): boolean {
  if (credited === null) return false;
  const isSameCount = credited.sequence <= edge.sequence + SAME_COUNT_SEGMENTS;
  return isSameCount ? compareEdge(credited, edge) !== 'moved' : isInTime;
}
