import { z } from 'zod';

/** Of one tile in one interval; `null` is not known. */
export interface SteadySample {
  readonly frames: number;
  readonly pictureAgeMs: number | null;
}

/** A wall that was watched without any fault. */
export const steadyFiguresSchema = z.strictObject({
  watchedMs: z.number(),
  /** In words: none should be there. */
  falseChanges: z.array(z.string()),
  alarms: z.array(z.string()),
  /** Intervals of {@link intervalMs} in which a tile presented nothing new, of all tiles together. */
  stills: z.int().min(0),
  intervalMs: z.number(),
  /** Of the frames that the streams had in that time, 0 to 1. */
  missingShare: z.number().min(0).max(1),
  /** Over all tiles, in the first and the last third of the time, ms. */
  latencyFirstThirdMs: z.number().nullable(),
  latencyLastThirdMs: z.number().nullable(),
  /** The largest such difference of one tile, ms; below 0 where every tile came nearer to live. */
  worstDriftMs: z.number().nullable(),
});
export type SteadyFigures = z.infer<typeof steadyFiguresSchema>;
