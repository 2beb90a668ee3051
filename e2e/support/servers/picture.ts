import type { Program } from './program.ts';

/** Pictures a second, and from one key picture to the next. */
export const PICTURES_PER_S = 12;
export const PICTURE_SIZE = { width: 320, height: 180 } as const;

/** A moving test picture with the site's mark in its corner, in real time. */
const painted = (mark: string): string[] => [
  ...['-hide_banner', '-loglevel', 'error', '-nostdin', '-y', '-re', '-f', 'lavfi'],
  ...['-i', `testsrc2=size=${PICTURE_SIZE.width}x${PICTURE_SIZE.height}:rate=${PICTURES_PER_S}`],
  ...['-vf', `drawbox=x=0:y=0:w=40:h=32:color=${mark}:t=fill,format=yuv420p`],
];

/** ffmpeg that draws a picture and encodes it in H.264, with a key picture each second. */
export function encodedPicture(mark: string, output: readonly string[]): Program {
  const key = ['-g', `${PICTURES_PER_S}`, '-keyint_min', `${PICTURES_PER_S}`, '-sc_threshold', '0'];
  const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-b:v', '300k', ...key];
  return { command: 'ffmpeg', args: [...painted(mark), ...h264, ...output] };
}

/** ffmpeg that draws a picture without encoding it (I420). */
export function rawPicture(mark: string, file: string): Program {
  return { command: 'ffmpeg', args: [...painted(mark), '-f', 'rawvideo', file] };
}
