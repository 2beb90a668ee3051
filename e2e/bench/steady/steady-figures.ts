import { z } from 'zod';

/** Counters of one tile at one time; `null`: not known. */
export interface SteadySample {
  readonly frames: number;
  readonly pictureAgeMs: number | null;
}

/** A wall that was watched without any fault. */
export const steadyFiguresSchema = z.strictObject({
  watchedMs: z.number(),
  /** False changes, in words. There should be none. */
  falseChanges: z.array(z.string()),
  /** Alarms, in words. */
  alarms: z.array(z.string()),
  /** Number of intervals of {@link intervalMs} in which a tile presented nothing new, over all tiles. */
  stills: z.int().min(0),
  intervalMs: z.number(),
  /** Share of the streams' frames in that time that the wall did not present, 0 to 1. */
  missingShare: z.number().min(0).max(1),
  /** Median latency of all tiles in the first third of the time, ms. */
  latencyFirstThirdMs: z.number().nullable(),
  /** Median latency of all tiles in the last third of the time, ms. */
  latencyLastThirdMs: z.number().nullable(),
  /** Largest increase of one tile's latency from the first to the last third, ms; below 0 where it decreased for all. */
  worstDriftMs: z.number().nullable(),
});
export type SteadyFigures = z.infer<typeof steadyFiguresSchema>;
