import { z } from 'zod';

export const networkConditionsSchema = z.strictObject({
  /**
   * Delay added to each answer, for the whole round trip at once. Connections are opened and refused by the kernel
   * without this delay. Milliseconds.
   */
  delayMs: z.number().min(0),
  /**
   * Each answer is earlier or later than `delayMs` by up to this, uniformly. At most `delayMs` shows on the early side.
   */
  jitterMs: z.number().min(0),
  /** Bandwidth of the site's line, for all connections together. Bytes per second; `null` for no limit. */
  bytesPerS: z.number().positive().nullable(),
  /**
   * The probability, 0 to 0.9, that a piece of an answer (at most 16 KiB, what TCP sends in one flight) is lost. It is
   * then sent again after TCP's retransmission time-out, which doubles with every loss of the same piece, and
   * everything behind it on its connection waits, as in TCP. Retransmission after duplicate acknowledgements, which is
   * faster, is not modelled: live media comes in short bursts, and it does not help at their ends.
   */
  loss: z.number().min(0).max(0.9),
});
/** The line between a site and its viewers. */
export type NetworkConditions = z.infer<typeof networkConditionsSchema>;

export const PERFECT_NETWORK: NetworkConditions = { delayMs: 0, jitterMs: 0, bytesPerS: null, loss: 0 };

/** Linux's minimum retransmission time-out (TCP_RTO_MIN), milliseconds. */
const LEAST_TIMEOUT_MS = 200;
/** Linux gives a connection up after 15 doublings; here, a piece arrives after this many losses. */
const MOST_LOSSES = 6;

/** The state of one connection on its line. */
export interface LinePlace {
  /** When its last piece leaves. */
  lastMs: number;
  /** The delay of the answer in progress; `null` before the answer's first piece. Milliseconds. */
  answerDelayMs: number | null;
}

export function newLinePlace(): LinePlace {
  return { lastMs: 0, answerDelayMs: null };
}

/**
 * Decides when the bytes of a site arrive. Pieces of one connection never overtake each other. All times are
 * milliseconds of one clock that never goes back.
 */
export class SiteLine {
  conditions: NetworkConditions;
  private readonly random: () => number;
  /** When the line has sent everything so far. */
  private freeAtMs = 0;

  /** @param random 0 (included) to 1 (excluded); seeded, where a run has to be repeatable */
  constructor(conditions: NetworkConditions, random: () => number) {
    this.conditions = conditions;
    this.random = random;
  }

  /** When a piece of `bytes`, given to the line at `nowMs`, arrives: `nowMs` itself on a perfect line. */
  arrivalMs(place: LinePlace, bytes: number, nowMs: number): number {
    const { delayMs, jitterMs, bytesPerS, loss } = this.conditions;
    place.answerDelayMs ??= Math.max(0, delayMs + (2 * this.random() - 1) * jitterMs);
    let sentMs = nowMs;
    if (bytesPerS !== null) {
      this.freeAtMs = Math.max(this.freeAtMs, nowMs) + (bytes / bytesPerS) * 1000;
      sentMs = this.freeAtMs;
    }
    let timeoutMs = Math.max(LEAST_TIMEOUT_MS, place.answerDelayMs);
    let arrivalMs = sentMs + place.answerDelayMs;
    for (let losses = 0; losses < MOST_LOSSES && this.random() < loss; losses++) {
      arrivalMs += timeoutMs;
      timeoutMs *= 2;
    }
    place.lastMs = Math.max(place.lastMs, arrivalMs);
    return place.lastMs;
  }
}
