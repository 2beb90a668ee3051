import type { Clock } from '../../../../shared/clock.ts';

const CHECK_MS = 250;
/**
 * Time without new media after which a stream of 1 s segments counts as dead. It is two and a half segments, so that a
 * late segment does no harm, and ends before the three buffered segments of all players are played. Milliseconds.
 */
export const NO_MEDIA_MS = 2500;
/** Longest time that a start may take, ms. */
export const START_GRACE_MS = 4000;
/** Time from one remedy to the next, ms. It is shorter than that of a start, because the player runs already. */
export const REMEDY_GRACE_MS = 2000;

/**
 * Reports a player that is starving, as long as the page runs. It is the stall watchdog that users of a player usually
 * write, but it watches the buffer, because it is too late when the picture has stopped.
 * @param playableEndS returns the end of the media that can be played without an interruption, s; `null` without any
 * @param onStarving called after {@link NO_MEDIA_MS}, and then every {@link REMEDY_GRACE_MS} until new media comes;
 * `time` counts these calls from 1
 */
export function watchBuffer(
  clock: Clock,
  playableEndS: () => number | null,
  onStarving: (time: number) => void,
): void {
  let lastEndS: number | null = null;
  let times = 0;
  let dueMs = clock.now() + START_GRACE_MS;
  const check = (): void => {
    const endS = playableEndS();
    // A timeline that begins again may begin at any time, so any other end means new media.
    if (endS !== null && endS !== lastEndS) {
      lastEndS = endS;
      times = 0;
      dueMs = clock.now() + NO_MEDIA_MS;
    } else if (clock.now() >= dueMs) {
      dueMs = clock.now() + REMEDY_GRACE_MS;
      times += 1;
      onStarving(times);
    }
    clock.after(CHECK_MS, check);
  };
  clock.after(CHECK_MS, check);
}

/** End of the buffered range with the playhead in it, s. Media in later ranges does not help the player. */
export function playableEndOf({
  buffered,
  currentTime,
}: Pick<HTMLVideoElement, 'buffered' | 'currentTime'>): number | null {
  for (let index = 0; index < buffered.length; index += 1)
    if (buffered.start(index) <= currentTime && currentTime <= buffered.end(index))
      return buffered.end(index);
  return null;
}
