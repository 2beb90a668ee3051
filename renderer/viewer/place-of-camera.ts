import type { View } from '../../shared/config/config.ts';

/** The place of a camera: in this view if it is there, else in the first view that has it; `null` where none has. */
export function placeOfCamera(
  views: readonly View[],
  current: View,
  cameraId: string,
): { readonly viewId: string; readonly tile: number } | null {
  for (const { id, cells } of [current, ...views]) {
    const index = cells.indexOf(cameraId);
    if (index >= 0) return { viewId: id, tile: index + 1 };
  }
  return null;
}
