import { fakeLuma } from '../../renderer/testing/fake-picture.ts';
import type { FakePicture } from '../../renderer/testing/fake-site.ts';

/**
 * A moving picture repeats after this many frames: a prime, so that no sampling rate hits the same frame again and
 * again.
 */
const FRAMES = 97;

const made = new Map<string, Uint8Array>();

/** A sample of a frame's content, made once, because making it costs more than judging it. */
export function simulatedLuma(picture: FakePicture, frame: number): Uint8Array {
  const index = picture === 'moving' ? frame % FRAMES : 0;
  const key = `${picture} ${index}`;
  const known = made.get(key);
  if (known !== undefined) return known;
  const luma = fakeLuma(picture, index);
  made.set(key, luma);
  return luma;
}
