import type { LiveFiles } from '../../../electron/demo/live-files.ts';
import { CLOCK_HZ } from '../../../electron/demo/transport-stream.ts';
import { editMedia, segmentNumber } from './edit-answers.ts';
import { shiftTransportTimes } from './transport-times.ts';

export interface ClockJumps {
  /** How far the camera's clock jumps ahead each time, and how much of its stream lies between. Seconds. */
  readonly byS: number;
  readonly everyS: number;
  /** How much later than at other sites the jumps come. Seconds. */
  readonly afterS: number;
}

/** A camera whose clock jumps in mid-stream, which its server passes on without EXT-X-DISCONTINUITY. MPEG-TS only. */
export function jumping(files: LiveFiles, segmentMs: number, { byS, everyS, afterS }: ClockJumps): LiveFiles {
  return editMedia(files, (bytes, { file }) => {
    const beginS = (segmentNumber(file) * segmentMs) / 1000;
    return shiftTransportTimes(bytes, Math.floor((beginS - afterS) / everyS) * byS * CLOCK_HZ);
  });
}
