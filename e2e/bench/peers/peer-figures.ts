import { z } from 'zod';

const tileFigures = z.strictObject({
  tile: z.int().min(1),
  /**
   * Time from the fault until the picture came from the other site to stay, ms; `null`: it did not within the time limit.
   */
  recoveredMs: z.number().nullable(),
  /** Longest time without a new picture from the fault until a second after the recovery, ms; `null` without recovery. */
  gapMs: z.number().nullable(),
  /** Number of looks in which the picture was blank. */
  blankLooks: z.int().min(0),
  /** Longest time for which the picture was blank without an interruption, ms. */
  blankMs: z.number().min(0),
  /** Time from the fault's end to the return to the first site, ms; `null`: it did not come, or the run did not wait. */
  returnedMs: z.number().nullable(),
});
export type PeerTileFigures = z.infer<typeof tileFigures>;

/** What one contender did about one fault. */
export const peerFiguresSchema = z.strictObject({
  tiles: z.array(tileFigures).min(1),
  /** Time limit for a tile's recovery, ms. */
  giveUpMs: z.number(),
  returns: z.enum(['waited-for', 'not-waited-for']),
});
export type PeerFigures = z.infer<typeof peerFiguresSchema>;
