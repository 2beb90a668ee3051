import type { HlsConfig } from 'hls.js';
import type { Tuning } from '../peer-players.ts';

/** Time-out of the first byte, ms: one and a half segments of 1 s. */
const FIRST_BYTE_MS = 1500;
/** Time-out of a whole answer, ms: three segments of 1 s. */
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
 * `default`: the defaults of hls.js, with low latency. `tuned`: as API.md says about `fragLoadPolicy` and the other policies:
 * "Consider modifying loading policies to best fit your asset and network conditions". `liveSyncDurationCount` keeps its
 * default of 3, because a smaller buffer would only make gaps longer. A stall does not move the tile from the live edge.
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
