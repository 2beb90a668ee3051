import { z } from 'zod';

/**
 * What happens to a wall repeatedly: its first site goes into maintenance and comes back, or its graphics process is
 * killed.
 */
export type EnduranceTrial = 'back-and-forth' | 'graphics-killed';

/** The metrics, with their words in the report. No metric may grow, however long a run lasts. */
export const ENDURANCE_METRICS = {
  heapMb: 'page: JavaScript heap after a collection, MB',
  mediaElements: 'page: media elements alive',
  listeners: 'page: event listeners',
  nodes: 'page: DOM nodes',
  mainHeapMb: 'main process: JavaScript heap after a collection, MB',
  timers: 'main process: referenced timers',
  handles: 'main process: other referenced resources',
  mainMb: 'main process: memory, MB',
  rendererMb: 'renderer processes: memory, MB',
  gpuMb: 'GPU process: memory, MB',
  totalMb: 'all processes: memory, MB',
  ownMb: 'all processes: memory but for pages of files, MB',
  sockets: 'connections open at the sites',
} as const;
export type EnduranceMetric = keyof typeof ENDURANCE_METRICS;
export const ENDURANCE_METRIC_NAMES = Object.keys(ENDURANCE_METRICS) as EnduranceMetric[];

const sampleSchema = z.strictObject({
  /** Time of the sample, ms after the start of the first turn. */
  atMs: z.number(),
  ...(Object.fromEntries(ENDURANCE_METRIC_NAMES.map((name) => [name, z.number()])) as Record<
    EnduranceMetric,
    z.ZodNumber
  >),
});
export type EnduranceSample = z.infer<typeof sampleSchema>;

export const enduranceFiguresSchema = z.strictObject({
  /** Number of edits, each of which sent the wall from one site to the other, or number of kills. */
  turns: z.int(),
  /** Sum over all turns of the tiles that were not live from the right site when the next turn came. */
  left: z.int().min(0),
  changes: z.int().min(0),
  alarms: z.int().min(0),
  memoryMeasure: z.enum(['pss', 'rss']),
  /** One sample at the end of each turn back to the first site, or of each turn with a kill. */
  samples: z.array(sampleSchema).min(1),
});
export type EnduranceFigures = z.infer<typeof enduranceFiguresSchema>;
