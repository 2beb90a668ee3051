import { z } from 'zod';

/** A wall behind a poor link, while its sites work. */
export const linkFiguresSchema = z.strictObject({
  watchedMs: z.number(),
  /** Share of the readings of the tiles, five per second, that found LIVE; 0 to 1. */
  liveShare: z.number().min(0).max(1),
  /** Changes of site, in words. No site has caused them. */
  siteChanges: z.array(z.string()),
  /** Number of changes of quality. */
  qualityChanges: z.int().min(0),
  /** Alarms, in words. */
  alarms: z.array(z.string()),
  /** Bytes that came while the wall was watched. */
  loaded: z.strictObject({ shown: z.number(), standby: z.number(), probe: z.number() }),
});
export type LinkFigures = z.infer<typeof linkFiguresSchema>;
