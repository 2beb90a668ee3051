import { median } from '../suite/statistics.ts';
import { thirdsOf } from '../suite/thirds.ts';
import type { SteadyFigures, SteadySample } from './steady-figures.ts';

/**
 * The figures of a wall from its samples. The first sample is taken when the watch begins.
 * @param samples each of all tiles, `intervalMs` apart
 * @param framesPerS picture rate of the streams
 */
export function judgeSteady(
  samples: readonly (readonly SteadySample[])[],
  { intervalMs, watchedMs, framesPerS }: { intervalMs: number; watchedMs: number; framesPerS: number },
): Omit<SteadyFigures, 'falseChanges' | 'alarms'> {
  const tiles = samples[0]?.length ?? 0;
  let stills = 0;
  let presented = 0;
  const drifts: number[] = [];
  for (let tile = 0; tile < tiles; tile += 1) {
    const own = samples.map((sample) => sample[tile]).filter((sample) => sample !== undefined);
    own.slice(1).forEach(({ frames }, index) => {
      const more = frames - (own[index]?.frames ?? 0);
      // A tile that began again counts from 0.
      presented += more < 0 ? frames : more;
      if (more === 0) stills += 1;
    });
    const { first, last } = thirdsOf(own.slice(1).flatMap(({ pictureAgeMs }) => pictureAgeMs ?? []));
    if (first !== null && last !== null) drifts.push(last - first);
  }
  const expected = (tiles * framesPerS * watchedMs) / 1000;
  const count = Math.max(1, Math.floor((samples.length - 1) / 3));
  const agesOf = (some: readonly (readonly SteadySample[])[]): number | null =>
    median(some.flatMap((sample) => sample.flatMap(({ pictureAgeMs }) => pictureAgeMs ?? [])));
  return {
    watchedMs: Math.round(watchedMs),
    intervalMs,
    stills,
    missingShare: expected === 0 ? 0 : Math.min(1, Math.max(0, 1 - presented / expected)),
    latencyFirstThirdMs: agesOf(samples.slice(1, 1 + count)),
    latencyLastThirdMs: agesOf(samples.slice(1).slice(-count)),
    worstDriftMs: drifts.length === 0 ? null : Math.max(...drifts),
  };
}
