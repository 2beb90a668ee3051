import { z } from 'zod';

const cores = z.number().min(0);
const byKind = z.strictObject({ main: cores, renderer: cores, gpu: cores, utility: cores, other: cores });

/** What one wall cost and gave. */
export const taxFiguresSchema = z.strictObject({
  /** Number of tiles that showed a picture before the measurement began. */
  shown: z.int().min(0),
  /** Number of players that ran at the end, including standbys that play. */
  players: z.int().min(0),
  /** Pictures presented per second and tile, mean over all tiles of the wall, including dark ones. */
  framesPerS: z.number().min(0),
  /** Pictures reported to the page per second and tile, mean over all tiles of the wall. */
  toldPerS: z.number().min(0),
  /** Pictures presented per second by the worst tile. */
  lowestFramesPerS: z.number().min(0),
  /** Frames that were decoded and not presented, per second, sum over all tiles. */
  droppedPerS: z.number().min(0),
  latencyMedianMs: z.number().nullable(),
  latencyP95Ms: z.number().nullable(),
  /** CPU time per second, by kind of process. */
  cores: byKind,
  memoryMeasure: z.enum(['pss', 'rss']),
  /** Memory at the end by kind of process, MB (10^6 bytes). */
  memoryMb: byKind,
});
export type TaxFigures = z.infer<typeof taxFiguresSchema>;
