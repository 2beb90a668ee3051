import { type ListFacts, namesTellApart } from './list-facts.ts';

/** Another node of a site may serve a copy of the playlist that is up to this many segments older. */
const OLDEST_COPY = 3;

/** What a playlist is, compared with the one before it. */
export type Succession =
  /** The same count goes on. */
  | 'goes-on'
  /** The server began to count anew: it was restarted, or the session is a new one. */
  | 'began-anew'
  /** It ends before the one before it, and may be an older copy of it, or a count that has just begun anew. */
  | 'behind';

/**
 * Numbers the segments of a server that begins to count anew as if it had gone on counting. hls.js (1.7.4) would take the new
 * segments for old ones: it waits until their numbers have passed the ones that it knows, refuses the playlist where
 * the same number has another name, and plays the new media by the clock and the initialisation section of the old. So
 * the count goes on where it was, behind a discontinuity.
 */
export class ListNumbering {
  /** The newest one with segments that counted. */
  private before: ListFacts | null = null;
  private behind: ListFacts | null = null;
  /** hls.js's number of a segment is the server's and this. */
  private offset = 0;
  private discontinuityOffset = 0;
  /** As hls.js counts them. */
  private newestDiscontinuity = 0;

  /** @param session whether the playlist is of the session of the one before it */
  follow(next: ListFacts, session: 'same' | 'new'): Succession {
    const { before, behind } = this;
    // A stream without media has nothing to count.
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

  /** hls.js's number of a segment that the server gives this one. */
  numbered(sequence: number): number {
    return sequence + this.offset;
  }

  /** The server's number of a segment that hls.js gives this one. */
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

/** Whether a segment of both has another name: names may stay after a restart, but they do not change without one. */
function isNamedOtherwise(before: ListFacts, next: ListFacts): boolean {
  for (const [number, name] of next.names) {
    const known = before.names.get(number);
    if (known !== undefined && known !== name) return true;
  }
  return false;
}
