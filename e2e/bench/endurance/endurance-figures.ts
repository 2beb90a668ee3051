import { z } from 'zod';

/**
 * What happens to a wall again and again: its first site goes into maintenance and comes back, or its graphics process is
 * killed.
 */
export type EnduranceTrial = 'back-and-forth' | 'graphics-killed';

/** What is counted, by its words in the report. All have to stay as they are, however long it goes on. */
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
  /** After the first one, ms. */
  atMs: z.number(),
  ...(Object.fromEntries(ENDURANCE_METRIC_NAMES.map((name) => [name, z.number()])) as Record<
    EnduranceMetric,
    z.ZodNumber
  >),
});
export type EnduranceSample = z.infer<typeof sampleSchema>;

export const enduranceFiguresSchema = z.strictObject({
  /** Edits that sent the wall to the other site, or kills. */
  turns: z.int(),
  /** Tiles that were not live where they ought to be when the next one came, of all turns together. */
  left: z.int().min(0),
  changes: z.int().min(0),
  alarms: z.int().min(0),
  memoryMeasure: z.enum(['pss', 'rss']),
  /** One at the end of each turn back to the first site, or of each kill's. */
  samples: z.array(sampleSchema).min(1),
});
export type EnduranceFigures = z.infer<typeof enduranceFiguresSchema>;
