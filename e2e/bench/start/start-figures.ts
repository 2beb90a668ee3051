import { z } from 'zod';

export const startFiguresSchema = z.strictObject({
  kind: z.literal('start'),
  /** State of the page cache for the runtime's and the application's files. `kept`: a cold start could not drop them. */
  pageCache: z.enum(['warm', 'dropped', 'kept']),
  /** Time from the start of the process to the first picture of any tile, ms. */
  firstPictureMs: z.number(),
  /** Time from the start of the process until all tiles have shown a picture, ms. */
  allPicturesMs: z.number(),
});
export type StartFigures = z.infer<typeof startFiguresSchema>;

export const windowFiguresSchema = z.strictObject({
  kind: z.literal('window'),
  /** Time from the request to the heading on the screen, as Playwright sees it, ms. */
  settingsOpenMs: z.number(),
  /** Time from the press of the view's name to the first picture of any tile, ms. */
  viewFirstPictureMs: z.number(),
  /** Time from the press of the view's name until all tiles have shown a picture, ms. */
  viewAllPicturesMs: z.number(),
});
export type WindowFigures = z.infer<typeof windowFiguresSchema>;

export const startSuiteFiguresSchema = z.discriminatedUnion('kind', [
  startFiguresSchema,
  windowFiguresSchema,
]);
export type StartSuiteFigures = z.infer<typeof startSuiteFiguresSchema>;
