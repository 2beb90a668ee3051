import type { LiveFiles } from '../../../electron/demo/live-files.ts';
import { editMedia } from './edit-answers.ts';
import { box, boxAt, fullBox, uint32 } from './mp4-boxes.ts';

const many = (count: number, content: Uint8Array): Uint8Array =>
  Buffer.concat(Array<Uint8Array>(count).fill(content));

/** Boxes that are nested so deep that a recursive reader would overflow its stack. */
function nested(depth: number): Uint8Array {
  const bytes = Buffer.alloc(8 * depth);
  for (let at = 0; at < bytes.length; at += 8) {
    bytes.writeUInt32BE(bytes.length - at, at);
    bytes.write(at === 0 ? 'moof' : 'traf', at + 4, 'latin1');
  }
  return bytes;
}

/** A fragment of the first track. All samples have the default size, so its tables have no entry for each sample. */
function fragment(samples: number, sampleBytes: number): Uint8Array {
  const moof = (offset: number): Uint8Array =>
    box(
      'moof',
      fullBox('mfhd', 0, uint32(1)),
      box(
        'traf',
        fullBox('tfhd', 0x020018, uint32(1, 1, sampleBytes)),
        fullBox('tfdt', 0, uint32(0)),
        fullBox('trun', 0x1, uint32(samples, offset)),
      ),
    );
  return Buffer.concat([moof(moof(0).length + 8), box('mdat', Buffer.alloc(samples * sampleBytes))]);
}

/** What is before the boxes of a segment of fragmented MP4, by the name of the flood. */
const BEFORE_SEGMENT = {
  'nested-a-million-deep': () => nested(1_000_000),
  'nested-deep': () => nested(19_000),
  'two-million-samples': () => fragment(2_000_000, 0),
  'many-samples': () => fragment(900_000, 1),
  'many-fragments': () => many(3000, fragment(1, 0)),
  'many-messages': () =>
    many(19_000, fullBox('emsg', 0, Buffer.from('urn:x\0\0', 'latin1'), uint32(1, 0, 1, 1), Buffer.alloc(8))),
  'boxes-behind-another-kind': () => Buffer.concat([box('ssix'), many(2_000_000, box('free'))]),
  /** One box of 58 MB. */
  'large-box': () => box('free', Buffer.alloc(58_000_000)),
  'long-index': () => fullBox('sidx', 0, uint32(1, 90_000, 0, 0, 65_535), Buffer.alloc(12 * 65_535)),
} as const;

/** What is added at the end of the movie box of an init segment, by the name of the flood. */
const IN_MOVIE = {
  'many-tracks': () => many(9000, box('trak', box('free'))),
  'many-defaults': () => box('mvex', many(19_000, fullBox('trex', 0, uint32(9, 1, 0, 0, 0)))),
  'large-tables': () =>
    box(
      'trak',
      box('mdia', box('minf', box('stbl', fullBox('stts', 0, uint32(1_000_000), Buffer.alloc(8_000_000))))),
    ),
} as const;

export const MP4_FLOODS = [
  ...(Object.keys(BEFORE_SEGMENT) as (keyof typeof BEFORE_SEGMENT)[]),
  ...(Object.keys(IN_MOVIE) as (keyof typeof IN_MOVIE)[]),
] as const;
export type Mp4Flood = (typeof MP4_FLOODS)[number];

/** Fragmented MP4 with a flood: boxes, samples or bytes that cost a reader much work. */
export function floodedMp4(files: LiveFiles, flood: Mp4Flood): LiveFiles {
  if (flood in BEFORE_SEGMENT) {
    const before = BEFORE_SEGMENT[flood as keyof typeof BEFORE_SEGMENT]();
    return editMedia(files, (bytes, { file }) =>
      file.endsWith('.m4s') ? Buffer.concat([before, bytes]) : bytes,
    );
  }
  const within = IN_MOVIE[flood as keyof typeof IN_MOVIE]();
  return renamed(files, (init) => {
    const movie = boxAt(init, 'moov');
    const content = init.subarray(movie.start + 8, movie.end);
    return Buffer.concat([
      init.subarray(0, movie.start),
      box('moov', content, within),
      init.subarray(movie.end),
    ]);
  });
}

/** Init segments that are changed and have another name, so that a client that has the usual one requests the new one. */
export function renamed(files: LiveFiles, edit: (init: Uint8Array) => Uint8Array): LiveFiles {
  return {
    ...files,
    answer(file, ...rest) {
      const isInit = file.endsWith('init-odd.mp4');
      const answer = files.answer(file.replace('init-odd.mp4', 'init.mp4'), ...rest);
      if (answer.kind !== 'file') return answer;
      if (typeof answer.body === 'string')
        return { ...answer, body: answer.body.replaceAll('"init.mp4"', '"init-odd.mp4"') };
      return isInit ? { ...answer, body: edit(answer.body) } : answer;
    },
  };
}

const PACKET = 188;
const VIDEO_PID = 0x100;

/** Packets of a transport stream with this payload. The first packet begins a unit. */
function packets(pid: number, payload: Uint8Array): Uint8Array {
  const room = PACKET - 4;
  const written = Buffer.alloc(Math.ceil(payload.length / room) * PACKET, 0xff);
  for (let at = 0, from = 0; from < payload.length; at += PACKET, from += room) {
    written.set([0x47, (from === 0 ? 0x40 : 0) | (pid >> 8), pid & 0xff, 0x10 | ((at / PACKET) % 16)], at);
    written.set(payload.subarray(from, from + room), at + 4);
  }
  return written;
}

/** Packets of video that carry these units. */
function video(units: Uint8Array): Uint8Array {
  return packets(VIDEO_PID, Buffer.concat([Uint8Array.of(0, 0, 1, 0xe0, 0, 0, 0x80, 0, 0), units]));
}

/** A section of a table. Its checksum is 0, which is usually wrong. */
function section(table: number, content: Uint8Array): Uint8Array {
  const length = content.length + 9;
  return Buffer.concat([
    Uint8Array.of(0, table, 0xb0 | (length >> 8), length & 0xff, 0, 1, 0xc1, 0, 0),
    content,
    Buffer.alloc(4),
  ]);
}

const TS_FLOOD = {
  /** 20 MB of units without content. */
  'empty-units': () => video(many(5_000_000, Uint8Array.of(0, 0, 1, 9))),
  /** 12 MB of captions of one byte each. */
  captions: () =>
    video(
      many(
        700_000,
        Uint8Array.of(0, 0, 1, 6, 4, 11, 0xb5, 0, 0x31, 0x47, 0x41, 0x39, 0x34, 3, 0x40, 0xff, 0, 0x80),
      ),
    ),
  parameters: () =>
    video(many(1_000_000, Uint8Array.of(0, 0, 1, 0x67, 66, 0xc0, 30, 0xda, 2, 0x80, 0xbf, 0xe5, 0x40))),
  /** 40 MB of tables. */
  'association-tables': () => many(200_000, packets(0, section(0, Uint8Array.of(0, 1, 0xf0, 0)))),
  /** Sections of three bytes, one after the other. */
  'short-sections': () =>
    many(200_000, packets(0, Buffer.concat([Uint8Array.of(0), many(60, Uint8Array.of(9, 0, 0))]))),
  'many-programs': () =>
    packets(
      0,
      section(
        0,
        Buffer.concat(
          Array.from({ length: 1000 }, (_, n) =>
            Uint8Array.of(0, 0, 0, 2, 0xe0 | ((n >> 8) & 0x1f), n & 0xff).subarray(2),
          ),
        ),
      ),
    ),
  /** 16 MB of video without a start code. */
  'no-units': () => video(Buffer.alloc(16_000_000, 0x55)),
  /** 56 MB of video without a start code, which is almost as much as one answer may have. */
  'no-units-at-length': () => video(Buffer.alloc(56_000_000, 0x55)),
} as const;

export const TS_FLOODS = Object.keys(TS_FLOOD) as (keyof typeof TS_FLOOD)[];
export type TsFlood = (typeof TS_FLOODS)[number];

/** A transport stream with a flood after the tables at the beginning of each segment. */
export function floodedTransportStream(files: LiveFiles, flood: TsFlood): LiveFiles {
  const within = TS_FLOOD[flood]();
  return editMedia(files, (bytes) =>
    Buffer.concat([bytes.subarray(0, 2 * PACKET), within, bytes.subarray(2 * PACKET)]),
  );
}
