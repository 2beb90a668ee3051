import { z } from 'zod';

const cores = z.number().min(0);
const byKind = z.strictObject({ main: cores, renderer: cores, gpu: cores, utility: cores, other: cores });

/** What one wall cost and gave. */
export const taxFiguresSchema = z.strictObject({
  /** Tiles that showed a picture before the measurement began. */
  shown: z.int().min(0),
  /** That ran at the end, standbys that play among them. */
  players: z.int().min(0),
  /** Pictures presented per second and tile, over all tiles of the wall, dark ones as well. */
  framesPerS: z.number().min(0),
  /** Those of them that were reported to the page. */
  toldPerS: z.number().min(0),
  /** Of the worst tile. */
  lowestFramesPerS: z.number().min(0),
  /** Frames decoded and not presented, per second, of all tiles together. */
  droppedPerS: z.number().min(0),
  latencyMedianMs: z.number().nullable(),
  latencyP95Ms: z.number().nullable(),
  /** CPU time per second. */
  cores: byKind,
  memoryMeasure: z.enum(['pss', 'rss']),
  /** At the end, MB (10^6 bytes). */
  memoryMb: byKind,
});
export type TaxFigures = z.infer<typeof taxFiguresSchema>;
