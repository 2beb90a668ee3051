import { setTimeout as pause } from 'node:timers/promises';

/** Time without a change that is waited for, ms: more than the interval of allotments (shared/hot-allotment.ts). */
const REST_MS = 3000;
/** Longest wait for {@link REST_MS} without a change, ms. */
const REST_TIMEOUT_MS = 12_000;
const POLL_MS = 150;

/**
 * Waits until no hot standby has started or ended for {@link REST_MS}: the host has allotted all that it can.
 * @param running returns the number of players that run in all tiles
 */
export async function untilPlayersRest(running: () => Promise<number>): Promise<void> {
  const deadlineMs = performance.now() + REST_TIMEOUT_MS;
  let players = -1;
  let sinceMs = performance.now();
  while (performance.now() - sinceMs < REST_MS && performance.now() < deadlineMs) {
    const counted = await running();
    if (counted !== players) sinceMs = performance.now();
    players = counted;
    await pause(POLL_MS);
  }
}
