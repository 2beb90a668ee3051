import type { DemoSiteId } from './demo-wall.ts';

/** The block in the top left corner of every frame of a site's clips, as shares of the picture's size. */
export const SITE_MARK_SHARE = { width: 80 / 640, height: 64 / 360 } as const;

/**
 * The mark that tells the sites' pictures apart: a block of this colour (sRGB, 0 to 255) with the letter in white in
 * its middle. Decoded pixels near the block's corners are within 30 of these values.
 */
export const SITE_MARKS: Readonly<
  Record<DemoSiteId, { readonly letter: string; readonly rgb: readonly [number, number, number] }>
> = {
  main: { letter: 'A', rgb: [0, 60, 255] },
  backup: { letter: 'B', rgb: [255, 120, 0] },
};
