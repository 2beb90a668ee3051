import type { LevelDetails } from 'hls.js';

/** An aligned start keeps at least this much media ahead of the picture, ms, so that the picture does not run dry. */
const CUSHION_MS = 350;
/** The same for a stream that is played part by part, in parts. */
const CUSHION_PARTS = 2;

/**
 * Where an incoming stream starts so that it shows the moment that is on the screen, if its playlist allows that (rule 6).
 * @param dateMs date of that moment, ms since the epoch; `null` where there is none
 * @param byParts whether the stream is played part by part
 * @returns a place on the media's timeline, s; `null` where the playlist does not contain that moment
 */
export function alignedStartS(details: LevelDetails, dateMs: number | null, byParts: boolean): number | null {
  if (dateMs === null) return null;
  const fragment = details.fragments.find(
    ({ programDateTime, duration }) =>
      programDateTime != null && programDateTime <= dateMs && dateMs < programDateTime + duration * 1000,
  );
  if (fragment?.programDateTime == null) return null;
  const latestS = byParts
    ? details.edge - CUSHION_PARTS * details.partTarget
    : details.fragmentEnd - details.targetduration - CUSHION_MS / 1000;
  return Math.min(fragment.start + (dateMs - fragment.programDateTime) / 1000, latestS);
}
