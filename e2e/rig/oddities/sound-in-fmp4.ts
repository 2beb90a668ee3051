import type { LiveFiles } from '../../../electron/demo/live-files.ts';
import { editMedia } from './edit-answers.ts';
import { box, boxAt, boxesIn, fullBox, type Mp4Box, uint32, viewOf } from './mp4-boxes.ts';

/** Sample entries of sound that browsers do not play: PCM as recorders name it, G.711 of both laws. */
export const FMP4_SOUNDS = ['ipcm', 'alaw', 'ulaw'] as const;
export type Fmp4Sound = (typeof FMP4_SOUNDS)[number];

const TRACK = 2;
const SAMPLES_PER_S = 8000;
const BYTES_PER_SAMPLE: Readonly<Record<Fmp4Sound, number>> = { ipcm: 2, alaw: 1, ulaw: 1 };
const SILENCE: Readonly<Record<Fmp4Sound, number>> = { ipcm: 0, alaw: 0xd5, ulaw: 0xff };

/** Adds a track of silence to an fMP4 stream with one track: in its init segment, and in each of its fragments. */
export function withFmp4Sound(files: LiveFiles, sound: Fmp4Sound): LiveFiles {
  return editMedia(files, (bytes) =>
    boxesIn(bytes)[0]?.type === 'ftyp' ? initWithTrack(bytes, sound) : fragmentsWithTrack(bytes, sound),
  );
}

function initWithTrack(init: Uint8Array, sound: Fmp4Sound): Uint8Array {
  const moov = boxAt(init, 'moov');
  const extended = boxesIn(init, moov.start + 8, moov.end).map(({ type, start, end }) => {
    const bytes = init.subarray(start, end);
    return type === 'mvex'
      ? box('mvex', bytes.subarray(8), fullBox('trex', 0, uint32(TRACK, 1, 0, 0, 0)))
      : bytes;
  });
  return Buffer.concat([init.subarray(0, moov.start), box('moov', ...extended, trak(sound))]);
}

function trak(sound: Fmp4Sound): Uint8Array {
  const matrix = uint32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000);
  const bits = 8 * BYTES_PER_SAMPLE[sound];
  const entry = box(
    sound,
    uint32(0, 1, 0, 0, (1 << 16) | bits, 0, SAMPLES_PER_S * 2 ** 16),
    // Little-endian, 16 bits (ISO/IEC 23003-5).
    ...(sound === 'ipcm' ? [fullBox('pcmC', 0, Uint8Array.of(1, 16))] : []),
  );
  const none = uint32(0);
  return box(
    'trak',
    fullBox('tkhd', 3, uint32(0, 0, TRACK, 0, 0, 0, 0, 1, 0x01000000), matrix, uint32(0, 0)),
    box(
      'mdia',
      fullBox('mdhd', 0, uint32(0, 0, SAMPLES_PER_S, 0, 0x55c40000)),
      fullBox('hdlr', 0, none, Buffer.from('soun'), uint32(0, 0, 0), Buffer.from('sound\0')),
      box(
        'minf',
        fullBox('smhd', 0, none),
        box('dinf', fullBox('dref', 0, uint32(1), fullBox('url ', 1))),
        box(
          'stbl',
          fullBox('stsd', 0, uint32(1), entry),
          fullBox('stts', 0, none),
          fullBox('stsc', 0, none),
          fullBox('stsz', 0, none, none),
          fullBox('stco', 0, none),
        ),
      ),
    ),
  );
}

function fragmentsWithTrack(media: Uint8Array, sound: Fmp4Sound): Uint8Array {
  const boxes = boxesIn(media);
  return Buffer.concat(
    boxes.flatMap((one, index) => {
      const next = boxes[index + 1];
      if (one.type === 'moof' && next !== undefined) return fragmentWithTrack(media, one, next, sound);
      return one.type === 'mdat' ? [] : [media.subarray(one.start, one.end)];
    }),
  );
}

/** A fragment as packagers write it: both tracks in one `moof`, and their data one after the other in one `mdat`. */
function fragmentWithTrack(media: Uint8Array, moof: Mp4Box, mdat: Mp4Box, sound: Fmp4Sound): Uint8Array[] {
  const head = new Uint8Array(media.subarray(moof.start, moof.end));
  const pictures = media.subarray(mdat.start + 8, mdat.end);
  const { begin, end } = soundSamplesOf(head);
  const samples = new Uint8Array((end - begin) * BYTES_PER_SAMPLE[sound]).fill(SILENCE[sound]);
  const traf = (dataOffset: number): Uint8Array =>
    box(
      'traf',
      // The flags say that offsets count from the moof, and that each sample lasts one tick and has the same size.
      fullBox('tfhd', 0x020018, uint32(TRACK, 1, BYTES_PER_SAMPLE[sound])),
      fullBox('tfdt', 0x01000000, uint32(Math.floor(begin / 2 ** 32), begin % 2 ** 32)),
      fullBox('trun', 1, uint32(end - begin, dataOffset)),
    );
  const added = traf(0).length;
  const view = viewOf(head);
  const dataOffset = boxAt(head, 'moof/traf/trun').start + 16;
  view.setUint32(0, head.length + added);
  view.setUint32(dataOffset, view.getUint32(dataOffset) + added);
  return [head, traf(head.length + added + 8 + pictures.length), box('mdat', pictures, samples)];
}

/** The sound samples for the time of a fragment's pictures. `fragment-writer.ts` writes the duration of each picture. */
function soundSamplesOf(moof: Uint8Array): { readonly begin: number; readonly end: number } {
  const view = viewOf(moof);
  const beginTicks = Number(view.getBigUint64(boxAt(moof, 'moof/traf/tfdt').start + 12));
  const trun = boxAt(moof, 'moof/traf/trun').start;
  const pictures = Array.from({ length: view.getUint32(trun + 12) }, (_, index) =>
    view.getUint32(trun + 20 + 16 * index),
  );
  const endTicks = pictures.reduce((sum, ticks) => sum + ticks, beginTicks);
  const samplesAt = (ticks: number): number => Math.round((ticks * SAMPLES_PER_S) / VIDEO_TIMESCALE);
  return { begin: samplesAt(beginTicks), end: samplesAt(endTicks) };
}

/** Ticks per second of the video in the committed clips (build/clip-generator/make-clips.mjs). */
const VIDEO_TIMESCALE = 90_000;
