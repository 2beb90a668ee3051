import type { LiveFiles } from '../../../electron/demo/live-files.ts';
import { editMedia } from './edit-answers.ts';
import { boxAt, boxesIn, viewOf } from './mp4-boxes.ts';

/** Length of a video sample entry before its boxes, bytes. */
const ENTRY_HEAD = 8 + 78;
/** Length of the box of the sample entries before its first entry, bytes. */
const DESCRIPTIONS_HEAD = 8 + 8;
const KEY_FLAGS = 0x02000000;

/** The decoder's parameters are before each key picture, as cameras send them and as MediaMTX passes them on in fMP4. */
export function withInBandParameters(files: LiveFiles): LiveFiles {
  return editMedia(files, (bytes, { file, query, nowMs, condition, cookies }) => {
    if (file.includes('init')) return bytes;
    const initFile = condition.encoding === 'other' ? 'init-other.mp4' : 'init.mp4';
    const init = files.answer(file.replace(/[^/]*$/, initFile), query, nowMs, condition, cookies);
    if (init.kind !== 'file' || typeof init.body === 'string') throw new Error(`There is no ${initFile}`);
    return insertBeforeKeys(bytes, parametersIn(init.body));
  });
}

/** The SPS and the PPS that are in avcC (ISO/IEC 14496-15), each after its length in four bytes. */
function parametersIn(init: Uint8Array): Uint8Array {
  const descriptions = boxAt(init, 'moov/trak/mdia/minf/stbl/stsd');
  const entry = descriptions.start + DESCRIPTIONS_HEAD;
  const config = boxAt(init, 'avcC', entry + ENTRY_HEAD, descriptions.end).start + 8;
  const view = viewOf(init);
  const spsAt = config + 6;
  const spsEnd = spsAt + 2 + view.getUint16(spsAt);
  const ppsEnd = spsEnd + 3 + view.getUint16(spsEnd + 1);
  const units = [init.subarray(spsAt + 2, spsEnd), init.subarray(spsEnd + 3, ppsEnd)];
  return Buffer.concat(
    units.flatMap((unit) => [Buffer.from([0, 0, unit.length >> 8, unit.length & 0xff]), unit]),
  );
}

/**
 * Inserts units before each key picture.
 * @param bytes fragments as the demo writes them: a moof with one run of samples, and then its mdat
 */
export function insertBeforeKeys(bytes: Uint8Array, parameters: Uint8Array): Uint8Array {
  const boxes = boxesIn(bytes);
  return Buffer.concat(
    boxes.flatMap(({ type, start, end }, index) => {
      const piece = Buffer.from(bytes.subarray(start, end));
      const fragment = type === 'mdat' ? boxes[index - 1] : boxes[index];
      const run = fragment?.type === 'moof' ? boxAt(bytes, 'moof/traf/trun', fragment.start) : null;
      if (fragment === undefined || run === null) return [piece];
      // The first sample's duration, size and flags follow the run's version, flags, count and data offset.
      const size = run.start + 24;
      if (viewOf(bytes).getUint32(size + 4) !== KEY_FLAGS) return [piece];
      if (type === 'moof') {
        const at = size - fragment.start;
        piece.writeUInt32BE(piece.readUInt32BE(at) + parameters.length, at);
        return [piece];
      }
      piece.writeUInt32BE(piece.length + parameters.length);
      return [piece.subarray(0, 8), parameters, piece.subarray(8)];
    }),
  );
}
