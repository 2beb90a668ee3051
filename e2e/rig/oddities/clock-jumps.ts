import type { LiveFiles } from '../../../electron/demo/live-files.ts';
import { CLOCK_HZ } from '../../../electron/demo/transport-stream.ts';
import { editMedia, segmentNumber } from './edit-answers.ts';
import { shiftTransportTimes } from './transport-times.ts';

export interface ClockJumps {
  /** How far the camera's clock jumps ahead each time, s. */
  readonly byS: number;
  /** Duration of the stream between two jumps, s. */
  readonly everyS: number;
  /** Delay of every jump, so that it comes later than at another site, s. */
  readonly afterS: number;
}

/** A camera whose clock jumps. Its server passes the jumps on without EXT-X-DISCONTINUITY. Only for MPEG-TS. */
export function jumping(files: LiveFiles, segmentMs: number, { byS, everyS, afterS }: ClockJumps): LiveFiles {
  return editMedia(files, (bytes, { file }) => {
    const beginS = (segmentNumber(file) * segmentMs) / 1000;
    return shiftTransportTimes(bytes, Math.floor((beginS - afterS) / everyS) * byS * CLOCK_HZ);
  });
}
