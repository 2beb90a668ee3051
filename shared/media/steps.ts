import { PACKET_BYTES } from './ts-packet.ts';

/**
 * Work on media, done step by step. A step takes at most some milliseconds, whatever the bytes are. Media of up to
 * {@link STEP_BYTES} takes one step.
 */
export type Steps<T> = Generator<undefined, T, undefined>;

/** Bytes of media that one step reads: about as many as come over the bridge at once, in whole packets. */
export const STEP_BYTES = 10_000 * PACKET_BYTES;

/** Does all steps at once. */
export function allAtOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}
