import { setTimeout as pause } from 'node:timers/promises';

/** Hot standbys are allotted every 2 s (shared/hot-allotment.ts). How long nothing may change, and for how long that is waited for. */
const REST_MS = 3000;
const REST_TIMEOUT_MS = 12_000;
const POLL_MS = 150;

/**
 * Waits until no hot standby came or went for some seconds: the host has allotted what it allots.
 * @param running counts the players that run, of all tiles
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
