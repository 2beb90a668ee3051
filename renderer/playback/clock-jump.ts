import type { AppendedPiece } from './appended-video.ts';

/** Media that is this much longer than its playlist says, or lands this far from where that has it, is by another clock, s. */
const JUMP_S = 10;

/**
 * Whether the clock of the media jumped within a piece or before it. hls.js (1.7.4) then shows one picture for as long as
 * the jump is, or puts the media where the picture never comes.
 * @param listed where the playlist has the piece, s
 */
export function isClockJump(
  { startS, endS }: AppendedPiece,
  listed: { readonly start: number; readonly duration: number },
): boolean {
  return endS - startS > listed.duration + JUMP_S || Math.abs(startS - listed.start) > JUMP_S;
}
