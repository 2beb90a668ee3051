import type { Policies } from '../../shared/config/config.ts';
import type { Hours } from './setting.ts';

/** Tiles return spread over at least this time, and this much for each tile (rule 8). Milliseconds. */
const LEAST_SPREAD_MS = 5000;
const SPREAD_PER_TILE_MS = 150;

/**
 * What a stable time means.
 * @param stableTime as it was typed, seconds
 * @param tiles how many tiles the largest view has
 */
export function stableWords(stableTime: string, mode: Policies['failback']['mode'], tiles: number): string {
  const proved =
    Number(stableTime.replace(',', '.')) === 0
      ? 'A site has proved itself as soon as its pictures move again'
      : `A site that fails again within ${stableTime.trim()} s of coming back starts anew`;
  if (mode !== 'automatic') return `${proved}; before that, the return is not offered.`;
  const spreadMs = Math.max(LEAST_SPREAD_MS, tiles * SPREAD_PER_TILE_MS);
  return `${proved}; then the tiles return one by one, within ${spreadMs / 1000} s.`;
}

/** What an allowed lag means. */
export function lagWords(allowedLag: string): string {
  return Number(allowedLag.replace(',', '.')) === 0
    ? 'A site that comes back with older pictures than the shown one has to catch up entirely.'
    : `A site that comes back more than ${allowedLag.trim()} s behind has to catch up first.`;
}

/** What allowed hours come to; an hour is left out from its first minute on. */
export function hoursWords(hours: Hours | null): string {
  if (hours === null) return 'Off, the default: tiles return at any time of the day.';
  const { from, to } = hours;
  if (from === to) return 'Tiles would never return by themselves.';
  const span = `between ${hourWords(from)} and ${hourWords(to)}${from > to ? ' of the next day' : ''}`;
  return `Tiles return by themselves ${span}, this workstation’s time. Failover is never held back.`;
}

/** Full hours to choose from. */
export function hourOptions(first: number, last: number): (readonly [string, string])[] {
  return Array.from({ length: last - first + 1 }, (_, index) => {
    const hour = first + index;
    return [String(hour), hourWords(hour)] as const;
  });
}

/** `05:00`. */
export function hourWords(hour: number): string {
  return `${String(hour).padStart(2, '0')}:00`;
}
