import { z } from 'zod';

export const startFiguresSchema = z.strictObject({
  kind: z.literal('start'),
  /** Of the runtime's and the application's files: `kept` where they could not be dropped for a cold start. */
  pageCache: z.enum(['warm', 'dropped', 'kept']),
  /** After the start of the process, ms. */
  firstPictureMs: z.number(),
  allPicturesMs: z.number(),
});
export type StartFigures = z.infer<typeof startFiguresSchema>;

export const windowFiguresSchema = z.strictObject({
  kind: z.literal('window'),
  /** From the request to the heading on the screen, as Playwright sees it, ms. */
  settingsOpenMs: z.number(),
  /** From the press of the view's name to the first, and to every tile's new picture, ms. */
  viewFirstPictureMs: z.number(),
  viewAllPicturesMs: z.number(),
});
export type WindowFigures = z.infer<typeof windowFiguresSchema>;

export const startSuiteFiguresSchema = z.discriminatedUnion('kind', [
  startFiguresSchema,
  windowFiguresSchema,
]);
export type StartSuiteFigures = z.infer<typeof startSuiteFiguresSchema>;
