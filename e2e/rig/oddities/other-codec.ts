import { readFileSync } from 'node:fs';
import type { LiveFiles } from '../../../electron/demo/live-files.ts';
import { CLOCK_HZ } from '../../../electron/demo/transport-stream.ts';
import { editMedia, segmentNumber } from './edit-answers.ts';
import { boxAt, boxesIn, viewOf } from './mp4-boxes.ts';
import { shiftTransportTimes } from './transport-times.ts';

export const OTHER_CODECS = ['h265', 'mpeg2'] as const;
export type OtherCodec = (typeof OTHER_CODECS)[number];

/** The recordings of each codec by container. Each lasts one second and is repeated. */
const RECORDED: Readonly<Record<OtherCodec, { readonly mpegts: string; readonly fmp4: string | null }>> = {
  h265: { mpegts: 'hevc.ts', fmp4: 'hevc.mp4' },
  mpeg2: { mpegts: 'mpeg2.ts', fmp4: null },
};

const fixture = (name: string): Uint8Array =>
  readFileSync(new URL(`../../../shared/media/fixtures/${name}`, import.meta.url));

/**
 * Replaces the stream with a recording in another codec. The segments have to last one second.
 * @throws {RangeError} where there is no recording of the codec in the container
 */
export function inOtherCodec(files: LiveFiles, container: 'mpegts' | 'fmp4', codec: OtherCodec): LiveFiles {
  const name = RECORDED[codec][container];
  if (name === null) throw new RangeError(`There is no ${codec} in ${container}`);
  const recorded = fixture(name);
  if (container === 'mpegts')
    return editMedia(files, (_bytes, { file }) =>
      shiftTransportTimes(recorded, segmentNumber(file) * CLOCK_HZ),
    );
  const boxes = boxesIn(recorded);
  const media = boxes.findIndex(({ type }) => type === 'moof');
  const piece = (from: number, to: number): Uint8Array =>
    Buffer.concat(boxes.slice(from, to).map(({ start, end }) => recorded.subarray(start, end)));
  const init = piece(0, media);
  const segment = piece(media, media + 2);
  const ticksPerS = viewOf(init).getUint32(boxAt(init, 'moov/trak/mdia/mdhd').start + 20);
  return editMedia(files, (_bytes, { file }) => {
    if (file.includes('init')) return init;
    const moved = Buffer.from(segment);
    const time = boxAt(moved, 'moof/traf/tfdt').start + 12;
    moved.writeBigUInt64BE(BigInt(segmentNumber(file)) * BigInt(ticksPerS), time);
    return moved;
  });
}
