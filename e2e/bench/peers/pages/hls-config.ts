import type { HlsConfig } from 'hls.js';
import type { Tuning } from '../peer-players.ts';

/** Of 1 s segments: one and a half for the first byte, three for all of it. Milliseconds. */
const FIRST_BYTE_MS = 1500;
const LOAD_MS = 3000;

const AT_ONCE = {
  default: {
    maxTimeToFirstByteMs: FIRST_BYTE_MS,
    maxLoadTimeMs: LOAD_MS,
    timeoutRetry: null,
    errorRetry: null,
  },
} as const;

/**
 * `default`: what hls.js ships, low latency included. `tuned`: API.md, `fragLoadPolicy` and its likes: "Consider modifying
 * loading policies to best fit your asset and network conditions"; `liveSyncDurationCount` stays at its 3, for less of
 * a buffer would only make gaps longer, and a stall does not push the tile from the live edge.
 */
export function hlsConfig(tuning: Tuning): Partial<HlsConfig> {
  if (tuning === 'default') return {};
  return {
    manifestLoadPolicy: AT_ONCE,
    playlistLoadPolicy: AT_ONCE,
    fragLoadPolicy: AT_ONCE,
    liveSyncOnStallIncrease: 0,
    backBufferLength: 8,
    testBandwidth: false,
  };
}
