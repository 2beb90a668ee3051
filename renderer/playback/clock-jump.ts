import type { AppendedPiece } from './appended-video.ts';

/** The media's clock jumped where a piece is this much longer than in its playlist, or this far from its place there, s. */
const JUMP_S = 10;

/**
 * Whether the clock of the media jumped within a piece or before it. hls.js (1.7.4) then shows one picture for the length of
 * the jump, or puts the media where the picture never comes.
 * @param listed where the playlist puts the piece, s
 */
export function isClockJump(
  { startS, endS }: AppendedPiece,
  listed: { readonly start: number; readonly duration: number },
): boolean {
  return endS - startS > listed.duration + JUMP_S || Math.abs(startS - listed.start) > JUMP_S;
}
