import type { MediaPlaylist, OpenSegment, Part, Segment } from './playlist.ts';

/** The end of the newest media in a playlist. Media marked as a gap cannot be fetched and does not count. */
export interface LiveEdge {
  /** Sequence number of the newest segment; the media sequence minus 1 while there is none. */
  readonly sequence: number;
  /** The index of the newest part in that segment, while the segment is incomplete; otherwise null. */
  readonly part: number | null;
  /** When the edge's last frame ends, by the site's clock, ms since 1970; null without date-times. */
  readonly programDateTimeMs: number | null;
  /** Media time from the beginning of the first listed segment to the edge, ms. */
  readonly windowMs: number;
}

/** The position of an edge in its stream, without any clock. */
export type EdgePlace = Pick<LiveEdge, 'sequence' | 'part'>;

export function liveEdge(playlist: MediaPlaylist): LiveEdge {
  // The gateway's playlists skip nothing, but playlists as servers write them may.
  let sequence = playlist.mediaSequence + playlist.skippedSegments - 1;
  let part: number | null = null;
  let programDateTimeMs: number | null = null;
  let windowMs = 0;
  let passedMs = 0;
  const moveTo = (segment: OpenSegment, index: number | null, lengthMs: number): void => {
    sequence = segment.sequence;
    part = index;
    programDateTimeMs = segment.programDateTimeMs === null ? null : segment.programDateTimeMs + lengthMs;
    windowMs = passedMs + lengthMs;
  };
  for (const segment of playlist.segments) {
    if (!segment.gap) moveTo(segment, null, segment.durationMs);
    passedMs += segment.durationMs;
  }
  const open = playlist.openSegment;
  if (open !== null && !open.gap) {
    const last = open.parts.findLastIndex((candidate) => !candidate.gap);
    if (last >= 0) moveTo(open, last, totalMs(open.parts.slice(0, last + 1)));
  }
  return { sequence, part, programDateTimeMs, windowMs };
}

/**
 * The movement of the edge from one playlist to the next of the same stream: `back` is a restart, or an older copy of
 * the playlist. A segment that becomes complete after its last part was listed counts as moved.
 */
export function compareEdge(previous: EdgePlace, next: EdgePlace): 'moved' | 'same' | 'back' {
  const bySegment = next.sequence - previous.sequence;
  if (bySegment !== 0) return bySegment > 0 ? 'moved' : 'back';
  const was = previous.part ?? Number.POSITIVE_INFINITY;
  const is = next.part ?? Number.POSITIVE_INFINITY;
  if (was === is) return 'same';
  return is > was ? 'moved' : 'back';
}

/**
 * Media time by which the edge moved, in milliseconds, by sequence numbers and durations alone; 0 where it did not move, null where
 * it went back. Segments that neither of the two playlists lists count with the mean duration of the listed ones.
 */
export function advancedMs(previous: MediaPlaylist, next: MediaPlaylist): number | null {
  const was = liveEdge(previous);
  const is = liveEdge(next);
  const direction = compareEdge(was, is);
  if (direction === 'back') return null;
  if (direction === 'same') return 0;
  const meanMs =
    next.segments.length === 0 ? next.targetDurationMs : totalMs(next.segments) / next.segments.length;
  const firstListed = next.mediaSequence + next.skippedSegments;
  const lengthOf = (sequence: number): number => {
    const segment = segmentAt(next, sequence);
    if (segment === null) return meanMs;
    if ('durationMs' in segment) return segment.durationMs;
    return totalMs(
      segment.parts.slice(0, sequence === is.sequence && is.part !== null ? is.part + 1 : undefined),
    );
  };
  let advanced = 0;
  if (was.part !== null) {
    const knownMs = totalMs(previous.openSegment?.parts.slice(0, was.part + 1) ?? []);
    advanced += Math.max(0, lengthOf(was.sequence) - knownMs);
  }
  const unseen = Math.max(0, Math.min(firstListed, is.sequence + 1) - was.sequence - 1);
  advanced += unseen * meanMs;
  for (let sequence = was.sequence + 1 + unseen; sequence <= is.sequence; sequence += 1)
    advanced += lengthOf(sequence);
  return advanced;
}

function segmentAt(playlist: MediaPlaylist, sequence: number): Segment | OpenSegment | null {
  if (playlist.openSegment?.sequence === sequence) return playlist.openSegment;
  return playlist.segments[sequence - playlist.mediaSequence - playlist.skippedSegments] ?? null;
}

function totalMs(pieces: readonly (Segment | Part)[]): number {
  return pieces.reduce((sum, piece) => sum + piece.durationMs, 0);
}
