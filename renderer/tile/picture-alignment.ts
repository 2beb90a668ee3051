import type { TileState } from '../../shared/selector/types.ts';
import type { RunningPlayer } from './tile-players.ts';

/** Usual time of an incoming player from its first playlist to its second frame, ms. */
const START_LEAD_MS = 150;
/** Smaller clock offsets than this are ignored, ms: the error of their measurement by playlist polls is as large. */
const OFFSET_NOISE_MS = 1000;

/**
 * Where the incoming stream should start, epoch ms of its own site's clock, so that its picture is at the shown picture's moment
 * when it is ready (rule 6). `null` without date-times.
 */
export function alignedStartMs(
  shown: RunningPlayer | undefined,
  incomingId: string,
  { streams }: Pick<TileState, 'streams'>,
  nowMs: number,
): number | null {
  if (shown?.newest == null) return null;
  const at = shown.player.programDateTimeMs(shown.newest.mediaTimeS);
  if (at === null) return null;
  const offsetOf = (id: string): number | null =>
    streams.find((stream) => stream.id === id)?.learnedOffsetMs ?? null;
  const incomingOffset = offsetOf(incomingId);
  const shownOffset = offsetOf(shown.streamId);
  const offsetMs = incomingOffset === null || shownOffset === null ? 0 : incomingOffset - shownOffset;
  const sinceFrameMs = nowMs - shown.newest.atMs;
  return at + sinceFrameMs + START_LEAD_MS + (Math.abs(offsetMs) < OFFSET_NOISE_MS ? 0 : offsetMs);
}
