import type { MediaPlaylist, OpenSegment, Part, Segment } from './playlist.ts';

/** A segment or part, with what is needed to fetch and inspect it. */
export interface MediaPiece extends Pick<Segment, 'uri' | 'byteRange' | 'durationMs' | 'map' | 'encryption'> {
  /** Number of the segment that it is, or that it is a part of. */
  readonly sequence: number;
  /** Index within the segment; `null` for a whole segment. */
  readonly part: number | null;
}

/** What can be fetched up to the live edge, newest first: the open segment's parts, then whole segments. */
export function newestMedia({ openSegment, segments }: MediaPlaylist): MediaPiece[] {
  return [...(openSegment === null ? [] : partsOf(openSegment, () => true)), ...whole(segments)];
}

/** Where a player can begin, newest first: parts that the playlist calls independent, then whole segments. */
export function placesToBegin({ openSegment, segments }: MediaPlaylist): MediaPiece[] {
  const independent = openSegment === null ? [] : partsOf(openSegment, (part) => part.independent);
  return [...independent, ...whole(segments)];
}

function partsOf(open: OpenSegment, wanted: (part: Part) => boolean): MediaPiece[] {
  return open.parts
    .flatMap((part, index) => (part.gap || open.gap || !wanted(part) ? [] : [pieceOf(part, open, index)]))
    .reverse();
}

function whole(segments: readonly Segment[]): MediaPiece[] {
  return segments
    .filter(({ gap }) => !gap)
    .map((segment) => pieceOf(segment, segment, null))
    .reverse();
}

function pieceOf(
  { uri, byteRange, durationMs }: Part | Segment,
  { sequence, map, encryption }: OpenSegment,
  part: number | null,
): MediaPiece {
  return { uri, byteRange, durationMs, map, encryption, sequence, part };
}
