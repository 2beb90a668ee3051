import type { StreamShape } from './stream-shape.ts';

/**
 * The same fixed epoch in every process, so that origins agree without talking: ms since 1970. Recent, which keeps
 * decode times far below 2^53 ticks; no day or process start, so that nothing ever begins anew.
 */
export const EPOCH_MS = Date.UTC(2020, 0, 1);

/** What every segment's number and time is counted by. */
export interface LiveTimeline {
  /** When segment 0 began, ms since 1970. */
  readonly beginMs: number;
  readonly segmentMs: number;
  /** 1 where segments come whole. */
  readonly partsPerSegment: number;
}

/** How far a stream has got. */
export interface LiveEdge {
  /** The segment that is being made. */
  readonly segment: number;
  /** How many of its parts can be had, from 0 to one less than it will have. */
  readonly parts: number;
}

/** @param beginMs when segment 0 began, ms since 1970 */
export function timelineOf(
  { segmentMs, partMs }: Pick<StreamShape, 'segmentMs' | 'partMs'>,
  beginMs: number,
): LiveTimeline {
  return { beginMs, segmentMs, partsPerSegment: partMs === null ? 1 : Math.round(segmentMs / partMs) };
}

/**
 * What can be had at `nowMs`: a part, or a segment without parts, appears when the whole of it has passed.
 * @throws {RangeError} where the clock stands before the timeline's begin
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

/** The first whole millisecond at which a part can be had, ms since 1970. The last part's is its segment's. */
export function availableAtMs(timeline: LiveTimeline, segment: number, part: number): number {
  const { beginMs, segmentMs, partsPerSegment } = timeline;
  return beginMs + Math.ceil(((segment * partsPerSegment + part + 1) * segmentMs) / partsPerSegment);
}

/** Parts from the edge's next one to the given one: 0 for the next, below 0 for what can be had. */
export function partsAhead(timeline: LiveTimeline, edge: LiveEdge, segment: number, part: number): number {
  return (segment - edge.segment) * timeline.partsPerSegment + part - edge.parts;
}
