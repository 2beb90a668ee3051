import type { Extent } from '../suite/extent.ts';

/** `jitter`: every answer 150 ms late, give or take 100; `load`: as many busy processes as cores beside it. */
export const STEADY_CONDITIONS = ['plain', 'jitter', 'load'] as const;
export type SteadyCondition = (typeof STEADY_CONDITIONS)[number];

/** Number of tiles of the wall: the goal is no false change in an hour of 16 tiles. */
export const STEADY_TILES = 16;

/** How long each wall is watched, ms; the full three make an hour. */
export const STEADY_MS: Readonly<Record<Extent, number>> = { quick: 30_000, full: 1_200_000 };
