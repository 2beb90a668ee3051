import type { LiveFiles } from '../../../electron/demo/live-files.ts';
import { editMedia } from './edit-answers.ts';
import { renamed } from './flooded-media.ts';
import { insertBeforeKeys } from './in-band-parameters.ts';
import { boxAt, uint32, viewOf } from './mp4-boxes.ts';

const WIDTH = 16_000;
const HEIGHT = 8000;
/** Sequence parameter set of H.264 for pictures of 16000x8000. */
const WHOLE = Buffer.from('6742c03eda003e800fa640', 'hex');
/** Sequence parameter set of H.264 for pictures of 16000x8000 that are cropped to 640x360. */
const CROPPED = Buffer.from('6742c03eda003e800fa78007806003bb50', 'hex');
/** Length of a video sample entry before its boxes, bytes. */
const ENTRY_HEAD = 8 + 78;
/** Length of the box of the sample entries before its first entry, bytes. */
const DESCRIPTIONS_HEAD = 8 + 8;

export const LARGE_PICTURES = ['entry', 'parameters', 'cropped', 'in-band', 'in-band-cropped'] as const;
export type LargePictures = (typeof LARGE_PICTURES)[number];

/** Pictures of 16000x8000. `by` says which part of the media declares this size. */
export function withLargePictures(
  files: LiveFiles,
  container: 'fmp4' | 'mpegts',
  by: LargePictures,
): LiveFiles {
  const set = by === 'cropped' || by === 'in-band-cropped' ? CROPPED : WHOLE;
  if (container === 'mpegts') return editMedia(files, (bytes) => withOtherSet(bytes, set));
  switch (by) {
    case 'entry':
      return renamed(files, (init) => {
        const changed = Buffer.from(init);
        const entry = boxAt(changed, 'moov/trak/mdia/minf/stbl/stsd').start + DESCRIPTIONS_HEAD;
        changed.writeUInt16BE(WIDTH, entry + 32);
        changed.writeUInt16BE(HEIGHT, entry + 34);
        return changed;
      });
    case 'parameters':
    case 'cropped':
      return renamed(files, (init) => {
        const changed = Buffer.from(init);
        const descriptions = boxAt(changed, 'moov/trak/mdia/minf/stbl/stsd');
        const entry = descriptions.start + DESCRIPTIONS_HEAD;
        const at = boxAt(changed, 'avcC', entry + ENTRY_HEAD, descriptions.end).start + 8 + 6;
        const length = viewOf(changed).getUint16(at);
        if (length < set.length) throw new RangeError('There is no room for the larger parameter set');
        changed.fill(0, at + 2, at + 2 + length);
        changed.set(set, at + 2);
        return changed;
      });
    case 'in-band':
    case 'in-band-cropped': {
      const unit = Buffer.concat([uint32(set.length), set]);
      return editMedia(files, (bytes, { file }) =>
        file.includes('init') ? bytes : insertBeforeKeys(bytes, unit),
      );
    }
  }
}

/** `set` replaces the first bytes of each sequence parameter set. A reader of `set` does not reach the bytes after it. */
function withOtherSet(bytes: Uint8Array, set: Uint8Array): Uint8Array {
  const changed = Buffer.from(bytes);
  const start = Buffer.from([0, 0, 0, 1, 0x67]);
  for (let at = changed.indexOf(start); at >= 0; at = changed.indexOf(start, at + 5))
    changed.set(set, at + 4);
  return changed;
}
