import type { Quality } from '../../shared/config/config.ts';

/** Tile widths in CSS px. Between the two a tile keeps what it has, so that resizing does not make it flap. */
export const QUALITY_WIDTH_PX = { subBelow: 448, mainFrom: 512, atFirst: 480 } as const;

/**
 * Which of a site's qualities fits the tile (behaviour.md rule 2).
 *
 * @param current what was wanted until now, `null` at first
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
