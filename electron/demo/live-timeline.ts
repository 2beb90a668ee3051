import type { StreamShape } from './stream-shape.ts';

/**
 * A fixed epoch, the same in every process, so that origins agree without talking: ms since 1970. It is recent, so that
 * decode times stay far below 2^53 ticks. It is neither a day nor a process start, so that numbers never begin again.
 */
export const EPOCH_MS = Date.UTC(2020, 0, 1);

/** The basis of every segment's number and time. */
export interface LiveTimeline {
  /** Start of segment 0, ms since 1970. */
  readonly beginMs: number;
  readonly segmentMs: number;
  /** 1 for segments without parts. */
  readonly partsPerSegment: number;
}

/** How far a stream has got. */
export interface LiveEdge {
  /** The segment in progress. */
  readonly segment: number;
  /** Number of its available parts, from 0 to one less than it will have. */
  readonly parts: number;
}

/** @param beginMs start of segment 0, ms since 1970 */
export function timelineOf(
  { segmentMs, partMs }: Pick<StreamShape, 'segmentMs' | 'partMs'>,
  beginMs: number,
): LiveTimeline {
  return { beginMs, segmentMs, partsPerSegment: partMs === null ? 1 : Math.round(segmentMs / partMs) };
}

/**
 * The live edge at `nowMs`: a part, or a segment without parts, becomes available when all of it has passed.
 * @throws {RangeError} where the clock is before the timeline's beginning
 */
export function edgeAt(timeline: LiveTimeline, nowMs: number): LiveEdge {
  const { beginMs, segmentMs, partsPerSegment } = timeline;
  const parts = Math.floor(((nowMs - beginMs) * partsPerSegment) / segmentMs);
  if (!(parts >= 0))
    throw new RangeError(
      `The clock says ${nowMs} ms since 1970, but live segments are counted from ${new Date(beginMs).toISOString()}`,
    );
  return { segment: Math.floor(parts / partsPerSegment), parts: parts % partsPerSegment };
}

/** The first whole millisecond at which a part is available, ms since 1970. For the last part it is the segment's. */
export function availableAtMs(timeline: LiveTimeline, segment: number, part: number): number {
  const { beginMs, segmentMs, partsPerSegment } = timeline;
  return beginMs + Math.ceil(((segment * partsPerSegment + part + 1) * segmentMs) / partsPerSegment);
}

/** Number of parts from the edge's next one to the given one: 0 for the next, negative for available ones. */
export function partsAhead(timeline: LiveTimeline, edge: LiveEdge, segment: number, part: number): number {
  return (segment - edge.segment) * timeline.partsPerSegment + part - edge.parts;
}
