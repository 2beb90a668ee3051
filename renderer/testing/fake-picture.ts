import { SAMPLE_HEIGHT, SAMPLE_WIDTH } from '../playback/picture-judge.ts';
import type { FakePicture } from './fake-site.ts';

const POINTS = SAMPLE_WIDTH * SAMPLE_HEIGHT;

/** A sample of a camera's picture: the same one for the same arguments. Any two frames differ. */
export function fakeLuma(picture: FakePicture, frame: number): Uint8Array {
  switch (picture) {
    case 'moving':
      return scene(frame, POINTS / 20);
    case 'still':
      // One point in five differs by one step: a mean difference of about 0.3, the noise of a sensor.
      return scene(frame, 0).map((luma, at) => luma + (noise(frame, at) < 0.2 ? 1 : 0));
    case 'skipped':
    case 'frozen':
      return scene(0, 0);
    case 'black':
      return new Uint8Array(POINTS);
  }
}

/** Grey stripes, and a bright object of `size` points that passes by. */
function scene(frame: number, size: number): Uint8Array {
  const at = (frame * 37) % (POINTS - size);
  return Uint8Array.from({ length: POINTS }, (_, index) =>
    index >= at && index < at + size ? 230 : 60 + 20 * (index % 5),
  );
}

/** Uniform in [0, 1), without a state. */
function noise(frame: number, at: number): number {
  const mixed = Math.sin(frame * 12.9898 + at * 78.233) * 43_758.5453;
  return mixed - Math.floor(mixed);
}
