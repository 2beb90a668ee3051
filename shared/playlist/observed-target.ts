import type { MediaPlaylist } from './playlist.ts';

/**
 * T of behaviour.md, ms, above 0: the longest of the target duration that is declared and of the segments that are listed.
 * Servers declare what was configured, and cut where the camera sends a key frame.
 */
export function observedTargetMs({ targetDurationMs, segments }: MediaPlaylist): number {
  return longestMs(segments, targetDurationMs);
}

/**
 * The longest of the part target that is declared and of the parts that are listed, ms. `null` where no part is listed: what a
 * server declares of parts that it does not make says nothing of its live edge.
 */
export function observedPartTargetMs({ partTargetMs, segments, openSegment }: MediaPlaylist): number | null {
  const listedMs = segments.reduce(
    (ms, { parts }) => longestMs(parts, ms),
    longestMs(openSegment?.parts ?? [], 0),
  );
  return listedMs === 0 ? null : Math.max(listedMs, partTargetMs ?? 0);
}

function longestMs(pieces: readonly { readonly durationMs: number }[], leastMs: number): number {
  return pieces.reduce((longest, { durationMs }) => Math.max(longest, durationMs), leastMs);
}
