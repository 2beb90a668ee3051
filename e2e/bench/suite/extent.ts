export const EXTENTS = ['quick', 'full'] as const;
/** How much of a suite is measured: what fits into minutes, or all of it. */
export type Extent = (typeof EXTENTS)[number];
