/**
 * Numbers from 0 (included) to 1 (excluded), the same for the same seed: Mulberry32 by Tommy Ettinger. Good enough for
 * schedules and simulated networks, not for secrets.
 * @param seed a whole number; its lowest 32 bits count
 */
export function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
