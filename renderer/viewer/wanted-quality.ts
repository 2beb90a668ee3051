import type { Quality } from '../../shared/config/config.ts';

/** Tile widths in CSS px. Between the limits a tile keeps its quality, so that it does not flap while it is resized. */
export const QUALITY_WIDTH_PX = { subBelow: 448, mainFrom: 512, atFirst: 480 } as const;

/**
 * The quality of a site that fits the tile (rule 2).
 *
 * @param current the wanted quality until now; `null` at first
 */
export function wantedQuality(current: Quality | null, widthPx: number, hasSub: boolean): Quality {
  if (!hasSub) return 'main';
  const subBelowPx =
    current === null
      ? QUALITY_WIDTH_PX.atFirst
      : current === 'sub'
        ? QUALITY_WIDTH_PX.mainFrom
        : QUALITY_WIDTH_PX.subBelow;
  return widthPx < subBelowPx ? 'sub' : 'main';
}
