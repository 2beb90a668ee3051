/** Media between an aligned start and the live edge: with less the buffer is empty before the next piece is there. */
const LEAST_TARGETS = 1.5;
const LEAST_PARTS = 3;

/**
 * Whether a player can start at a moment that is `behindMs` before its live edge (rule 6, "where its window allows").
 * The shown stream may be closer to its own edge than this one can be: it may have shorter segments.
 * @param targetMs target duration of the stream
 * @param partTargetMs its longest part; `null` without parts
 */
export function canStartBehind(behindMs: number, targetMs: number, partTargetMs: number | null): boolean {
  return behindMs >= (partTargetMs === null ? LEAST_TARGETS * targetMs : LEAST_PARTS * partTargetMs);
}
