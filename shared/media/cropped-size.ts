import type { BitReader } from './bit-reader.ts';
import type { VideoFormat } from './video-format.ts';

/** No codec has larger pictures (H.265 level 7.2 ends below it). */
const LARGEST = 32_768;

/**
 * The size that is shown: reads the cropping of a sequence parameter set, a flag and four distances from the edges.
 *
 * @param unit of those distances, in pixels
 * @returns `null` where the parameters are broken or cut off
 */
export function croppedSize(
  reader: BitReader,
  coded: { readonly width: number; readonly height: number },
  unit: { readonly x: number; readonly y: number },
): VideoFormat['size'] {
  const [left = 0, right = 0, top = 0, bottom = 0] = reader.flag()
    ? [1, 2, 3, 4].map(() => reader.unsigned())
    : [];
  const width = coded.width - unit.x * (left + right);
  const height = coded.height - unit.y * (top + bottom);
  const isPossible = [width, height].every((length) => length > 0 && length <= LARGEST);
  return reader.isOver || !isPossible ? null : { width, height };
}
