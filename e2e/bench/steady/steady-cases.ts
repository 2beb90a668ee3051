import type { Extent } from '../suite/extent.ts';

/** `jitter`: every answer is 150 ± 100 ms late; `load`: there is a busy process for each core beside the wall. */
export const STEADY_CONDITIONS = ['plain', 'jitter', 'load'] as const;
export type SteadyCondition = (typeof STEADY_CONDITIONS)[number];

/** Number of tiles of the wall: the goal is no false change in an hour of 16 tiles. */
export const STEADY_TILES = 16;

/** How long each wall is watched, ms. The three walls of a full run make an hour. */
export const STEADY_MS: Readonly<Record<Extent, number>> = { quick: 30_000, full: 1_200_000 };
