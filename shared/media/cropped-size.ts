import type { BitReader } from './bit-reader.ts';
import type { VideoFormat } from './video-format.ts';

/** No codec has larger pictures (H.265 level 7.2 ends below it). */
const LARGEST = 32_768;
/** Encoders crop what fills their last block up, which has at most 64 pixels (ITU-T H.265 section 7.4.3.2.1). */
const LARGEST_BLOCK = 64;

/**
 * The size that is shown: reads the cropping of a sequence parameter set, a flag and four distances from the edges. Where more is
 * cropped than an encoder has reason to, it is the coded size, which a decoder makes room for. Cropping that is cut off is none, as
 * decoders read it.
 *
 * @param unit of those distances, in pixels
 * @returns `null` where the parameters are broken or cut off
 */
export function croppedSize(
  reader: BitReader,
  coded: { readonly width: number; readonly height: number },
  unit: { readonly x: number; readonly y: number },
): VideoFormat['size'] {
  if (reader.isOver) return null;
  const [left = 0, right = 0, top = 0, bottom = 0] = reader.flag()
    ? [1, 2, 3, 4].map(() => reader.unsigned())
    : [];
  const across = unit.x * (left + right);
  const down = unit.y * (top + bottom);
  const isUsual = across < LARGEST_BLOCK && down < LARGEST_BLOCK;
  const size = isUsual ? { width: coded.width - across, height: coded.height - down } : coded;
  const isPossible = [size.width, size.height].every((length) => length > 0 && length <= LARGEST);
  return isPossible ? { width: size.width, height: size.height } : null;
}
