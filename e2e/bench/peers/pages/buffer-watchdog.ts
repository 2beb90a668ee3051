import type { Clock } from '../../../../shared/clock.ts';

const CHECK_MS = 250;
/**
 * Time without new media after which a stream of 1 s segments counts as dead. It is two and a half segments, so that a
 * late segment does no harm, and ends before the three buffered segments of all players are played. Milliseconds.
 */
export const NO_MEDIA_MS = 2500;
/** What a start is given, and what a remedy is given until the next one, ms. A remedy finds the player running. */
export const START_GRACE_MS = 4000;
export const REMEDY_GRACE_MS = 2000;

/**
 * Reports a player that is starving: the usual stall watchdog of players' users, but based on the buffer, because a
 * picture that stops is already the loss. Runs as long as the page.
 * @param playableEndS the end of the media that can be played without a hole, s; `null` without any
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
    // A timeline that began anew lies anywhere, so any other end is new media.
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

/** End of the buffered media that the playhead is in, s: what lies beyond a hole does not help it. */
export function playableEndOf({
  buffered,
  currentTime,
}: Pick<HTMLVideoElement, 'buffered' | 'currentTime'>): number | null {
  for (let index = 0; index < buffered.length; index += 1)
    if (buffered.start(index) <= currentTime && currentTime <= buffered.end(index))
      return buffered.end(index);
  return null;
}
