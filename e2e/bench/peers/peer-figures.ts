import { z } from 'zod';

const tileFigures = z.strictObject({
  tile: z.int().min(1),
  /**
   * From the fault until the picture came from the other site for good, ms; `null`: not in the time that it was given.
   */
  recoveredMs: z.number().nullable(),
  /** Longest time without a new picture from the fault until a second after the recovery, ms; `null` without recovery. */
  gapMs: z.number().nullable(),
  /** In how many looks the picture was blank, and for how long at most at a stretch, ms. */
  blankLooks: z.int().min(0),
  blankMs: z.number().min(0),
  /** From the fault's end until the picture came from the first site again, ms; `null`: it did not, or was not waited for. */
  returnedMs: z.number().nullable(),
});
export type PeerTileFigures = z.infer<typeof tileFigures>;

/** What one contender did about one fault. */
export const peerFiguresSchema = z.strictObject({
  tiles: z.array(tileFigures).min(1),
  /** What a tile was given to recover, ms. */
  giveUpMs: z.number(),
  returns: z.enum(['waited-for', 'not-waited-for']),
});
export type PeerFigures = z.infer<typeof peerFiguresSchema>;
