import type { BitReader } from './bit-reader.ts';
import type { VideoFormat } from './video-format.ts';

/** Largest side of a picture, in pixels: no codec allows more (the limit of H.265 level 7.2 is lower). */
const LARGEST = 32_768;
/** Largest side of a block, in pixels (ITU-T H.265 section 7.4.3.2.1). Encoders crop only what fills up their last block. */
const LARGEST_BLOCK = 64;

/**
 * Reads the cropping of a sequence parameter set (a flag, and four distances from the edges), and returns the size that is shown.
 * Where more is cropped than an encoder has a reason for, it returns the coded size, for which a decoder reserves memory. Where the
 * cropping is cut off, nothing counts as cropped, as in decoders.
 *
 * @param unit of the four distances, in pixels
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
