import { readFileSync } from 'node:fs';
import vm from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32Mpeg2 } from './crc32-mpeg2.ts';
import { inspectMedia } from './inspect-media.ts';
import { VideoOnly } from './video-only.ts';

function fixture(name: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(new URL(`fixtures/${name}`, import.meta.url)));
}

function joined(...pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(pieces.flatMap((piece) => [...piece]));
}

function u16(value: number): number[] {
  return [(value >> 8) & 255, value & 255];
}

/** What hls.js appends to the media source: the codec of each track, and the bytes of its samples. */
interface Remuxed {
  readonly tracks: Readonly<Record<string, string>>;
  readonly samples: Readonly<Record<string, number>>;
  /** What its demuxer reports. */
  readonly errors: readonly string[];
}

interface WorkerMessage {
  readonly event: string;
  readonly data: {
    readonly reason?: string;
    readonly remuxResult?: Readonly<
      Record<
        string,
        | {
            readonly tracks?: Readonly<Record<string, { readonly codec: string }>>;
            readonly data1?: Uint8Array;
            readonly data2?: Uint8Array;
          }
        | undefined
      >
    >;
  };
}

const WORKER = new vm.Script(
  readFileSync(new URL('../../node_modules/hls.js/dist/hls.worker.js', import.meta.url), 'utf8'),
);

/** Runs a segment through the demuxer that plays it: the worker of hls.js. */
function asHlsReads(bytes: Uint8Array, init: Uint8Array | null = null): Remuxed {
  const posted: WorkerMessage[] = [];
  let listener: (event: { data: unknown }) => void = () => {};
  const self = {
    addEventListener: (_: string, added: typeof listener) => {
      listener = added;
    },
    postMessage: (message: WorkerMessage) => posted.push(message),
    performance,
  };
  WORKER.runInNewContext({ self, console, Uint8Array, ArrayBuffer, DataView });
  const send = (message: object): void => listener({ data: { instanceNo: 1, ...message } });
  const chunkMeta = { level: 0, sn: 1, part: -1, id: 1, transmuxing: {}, buffering: {} };
  const typeSupported = { mpeg: true, mp3: true, ac3: true };
  send({
    cmd: 'init',
    typeSupported,
    id: 'main',
    config: JSON.stringify({ debug: false, maxBufferHole: 0.1 }),
  });
  send({ cmd: 'configure', config: { initSegmentData: init?.slice(), duration: 1, defaultInitPts: null } });
  const state = { discontinuity: true, trackSwitch: true, initSegmentChange: true, timeOffset: 0 };
  send({ cmd: 'demux', data: Uint8Array.from(bytes).buffer, decryptdata: null, chunkMeta, state });
  send({ cmd: 'flush', chunkMeta });
  const tracks: Record<string, string> = {};
  const samples: Record<string, number> = {};
  for (const { data } of posted)
    for (const [type, track] of Object.entries(data?.remuxResult ?? {})) {
      for (const [name, { codec }] of Object.entries(track?.tracks ?? {})) tracks[name] = codec;
      const bytes = (track?.data1?.length ?? 0) + (track?.data2?.length ?? 0);
      if (bytes > 0) samples[type] = (samples[type] ?? 0) + bytes;
    }
  const errors = posted.flatMap(({ event, data }) => (event === 'hlsError' ? [data.reason ?? ''] : []));
  return { tracks, samples, errors };
}

const VIDEO_PID = 0x100;
const AUDIO_PID = 0x101;
const MAP_PID = 0x1000;
const H264 = [0x1b, ...u16(0xe000 | VIDEO_PID), 0xf0, 0];
const AAC = [0x0f, ...u16(0xe000 | AUDIO_PID), 0xf0, 0];
/** hls.js stops reading a program map at this kind of audio. */
const EC3 = [0x87, ...u16(0xe000 | AUDIO_PID), 0xf0, 0];

function section(table: number, id: number, body: readonly number[]): number[] {
  const bytes = [table, ...u16(0xb000 | (body.length + 9)), ...u16(id), 0xc1, 0, 0, ...body];
  const checksum = crc32Mpeg2(bytes, 0, bytes.length);
  return [...bytes, ...u16(checksum >>> 16), ...u16(checksum)];
}

function association(...programs: readonly (readonly [program: number, pid: number])[]): number[] {
  return section(
    0,
    1,
    programs.flatMap(([program, pid]) => [...u16(program), ...u16(0xe000 | pid)]),
  );
}

function programMap(
  program: number,
  streams: readonly (readonly number[])[],
  descriptors: readonly number[] = [],
): number[] {
  return section(2, program, [
    ...u16(0xe000 | VIDEO_PID),
    ...u16(0xf000 | descriptors.length),
    ...descriptors,
    ...streams.flat(),
  ]);
}

/** Sections that follow each other, in as many packets as they need. */
function packets(pid: number, ...sections: readonly (readonly number[])[]): Uint8Array {
  const payload = [0, ...sections.flat()];
  const count = Math.ceil(payload.length / 184);
  return joined(
    ...Array.from({ length: count }, (_, index) => {
      const begins = index === 0 ? 0x40 : 0;
      const part = payload.slice(184 * index, 184 * (index + 1));
      return Uint8Array.of(
        0x47,
        begins | (pid >> 8),
        pid & 255,
        0x10 | index,
        ...part,
        ...Array(184 - part.length).fill(255),
      );
    }),
  );
}

const pidAt = (bytes: Uint8Array, at: number): number =>
  (((bytes[at + 1] ?? 0) & 0x1f) << 8) | (bytes[at + 2] ?? 0);

function packetsOn(bytes: Uint8Array, wanted: (pid: number) => boolean): Uint8Array[] {
  return Array.from({ length: bytes.length / 188 }, (_, index) =>
    bytes.subarray(188 * index, 188 * (index + 1)),
  ).filter((packet) => wanted(pidAt(packet, 0)));
}

const ts = fixture('h264-aac.ts');
const media = joined(...packetsOn(ts, (pid) => pid === VIDEO_PID || pid === AUDIO_PID));
const fmp4 = fixture('h264-aac.m4s');
const fmp4Init = fixture('h264-aac-init.mp4');
/** What hls.js plays of the fixture without its audio. */
const VIDEO_ALONE: Remuxed = {
  tracks: { video: 'avc1.42d00b' },
  samples: { video: asHlsReads(ts).samples.video ?? 0 },
  errors: [],
};

describe('MPEG-TS', () => {
  it.each(['h264-aac.ts', 'nginx-rtmp.ts'])('leaves hls.js the video of %s', (name) => {
    const before = asHlsReads(fixture(name));
    expect(before.tracks).toEqual({ audio: 'mp4a.40.2', video: 'avc1.42d00b' });
    const after = asHlsReads(new VideoOnly().filter(fixture(name)));
    expect(after).toEqual({
      ...before,
      tracks: { video: before.tracks.video },
      samples: { video: before.samples.video },
    });
  });

  it('writes a map that keeps to the rules: length, checksum, stuffing', () => {
    const filtered = new VideoOnly().filter(ts.slice());
    const maps = packetsOn(filtered, (pid) => pid === MAP_PID);
    expect(maps.length).toBeGreaterThan(0);
    for (const packet of maps) {
      expect([...packet.subarray(4, 5)]).toEqual([0]);
      const end = 5 + 3 + ((((packet[6] ?? 0) & 0xf) << 8) | (packet[7] ?? 0));
      expect(crc32Mpeg2(packet, 5, end)).toBe(0);
      expect([...packet.subarray(5 + 12, end - 4)]).toEqual(H264);
      expect(packet.subarray(end).every((byte) => byte === 0xff)).toBe(true);
    }
  });

  it('changes nothing but the tables', () => {
    const isMedia = (pid: number): boolean => pid !== MAP_PID;
    expect(packetsOn(new VideoOnly().filter(ts.slice()), isMedia)).toEqual(packetsOn(ts, isMedia));
  });

  it('takes out audio that hls.js gives up at', () => {
    const tables = joined(
      packets(0, association([1, MAP_PID])),
      packets(MAP_PID, programMap(1, [EC3, H264])),
    );
    expect(asHlsReads(joined(tables, media)).errors).toEqual(['Unsupported EC-3 in M2TS found']);
    expect(asHlsReads(new VideoOnly().filter(joined(tables, media)))).toEqual(VIDEO_ALONE);
  });

  it.each([
    [
      'one that goes on in a second packet',
      packets(MAP_PID, programMap(1, [AAC, H264], Array(200).fill(0x80))),
    ],
    ['one in two packets, of video alone', packets(MAP_PID, programMap(1, [H264], Array(200).fill(0x80)))],
    [
      'one whose descriptors fill its packet',
      packets(MAP_PID, programMap(1, [AAC, [...H264.slice(0, 3), 0xf0, 180, ...Array(180).fill(0x80)]])),
    ],
    [
      'one behind that of a program without video',
      packets(MAP_PID, programMap(2, [AAC]), programMap(1, [AAC, H264])),
    ],
    [
      'one after that of a program without video',
      joined(packets(MAP_PID, programMap(1, [AAC, H264])), packets(MAP_PID, programMap(2, [AAC]))),
    ],
  ])('finds the map: %s', (_, map) => {
    const bytes = joined(packets(0, association([1, MAP_PID])), map, media);
    expect(asHlsReads(new VideoOnly().filter(bytes))).toEqual(VIDEO_ALONE);
  });

  it('leaves of several programs the first with video', () => {
    const bytes = joined(
      packets(0, association([0, 0x10], [7, 0x20], [1, MAP_PID], [8, 0x21])),
      packets(0x20, programMap(7, [AAC])),
      packets(MAP_PID, programMap(1, [H264, AAC])),
      packets(0x21, programMap(8, [[0x1b, 0xe2, 0, 0xf0, 0]])),
      media,
    );
    const filtered = new VideoOnly().filter(bytes);
    expect(asHlsReads(filtered)).toEqual(VIDEO_ALONE);
    expect([...filtered.subarray(5, 5 + 16)]).toEqual(association([1, MAP_PID]));
  });

  it('knows the tables of the parts before', () => {
    const filter = new VideoOnly();
    filter.filter(packets(0, association([1, MAP_PID])));
    const part = joined(packets(MAP_PID, programMap(1, [AAC, H264])), media);
    filter.filter(part);
    expect([...part.subarray(5, 5 + 21)]).toEqual(programMap(1, [H264]));
  });

  it('follows a server that begins anew with other programs', () => {
    const filter = new VideoOnly();
    filter.filter(joined(packets(0, association([9, 0x50])), packets(0x50, programMap(9, [AAC, H264]))));
    const bytes = joined(
      packets(0, association([1, MAP_PID])),
      packets(MAP_PID, programMap(1, [AAC, H264])),
      media,
    );
    expect(asHlsReads(filter.filter(bytes))).toEqual(VIDEO_ALONE);
  });

  it.each([
    ['audio alone', fixture('aac-only.ts')],
    ['video alone', fixture('hevc.ts')],
  ])('leaves %s as it is', (_, bytes) => {
    expect(new VideoOnly().filter(bytes.slice())).toEqual(bytes);
  });
});

function u32(value: number): number[] {
  return [...u16(value >>> 16), ...u16(value)];
}

function box(type: string, ...content: readonly (readonly number[] | Uint8Array)[]): Uint8Array {
  const body = content.flatMap((piece) => [...piece]);
  return Uint8Array.from([...u32(body.length + 8), ...Buffer.from(type), ...body]);
}

const track = (id: number, handler: string): Uint8Array =>
  box(
    'trak',
    box('tkhd', [...u32(0), ...u32(0), ...u32(0), ...u32(id)]),
    box('mdia', box('hdlr', [...u32(0), ...u32(0), ...Buffer.from(handler)])),
  );
const defaults = (id: number): Uint8Array => box('trex', [...u32(0), ...u32(id)]);
const run = (id: number): Uint8Array => box('traf', box('tfhd', [...u32(0), ...u32(id)]));
const movie = (...tracks: readonly (readonly [id: number, handler: string])[]): Uint8Array =>
  box(
    'moov',
    ...tracks.map(([id, handler]) => track(id, handler)),
    box('mvex', ...tracks.map(([id]) => defaults(id))),
  );

/** The types of the boxes as a tree, such as `moov(trak free)`. */
function outline(bytes: Uint8Array): string {
  const names: string[] = [];
  for (let at = 0; at + 8 <= bytes.length; ) {
    const size = new DataView(bytes.buffer, bytes.byteOffset).getUint32(at);
    const type = Buffer.from(bytes.subarray(at + 4, at + 8)).toString('latin1');
    const inner = ['moov', 'mvex', 'moof'].includes(type)
      ? `(${outline(bytes.subarray(at + 8, at + size))})`
      : '';
    names.push(type + inner);
    at += size;
  }
  return names.join(' ');
}

describe('fragmented MP4', () => {
  it('leaves hls.js and the deep check the video', () => {
    expect(asHlsReads(fmp4, fmp4Init).tracks).toEqual({ audiovideo: 'mp4a.40.2,avc1.42D00B' });
    const filter = new VideoOnly();
    const init = filter.filter(fmp4Init.slice());
    const bytes = filter.filter(fmp4.slice());
    expect(asHlsReads(bytes, init).tracks).toEqual({ video: 'avc1.42D00B' });
    expect(inspectMedia(bytes, init)).toEqual(inspectMedia(fmp4, fmp4Init));
    expect(bytes.length).toBe(fmp4.length);
  });

  it('leaves the first video track and what belongs to it', () => {
    const init = movie([1, 'soun'], [2, 'vide'], [3, 'text'], [4, 'vide']);
    const media = joined(box('styp'), box('moof', box('mfhd'), run(1), run(2), run(3)), box('mdat'));
    const filter = new VideoOnly();
    filter.filter(init);
    filter.filter(media);
    expect(outline(init)).toBe('moov(free trak free free mvex(free trex free free))');
    expect(outline(media)).toBe('styp moof(mfhd free traf free) mdat');
  });

  it('takes out a fragment that has no video at all: Chromium refuses one without a track', () => {
    const filter = new VideoOnly();
    const media = joined(box('moof', run(1)), box('mdat'), box('moof', run(2)), box('mdat'));
    filter.filter(movie([1, 'soun'], [2, 'vide']));
    filter.filter(media);
    expect(outline(media)).toBe('free mdat moof(traf) mdat');
  });

  it('goes by the last initialisation section', () => {
    const filter = new VideoOnly();
    filter.filter(movie([1, 'soun'], [2, 'vide']));
    filter.filter(movie([1, 'vide']));
    expect(outline(filter.filter(box('moof', run(1))))).toBe('moof(traf)');
  });

  it.each([
    ['video alone', movie([1, 'vide'])],
    ['audio alone', movie([1, 'soun'], [2, 'text'])],
    ['unknown tracks', joined(box('moof', run(1), run(2)), box('mdat'))],
    ['a box that is cut off', movie([1, 'soun'], [2, 'vide']).subarray(0, -1)],
  ])('leaves %s as it is', (_, bytes) => {
    expect(new VideoOnly().filter(bytes.slice())).toEqual(bytes);
  });
});

describe('what is neither', () => {
  it.each([
    ['packed audio', fixture('aac.aac')],
    ['nothing', new Uint8Array()],
    ['text', new TextEncoder().encode('<html>GGGG')],
    [
      'encrypted bytes that begin like a packet',
      Uint8Array.from([0x47, 0x40, 0, 0x10, ...Array(800).fill(0x5a)]),
    ],
  ])('%s comes out as it went in', (_, bytes) => {
    expect(new VideoOnly().filter(bytes.slice())).toEqual(bytes);
  });
});

describe('whatever the bytes are', () => {
  const tables = joined(
    packets(0, association([0, 0x10], [7, MAP_PID], [1, MAP_PID])),
    packets(MAP_PID, programMap(7, [AAC]), programMap(1, [AAC, EC3, H264], Array(180).fill(0x80))),
  );
  const sources = [
    joined(tables, ts),
    joined(fmp4Init, fmp4),
    joined(movie([1, 'soun'], [2, 'vide']), box('moof', run(1), run(2))),
  ];

  it('finds nothing more to do the second time', () => {
    for (const source of sources) {
      const filter = new VideoOnly();
      const once = filter.filter(source.slice());
      expect(Buffer.compare(once, source)).not.toBe(0);
      expect(Buffer.compare(filter.filter(once.slice()), once)).toBe(0);
    }
  });

  it('never throws, and keeps the length', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: sources.length - 1 }),
        fc.array(fc.tuple(fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 4 })), { maxLength: 8 }),
        fc.nat(),
        (index, changes, cut) => {
          const source = sources[index] ?? ts;
          const bytes = source.slice(0, source.length - (cut % source.length));
          // The structure is at the beginning, so the changes are made there.
          const within = Math.min(bytes.length, 1200);
          for (const [at, values] of changes)
            bytes.set(values.subarray(0, bytes.length - (at % within)), at % within);
          const filter = new VideoOnly();
          for (const given of [bytes, ...sources]) {
            const { length } = given;
            expect(filter.filter(given.slice()).length).toBe(length);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
