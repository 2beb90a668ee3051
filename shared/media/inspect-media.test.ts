import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inspectMedia } from './inspect-media.ts';

function fixture(name: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(`fixtures/${name}`, import.meta.url)));
}

function text(words: string): Uint8Array {
  return new TextEncoder().encode(words);
}

function joined(...pieces: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(pieces.flatMap((piece) => [...piece]));
}

function changed(bytes: Uint8Array, at: number, ...values: readonly number[]): Uint8Array {
  const copy = bytes.slice();
  copy.set(values, at);
  return copy;
}

function indexOf(bytes: Uint8Array, words: string, nth = 0): number {
  let at = -1;
  for (let i = 0; i <= nth; i += 1) at = Buffer.from(bytes).indexOf(words, at + 1, 'latin1');
  expect(at).toBeGreaterThanOrEqual(0);
  return at;
}

function u32(value: number): number[] {
  return [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
}

function box(type: string, ...content: readonly (number | Uint8Array)[]): Uint8Array {
  const body = joined(
    ...content.map((piece) => (typeof piece === 'number' ? Uint8Array.of(...u32(piece)) : piece)),
  );
  return joined(Uint8Array.of(...u32(body.length + 8)), text(type), body);
}

/** Where the packets of some PIDs begin. The video of FFmpeg and of nginx has PID 0x100. */
function packetsOf(bytes: Uint8Array, wanted: (pid: number) => boolean): number[] {
  return [...Array(bytes.length / 188).keys()]
    .map((index) => index * 188)
    .filter((at) => wanted((((bytes[at + 1] ?? 0) & 0x1f) << 8) | (bytes[at + 2] ?? 0)));
}

function withoutRandomAccess(bytes: Uint8Array): Uint8Array {
  for (const at of packetsOf(bytes, () => true))
    if (((bytes[at + 3] ?? 0) & 0x20) !== 0 && (bytes[at + 4] ?? 0) > 0)
      bytes[at + 5] = (bytes[at + 5] ?? 0) & ~0x40;
  return bytes;
}

/** The picture size of the fixtures, in pixels. */
const SIZE = { width: 160, height: 90 };
const H264 = { codec: 'h264', codecs: 'avc1.42d00b', size: SIZE };
const ts = fixture('h264-aac.ts');
const fmp4 = fixture('h264-aac.m4s');
const fmp4Init = fixture('h264-aac-init.mp4');
const cmaf = fixture('cmaf.m4s');
const cmafInit = fixture('cmaf-init.mp4');
/** Where chunks of `cmaf.m4s` begin; it has three. */
const secondChunk = indexOf(cmaf, 'moof', 1) - 4;
const thirdChunk = indexOf(cmaf, 'moof', 2) - 4;

describe('MPEG-TS', () => {
  it.each([
    ['h264-aac.ts', H264],
    ['nginx-rtmp.ts', H264],
    ['hevc.ts', { codec: 'h265', codecs: 'hvc1.1.6.L30.90', size: SIZE }],
    ['mpeg2.ts', { codec: 'mpeg2', codecs: null, size: null }],
  ])('finds the key frame of %s, and tells what it is', (name, video) => {
    expect(inspectMedia(fixture(name))).toEqual({
      ok: true,
      container: 'ts',
      keyFrame: true,
      complete: true,
      video,
      encrypted: false,
    });
  });

  it('sees that a segment cut without regard to key frames has none', () => {
    expect(inspectMedia(fixture('h264-no-key-frame.ts'))).toMatchObject({ ok: true, keyFrame: false });
  });

  it.each(['h264-aac.ts', 'hevc.ts'])(
    'finds the key frame of %s without random access indicators',
    (name) => {
      const bytes = fixture(name);
      for (let at = 0; at < bytes.length; at += 188)
        if (((bytes[at + 3] ?? 0) & 0x20) !== 0 && (bytes[at + 4] ?? 0) > 0)
          bytes[at + 5] = (bytes[at + 5] ?? 0) & ~0x40;
      expect(inspectMedia(bytes)).toMatchObject({ ok: true, keyFrame: true });
    },
  );

  it('cannot tell the key frames of MPEG-2 video without random access indicators', () => {
    expect(inspectMedia(withoutRandomAccess(fixture('mpeg2.ts')))).toMatchObject({
      ok: true,
      keyFrame: 'unknown',
    });
  });

  it('has no video where the program table names only audio', () => {
    expect(inspectMedia(fixture('aac-only.ts'))).toEqual({
      ok: false,
      kind: 'names-no-video',
      problem: 'has no video: its program table names none',
    });
  });

  it('has no video where only the program tables are there', () => {
    expect(inspectMedia(ts.subarray(0, 3 * 188))).toEqual({
      ok: false,
      kind: 'no-video',
      problem: 'has no video: its program table names it, but none is there',
    });
  });

  it('has no video where the video packets are filled with zeros', () => {
    const bytes = fixture('h264-no-key-frame.ts');
    for (const at of packetsOf(bytes, (pid) => pid === 0x100)) {
      const payload = at + (((bytes[at + 3] ?? 0) & 0x20) === 0 ? 4 : 5 + (bytes[at + 4] ?? 0));
      const begins = ((bytes[at + 1] ?? 0) & 0x40) !== 0;
      bytes.fill(0, begins ? payload + 9 + (bytes[payload + 8] ?? 0) : payload, at + 188);
    }
    expect(inspectMedia(bytes)).toEqual({
      ok: false,
      kind: 'no-video',
      problem: 'has no video: its video stream holds no pictures',
    });
  });

  it('takes the program tables of a part from its initialization section', () => {
    const tables = ts.subarray(0, 3 * 188);
    expect(inspectMedia(ts.subarray(3 * 188), tables)).toMatchObject({
      ok: true,
      keyFrame: true,
      video: H264,
    });
  });

  it('knows the codec of a part that holds no parameters, and no more', () => {
    const parameters = Buffer.from(ts).indexOf(Buffer.from([0, 0, 1, 0x67]));
    expect(inspectMedia(changed(ts, parameters + 3, 0x0c))).toMatchObject({
      video: { codec: 'h264', codecs: null, size: null },
    });
  });

  it.each([
    ['H.264 with encrypted samples', [0xdb], { video: H264, encrypted: true }],
    ['H.266', [0x33], { video: { codec: 'h266', codecs: null, size: null }, encrypted: false }],
    ['video without a name here', [0x42], { video: null, encrypted: false }],
  ])('recognises %s by the stream type', (_, type, expected) => {
    const bytes = ts.slice();
    for (const at of packetsOf(bytes, (pid) => pid === 0x1000)) bytes.set(type, at + 17);
    expect(inspectMedia(bytes)).toMatchObject({ ok: true, ...expected });
  });

  it('takes private data for the video that its registration tells', () => {
    const bytes = ts.slice();
    const map = (streams: readonly number[]): number[] => [
      ...[0x02, 0xb0, 13 + streams.length, 0, 1, 0xc1, 0, 0, 0xe1, 0, 0xf0, 0],
      ...streams,
    ];
    const av1 = [0x06, 0xe1, 0x00, 0xf0, 6, 0x05, 4, ...text('AV01')];
    for (const at of packetsOf(bytes, (pid) => pid === 0x1000)) bytes.set(map(av1), at + 5);
    expect(inspectMedia(bytes)).toMatchObject({ ok: true, video: { codec: 'av1', codecs: null } });
  });

  it('accepts a part without program tables by its PES packets', () => {
    const bytes = fixture('h264-no-key-frame.ts');
    const part = joined(
      ...packetsOf(bytes, (pid) => pid === 0x100).map((at) => bytes.subarray(at, at + 188)),
    );
    expect(inspectMedia(part)).toMatchObject({
      ok: true,
      keyFrame: 'unknown',
    });
  });

  it('finds a key frame wherever it begins in the packets', () => {
    const tables = fixture('h264-no-key-frame.ts').subarray(0, 3 * 188);
    const found = Array.from({ length: 400 }, (_, at) => {
      const payload = new Uint8Array(3 * 184).fill(3);
      payload.set([0, 0, 1, 0xe0, 0, 0, 0x80, 0, 0]);
      payload.set([0, 0, 1, 0x65], 9 + at);
      const packets = [0, 1, 2].map((nth) =>
        Uint8Array.from([
          0x47,
          nth === 0 ? 0x41 : 1,
          0,
          0x10,
          ...payload.subarray(184 * nth, 184 * (nth + 1)),
        ]),
      );
      const inspection = inspectMedia(joined(tables, ...packets));
      return inspection.ok && inspection.keyFrame;
    });
    expect(new Set(found)).toEqual(new Set([true]));
  });

  it('tells where sync was lost', () => {
    expect(inspectMedia(changed(ts, 30 * 188, 0x00))).toEqual({
      ok: false,
      kind: 'damaged',
      problem: 'is damaged: MPEG-TS sync lost at byte 5640',
    });
  });

  it('tells that a byte is missing in the middle', () => {
    expect(inspectMedia(joined(ts.subarray(0, 1000), ts.subarray(1001)))).toEqual({
      ok: false,
      kind: 'damaged',
      problem: 'is damaged: MPEG-TS sync lost at byte 1128',
    });
  });

  it('tells a video unit that is not a PES packet', () => {
    const start = packetsOf(ts, (pid) => pid === 0x100)[0] ?? -1;
    expect(start).toBeGreaterThan(0);
    const payload = start + 5 + (ts[start + 4] ?? 0);
    expect(inspectMedia(changed(ts, payload, 9, 9, 9))).toEqual({
      ok: false,
      kind: 'damaged',
      problem: `is damaged: the video packet at byte ${start} has no PES header`,
    });
  });

  it('tells every cut within a packet', () => {
    for (let length = 4; length < ts.length; length += 1) {
      if (length % 188 === 0) continue;
      const inspection = inspectMedia(ts.subarray(0, length));
      const problem = inspection.ok ? 'none' : inspection.problem;
      // There are thousands of comparisons: expect() would take more time than the inspections.
      if (problem !== `is cut off: the last MPEG-TS packet has ${length % 188} of 188 bytes`)
        expect.fail(`${length} bytes: ${problem}`);
    }
  });

  it('calls a segment incomplete whose last video packet is missing', () => {
    const videoAt = packetsOf(ts, (pid) => pid === 0x100);
    const lastStart = videoAt.findLast((at) => ((ts[at + 1] ?? 0) & 0x40) !== 0) ?? 0;
    const payload = lastStart + 5 + (ts[lastStart + 4] ?? 0);
    // FFmpeg writes no lengths into its PES packets of video. Here the last one announces its true length.
    const [, ...after] = videoAt.filter((at) => at >= lastStart);
    const bytesOf = (at: number): number =>
      188 - (((ts[at + 3] ?? 0) & 0x20) === 0 ? 4 : 5 + (ts[at + 4] ?? 0));
    const announced = lastStart + 188 - payload - 6 + after.reduce((sum, at) => sum + bytesOf(at), 0);
    const whole = changed(ts, payload + 4, announced >> 8, announced & 255);
    expect(inspectMedia(whole)).toMatchObject({ ok: true, complete: true });
    const last = after.at(-1) ?? 0;
    const cut = joined(whole.subarray(0, last), whole.subarray(last + 188));
    expect(inspectMedia(cut)).toMatchObject({ ok: true, complete: false });
  });

  it('does not mind audio that is cut off or missing: a wall is muted', () => {
    const lastStart = ts.length - 188;
    expect(packetsOf(ts, (pid) => pid === 0x101)).toContain(lastStart);
    expect((ts[lastStart + 1] ?? 0) & 0x40).toBe(0);
    expect(inspectMedia(ts.subarray(0, lastStart))).toEqual(inspectMedia(ts));
    const silent = joined(...packetsOf(ts, (pid) => pid !== 0x101).map((at) => ts.subarray(at, at + 188)));
    expect(inspectMedia(silent)).toEqual(inspectMedia(ts));
  });
});

describe('fragmented MP4', () => {
  it.each([
    ['h264-aac.m4s', fmp4, fmp4Init, H264],
    ['h264-aac.m4s without its initialization section', fmp4, null, null],
    ['h264-aac.m4s behind its initialization section', joined(fmp4Init, fmp4), null, H264],
    ['cmaf.m4s', cmaf, cmafInit, H264],
    ['hevc.mp4', fixture('hevc.mp4'), null, { codec: 'h265', codecs: 'hvc1.1.6.L30.90', size: SIZE }],
  ])('finds the key frame of %s, and tells what it is', (_, bytes, init, video) => {
    expect(inspectMedia(bytes, init)).toEqual({
      ok: true,
      container: 'fmp4',
      keyFrame: true,
      complete: true,
      video,
      encrypted: false,
    });
  });

  it('does not mind audio samples that are missing, or more than can be counted: a wall is muted', () => {
    const audio = indexOf(fmp4, 'trun', 1);
    const sound = inspectMedia(fmp4, fmp4Init);
    expect(sound.ok).toBe(true);
    expect(inspectMedia(changed(fmp4, audio + 12, 0x7f), fmp4Init)).toEqual(sound);
    expect(inspectMedia(changed(fmp4, audio + 8, 0x00, 0x7f), fmp4Init)).toEqual(sound);
  });

  it('accepts a chunk without a key frame as a part, and says so', () => {
    const chunk = cmaf.subarray(secondChunk, thirdChunk);
    expect(inspectMedia(chunk, cmafInit)).toMatchObject({ ok: true, keyFrame: false });
    expect(inspectMedia(chunk)).toMatchObject({ ok: true, keyFrame: false });
  });

  it('believes the NAL units where the sample flags call every frame a key frame', () => {
    const chunk = cmaf.slice(secondChunk, thirdChunk);
    const flags = indexOf(chunk, 'tfhd') + 4 + 8 + 8;
    const lying = changed(chunk, flags, 0x02, 0x00, 0x00, 0x00);
    expect(inspectMedia(lying, cmafInit)).toMatchObject({ ok: true, keyFrame: false });
  });

  it.each([
    [0x01010000, false],
    [0x02000000, true],
  ])('takes default sample flags %i from the initialization section', (flags, keyFrame) => {
    const trak = box('trak', box('tkhd', 0, 0, 0, 7), box('mdia', box('hdlr', 0, 0, text('vide'), 0, 0, 0)));
    const init = box('moov', trak, box('mvex', box('trex', 0, 7, 1, 512, 3, flags)));
    const moof = (dataOffset: number): Uint8Array =>
      box('moof', box('traf', box('tfhd', 0x020000, 7), box('trun', 0x1, 2, dataOffset)));
    const part = joined(moof(moof(0).length + 8), box('mdat', text('abcdef')));
    expect(inspectMedia(part, init)).toMatchObject({ ok: true, keyFrame });
    expect(inspectMedia(part)).toMatchObject({ ok: true, keyFrame: 'unknown' });
  });

  it('has no video where the initialization section names only audio', () => {
    expect(inspectMedia(fixture('aac.mp4'))).toEqual({
      ok: false,
      kind: 'names-no-video',
      problem: 'has no video: its initialization section names none',
    });
  });

  it('has no video where only the audio track has samples', () => {
    const bytes = fmp4.slice();
    const videoTrackId = indexOf(bytes, 'tfhd') + 4 + 4;
    expect(inspectMedia(changed(bytes, videoTrackId, ...u32(2)), fmp4Init)).toEqual({
      ok: false,
      kind: 'no-video',
      problem: 'has no video: no samples of its video track',
    });
  });

  it('cannot tell without an initialization section whether sync samples alone are video', () => {
    const bytes = fixture('aac.mp4');
    expect(inspectMedia(bytes.subarray(indexOf(bytes, 'moof') - 4))).toMatchObject({ keyFrame: 'unknown' });
  });

  it('has no media in an initialization section', () => {
    expect(inspectMedia(cmafInit)).toEqual({
      ok: false,
      kind: 'damaged',
      problem: 'has no media: no moof box',
    });
  });

  it('tells how much of a box is missing', () => {
    const mdat = indexOf(fmp4, 'mdat') - 4;
    expect(inspectMedia(fmp4.subarray(0, mdat + 1200))).toEqual({
      ok: false,
      kind: 'damaged',
      problem: `is cut off: the mdat box says ${fmp4.length - mdat} bytes, 1200 are there`,
    });
  });

  it('tells that the media of a fragment is missing', () => {
    expect(inspectMedia(fmp4.subarray(0, indexOf(fmp4, 'mdat') - 4))).toEqual({
      ok: false,
      kind: 'damaged',
      problem: 'is cut off: its last moof box has no mdat box after it',
    });
  });

  it('tells every cut but those between two chunks', () => {
    const whole = new Set([secondChunk, thirdChunk]);
    for (let length = 8; length < cmaf.length; length += 1)
      expect(inspectMedia(cmaf.subarray(0, length), cmafInit).ok, `${length} bytes`).toBe(whole.has(length));
  });

  it('tells samples beyond the mdat box', () => {
    const chunk = cmaf.slice(secondChunk, thirdChunk);
    const shorter = chunk.slice(0, -100);
    const mdat = indexOf(shorter, 'mdat') - 4;
    expect(inspectMedia(changed(shorter, mdat, ...u32(shorter.length - mdat)))).toEqual({
      ok: false,
      kind: 'damaged',
      problem: 'is damaged: the moof box at byte 0 announces samples that its mdat box does not hold',
    });
  });

  it('tells ruined samples', () => {
    const mdat = indexOf(fmp4, 'mdat') + 4;
    const noise = Uint8Array.from({ length: 400 }, (_, index) => (index * 37 + 11) & 255);
    expect(inspectMedia(changed(fmp4, mdat, ...noise), fmp4Init)).toEqual({
      ok: false,
      kind: 'damaged',
      problem: `is damaged: broken video sample at byte ${mdat}`,
    });
  });

  it('refuses more samples than a segment can have, and more than it describes', () => {
    const count = indexOf(cmaf, 'trun') + 8;
    expect(inspectMedia(changed(cmaf, count, 0xff, 0xff, 0xff, 0xff))).toEqual({
      ok: false,
      kind: 'damaged',
      problem: 'is damaged: it announces 4294967305 samples',
    });
    expect(inspectMedia(changed(cmaf, count, 0, 0, 0, 99))).toEqual({
      ok: false,
      kind: 'damaged',
      problem: `is damaged: broken trun box at byte ${count - 12}`,
    });
  });

  it('refuses more NAL units than a segment can have, in one sample and in all of them', () => {
    const units = (count: number): Uint8Array => {
      const bytes = new Uint8Array(5 * count);
      for (let at = 0; at < bytes.length; at += 5) bytes.set([0, 0, 0, 1, 0x41], at);
      return bytes;
    };
    const fragment = (...samples: readonly Uint8Array[]): Uint8Array => {
      const sizes = samples.map(({ length }) => length);
      const moof = (dataOffset: number): Uint8Array =>
        box(
          'moof',
          box('traf', box('tfhd', 0x020000, 1), box('trun', 0x201, samples.length, dataOffset, ...sizes)),
        );
      return joined(moof(moof(0).length + 8), box('mdat', ...samples));
    };
    expect(inspectMedia(fragment(units(100_000), units(100_000)), cmafInit)).toMatchObject({ ok: true });
    const tooMany = [fragment(units(200_001)), fragment(units(100_000), units(100_001))];
    for (const bytes of tooMany)
      expect(inspectMedia(bytes, cmafInit)).toMatchObject({
        ok: false,
        problem: expect.stringContaining('broken video sample'),
      });
  });

  it('refuses runs that overlap instead of walking through them again and again', () => {
    const sample = [0x020010, 7, 6];
    const run = (dataOffset: number): Uint8Array => box('trun', 0x1, 1, dataOffset);
    const moof = (dataOffset: number): Uint8Array =>
      box('moof', box('traf', box('tfhd', ...sample), run(dataOffset), run(dataOffset)));
    const part = joined(moof(moof(0).length + 8), box('mdat', text('abcdef')));
    expect(inspectMedia(part)).toEqual({
      ok: false,
      kind: 'damaged',
      problem: 'is damaged: the moof box at byte 0 announces samples that its mdat box does not hold',
    });
  });
});

describe('sample entries', () => {
  /** The fields of an entry before its boxes: the picture has 322 by 182 pixels. */
  const visual = Uint8Array.of(...Array(24).fill(0), 1, 66, 0, 182, ...Array(50).fill(0));
  const part = fmp4;

  function formatOf(...content: readonly Uint8Array[]): unknown {
    const [type = text(''), ...boxes] = content;
    const entry = box(new TextDecoder().decode(type), visual, ...boxes);
    const stsd = box('stsd', 0, 1, entry);
    const media = box('mdia', box('hdlr', 0, 0, text('vide'), 0, 0, 0), box('minf', box('stbl', stsd)));
    const inspection = inspectMedia(part, box('moov', box('trak', box('tkhd', 0, 0, 0, 1), media)));
    if (!inspection.ok) throw new Error(inspection.problem);
    return { ...inspection.video, encrypted: inspection.encrypted };
  }
  const size = { width: 322, height: 182 };
  const raw = (type: string, ...values: readonly number[]): Uint8Array => box(type, Uint8Array.from(values));
  /** A full box with an elementary stream descriptor. Some of its lengths have one byte, others four. */
  const esds = (object: number, ...specific: readonly number[]): Uint8Array =>
    raw(
      'esds',
      ...[0, 0, 0, 0, 0x03, 0x80, 0x80, 0x80, 30, 0, 1, 0, 0x04, 20, object, ...Array(12).fill(0)],
      ...(specific.length === 0 ? [] : [0x05, specific.length, ...specific]),
    );

  it.each([
    ['av01', [raw('av1C', 0x81, 0x28, 0xcc, 0)], 'av1', 'av01.1.08H.10'],
    ['vp09', [raw('vpcC', 1, 0, 0, 0, 2, 31, 0xa0)], 'vp9', 'vp09.02.31.10'],
    ['vp08', [], 'vp8', null],
    ['mp4v', [esds(0x20, 0, 0, 1, 0xb0, 3)], 'mpeg4', 'mp4v.20.3'],
    ['mp4v', [esds(0x61)], 'mpeg2', 'mp4v.61'],
    ['mp4v', [esds(0x6c)], 'mjpeg', 'mp4v.6c'],
    ['jpeg', [], 'mjpeg', 'jpeg'],
    ['vvc1', [], 'h266', null],
    ['hev1', [], 'h265', null],
    ['avc3', [raw('avcC', 1, 0x64, 0)], 'h264', null],
  ])('%s', (type, boxes, codec, codecs) => {
    expect(formatOf(text(type), ...boxes)).toEqual({ codec, codecs, size, encrypted: false });
  });

  it('without a name here, or broken, are of no known codec', () => {
    expect(formatOf(text('drac'))).toEqual({ encrypted: false });
    expect(formatOf(text('mp4v'), raw('esds', 0, 0, 0, 0, 9))).toEqual({ encrypted: false });
  });

  it('that are encrypted tell what they were before', () => {
    const scheme = box('sinf', box('frma', text('avc1')));
    expect(formatOf(text('encv'), raw('avcC', 1, 0x64, 0, 0x1f, 0xff), scheme)).toEqual({
      codec: 'h264',
      codecs: 'avc1.64001f',
      size,
      encrypted: true,
    });
    expect(formatOf(text('encv'))).toEqual({ encrypted: true });
  });
});

describe('packed audio', () => {
  it('is audio, behind an ID3 tag as well', () => {
    const aac = fixture('aac.aac');
    const tag = Uint8Array.of(...text('ID3'), 4, 0, 0, 0, 0, 0, 3, 1, 2, 3);
    const audio = {
      ok: true,
      container: 'audio',
      keyFrame: false,
      complete: true,
      video: null,
      encrypted: false,
    };
    expect(inspectMedia(aac)).toEqual(audio);
    expect(inspectMedia(joined(tag, aac))).toEqual(audio);
  });

  it('tells a cut-off and a lost frame', () => {
    const aac = fixture('aac.aac');
    expect(inspectMedia(aac.subarray(0, -3))).toMatchObject({
      problem: expect.stringMatching(/^is cut off/),
    });
    expect(inspectMedia(joined(aac.subarray(0, 20), aac.subarray(21)))).toMatchObject({
      problem: expect.stringMatching(/^is damaged: ADTS sync lost at byte \d+$/),
    });
  });
});

describe('what is not media', () => {
  it.each([
    ['is empty', text('')],
    ['is HTML', text('\n<!DOCTYPE html><html><body>Sign in</body></html>')],
    ['is XML', text('<?xml version="1.0"?><error/>')],
    ['is JSON', text('{"error":"no such camera"}')],
    ['is a playlist', text('#EXTM3U\n')],
    ['is WebVTT text', text('WEBVTT\n')],
    [
      'is text',
      text('Gateway timeout, and many more words than two packets of MPEG-TS would hold. '.repeat(9)),
    ],
    ['is a JPEG picture', Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 16)],
    ['is neither MPEG-TS, nor fragmented MP4, nor packed AAC', Uint8Array.of(0, 0, 0, 1, 0x67, 0x42)],
  ])('%s', (problem, bytes) => {
    expect(inspectMedia(bytes)).toEqual({ ok: false, kind: 'damaged', problem });
  });
});

describe('whatever the bytes are', () => {
  const media = [ts, fmp4, cmaf, fixture('hevc.mp4'), fixture('hevc.ts'), fixture('aac.aac')];

  it('never throws', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...media),
        fc.array(fc.tuple(fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 4 })), { maxLength: 8 }),
        fc.nat(),
        (bytes, changes, cut) => {
          const ruined = bytes.slice(0, bytes.length - (cut % bytes.length));
          // The structure is at the beginning, so most changes are made there.
          for (const [at, values] of changes)
            ruined.set(
              values.subarray(0, ruined.length - (at % Math.min(ruined.length, 900))),
              at % Math.min(ruined.length, 900),
            );
          expect(typeof inspectMedia(ruined, cmafInit).ok).toBe('boolean');
          expect(typeof inspectMedia(fmp4, ruined).ok).toBe('boolean');
        },
      ),
      { numRuns: 1500 },
    );
  });

  it('never throws on a ruined initialization section', () => {
    fc.assert(
      fc.property(fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 8 }), (at, values) => {
        const start = at % (fmp4Init.length - 8);
        expect(typeof inspectMedia(fmp4, changed(fmp4Init, start, ...values)).ok).toBe('boolean');
      }),
      { numRuns: 1000 },
    );
  });
});
