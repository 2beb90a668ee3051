import { fakeLuma } from '../../renderer/testing/fake-picture.ts';
import type { FakePicture } from '../../renderer/testing/fake-site.ts';

/** After so many frames a moving picture begins again: a prime, so that no rate of sampling meets the same frame. */
const FRAMES = 97;

const made = new Map<string, Uint8Array>();

/** A sample of what a frame shows: made once, for it costs more than to judge it. */
export function simulatedLuma(picture: FakePicture, frame: number): Uint8Array {
  const index = picture === 'moving' ? frame % FRAMES : 0;
  const key = `${picture} ${index}`;
  const known = made.get(key);
  if (known !== undefined) return known;
  const luma = fakeLuma(picture, index);
  made.set(key, luma);
  return luma;
}
