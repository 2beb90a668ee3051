import { type ListFacts, namesTellApart } from './list-facts.ts';

/** Another node of a site may serve a copy of the playlist that is older by up to this many segments. */
const OLDEST_COPY = 3;

/** How a playlist continues the previous one. */
export type Succession =
  /** The same numbering continues. */
  | 'goes-on'
  /** The server restarted its numbering: the server was restarted, or the session is new. */
  | 'began-anew'
  /** It ends before the previous one. It may be an older copy, or the beginning of new numbering. */
  | 'behind';

/**
 * Numbers the segments of a server that restarts its numbering as if it had continued. hls.js (1.7.4) would take the new
 * segments for old ones: it waits until their numbers have passed the known ones, refuses the playlist where the same number
 * has another name, and plays the new media with the clock and the initialisation section of the old. So the numbers continue,
 * behind a discontinuity.
 */
export class ListNumbering {
  /** The newest playlist with segments that counted. */
  private before: ListFacts | null = null;
  private behind: ListFacts | null = null;
  /** Add this to the server's number of a segment to get hls.js's number. */
  private offset = 0;
  private discontinuityOffset = 0;
  /** The newest discontinuity as hls.js counts them. */
  private newestDiscontinuity = 0;

  /** @param session whether the playlist belongs to the same session as the previous one */
  follow(next: ListFacts, session: 'same' | 'new'): Succession {
    const { before, behind } = this;
    // A stream without media has nothing to number.
    if (next.names.size === 0) return 'goes-on';
    const succession = before === null ? 'goes-on' : successionOf(before, next, session);
    if (before !== null && succession === 'behind') {
      const hasMovedOn = behind !== null && next.lastSequence > behind.lastSequence;
      if (!hasMovedOn || before.lastSequence - next.lastSequence <= OLDEST_COPY) {
        this.behind = next;
        return 'behind';
      }
    }
    const isAnew = before !== null && succession !== 'goes-on';
    if (isAnew) {
      this.offset += before.lastSequence + 1 - next.sequence;
      this.discontinuityOffset = this.newestDiscontinuity + 1 - next.discontinuitySequence;
    }
    this.before = next;
    this.behind = null;
    this.newestDiscontinuity = Math.max(
      this.newestDiscontinuity,
      this.numberedDiscontinuity(next.discontinuitySequence + next.discontinuities),
    );
    return isAnew ? 'began-anew' : 'goes-on';
  }

  /** hls.js's number of a segment with this number of the server's. */
  numbered(sequence: number): number {
    return sequence + this.offset;
  }

  /** The server's number of a segment with this number of hls.js's. */
  serverNumber(sequence: number): number {
    return sequence - this.offset;
  }

  numberedDiscontinuity(sequence: number): number {
    return sequence + this.discontinuityOffset;
  }
}

function successionOf(before: ListFacts, next: ListFacts, session: 'same' | 'new'): Succession {
  if (isNamedOtherwise(before, next)) return 'began-anew';
  if (session === 'new' && !namesTellApart(next)) return 'began-anew';
  if (next.lastSequence >= before.lastSequence) return 'goes-on';
  if (session === 'new' || next.lastSequence < before.sequence) return 'began-anew';
  return 'behind';
}

/**
 * Whether a segment in both playlists has different names. Names may stay after a restart, but do not change without one.
 */
function isNamedOtherwise(before: ListFacts, next: ListFacts): boolean {
  for (const [number, name] of next.names) {
    const known = before.names.get(number);
    if (known !== undefined && known !== name) return true;
  }
  return false;
}
