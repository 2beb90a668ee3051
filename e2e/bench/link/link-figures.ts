import { z } from 'zod';

/** A wall behind a link that is not as it should be, its sites being well. */
export const linkFiguresSchema = z.strictObject({
  watchedMs: z.number(),
  /** Share of the looks at tiles, five a second, that found LIVE. */
  liveShare: z.number().min(0).max(1),
  /** In words: changes of site, which none of the sites has caused, and changes of quality. */
  siteChanges: z.array(z.string()),
  qualityChanges: z.int().min(0),
  /** In words. */
  alarms: z.array(z.string()),
  /** What came in that time, bytes. */
  loaded: z.strictObject({ shown: z.number(), standby: z.number(), probe: z.number() }),
});
export type LinkFigures = z.infer<typeof linkFiguresSchema>;
