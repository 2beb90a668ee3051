import { PACKET_BYTES } from './ts-packet.ts';

/**
 * Work on media, done a step at a time. A step takes some milliseconds at most, whatever the bytes are, and media of up to
 * {@link STEP_BYTES} takes one.
 */
export type Steps<T> = Generator<undefined, T, undefined>;

/** Bytes of media that are gone through in one step: about as many as come over the bridge at once, in whole packets. */
export const STEP_BYTES = 10_000 * PACKET_BYTES;

/** Does all steps at once. */
export function allAtOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}
