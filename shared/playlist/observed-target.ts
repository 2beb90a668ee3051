import type { MediaPlaylist } from './playlist.ts';

/**
 * T, the observed target duration, ms, above 0: the longest of the declared target duration and of the listed segments.
 * Servers declare what was configured, but cut where the camera sends a key frame.
 */
export function observedTargetMs({ targetDurationMs, segments }: MediaPlaylist): number {
  return longestMs(segments, targetDurationMs);
}

/**
 * The longest of the declared part target and of the listed parts, ms. `null` where no part is listed: a declared part
 * target without parts says nothing about the live edge.
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
