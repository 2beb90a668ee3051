import { createDecipheriv } from 'node:crypto';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { runQuietly, testWithFfmpeg } from '../../../electron/demo/testing/test-ffmpeg.ts';
import { inspectMedia } from '../../../shared/media/inspect-media.ts';
import { ASKED_MS, AskedStream, addressesIn, NUMBER } from '../asked-stream.ts';
import { MP4_FLOODS, TS_FLOODS } from './flooded-media.ts';
import { PLAYLIST_FLOODS } from './flooded-playlists.ts';

const mpegts = { container: 'mpegts' } as const;

/** What ffprobe says about media: the fields of the streams, one line for each stream. */
function probed(media: Uint8Array, fields: string): string[] {
  const args = ['-show_entries', `stream=${fields}`, '-of', 'csv=p=0', '-'];
  const lines = runQuietly('ffprobe', args, media).toString().split('\n');
  return [...new Set(lines.map((line) => line.replace(/,+$/, '')).filter((line) => line !== ''))];
}

/** Presentation times of the pictures or of the sound in media, s. */
function timesOf(media: Uint8Array, kind: 'v' | 'a'): number[] {
  const args = ['-select_streams', kind, '-show_entries', 'packet=pts_time', '-of', 'csv=p=0', '-'];
  return runQuietly('ffprobe', args, media).toString().split('\n').filter(Boolean).map(Number.parseFloat);
}

/** Number of packets with sound in a segment of a transport stream. */
function soundPackets(segment: Buffer): number {
  const names = Array.from({ length: segment.length / 188 }, (_, index) =>
    segment.readUInt16BE(188 * index + 1),
  );
  return names.filter((name) => (name & 0x1fff) === 0x101).length;
}

describe('headers', () => {
  test.each([
    ['gzip', gunzipSync],
    ['deflate', inflateSync],
    ['br', brotliDecompressSync],
  ] as const)('everything comes as %s', async (coding, unpack) => {
    const plain = await AskedStream.of({});
    const stream = await AskedStream.of({ oddities: [{ kind: 'compressed', coding }] });
    for (const [file, expected] of [
      ['index.m3u8', plain.playlist()],
      ['init.mp4', Buffer.from(plain.media('init.mp4')).toString()],
    ] as const) {
      const answer = stream.ask(file);
      if (answer.kind !== 'file' || typeof answer.body === 'string') throw new Error('not compressed');
      expect(answer.headers).toEqual({ 'content-encoding': coding });
      expect(unpack(answer.body).toString()).toBe(expected);
    }
  });

  test('content types are what they are said to be', async () => {
    const oddities = [{ kind: 'content-types', playlists: 'text/html', media: 'text/plain' }] as const;
    const stream = await AskedStream.of({ oddities: [...oddities] });
    expect(stream.ask('index.m3u8')).toMatchObject({ type: 'text/html' });
    expect(stream.ask('init.mp4')).toMatchObject({ type: 'text/plain' });
  });

  test('media wants the cookie that the playlist set', async () => {
    const stream = await AskedStream.of({ oddities: [{ kind: 'cookie' }] });
    const list = stream.ask('index.m3u8');
    const [set = ''] = [(list.kind === 'file' && list.headers?.['set-cookie']) || ''].flat();
    const [cookie] = set.split(';');
    expect(stream.ask('init.mp4')).toMatchObject({ kind: 'refused', status: 403 });
    expect(stream.ask('init.mp4', ASKED_MS, {}, `other=1; ${cookie}`)).toMatchObject({ kind: 'file' });
  });
});

describe('playlists', () => {
  test('declare something else than what is true', async () => {
    const values = {
      'EXT-X-TARGETDURATION': '1',
      BANDWIDTH: '1',
      CODECS: '"avc1.000000"',
      'PART-TARGET': '0.02',
    };
    const oddities = [{ kind: 'declares' as const, values }];
    const long = await AskedStream.of({ stream: { segmentMs: 5000 }, oddities });
    expect(long.playlist()).toContain('#EXT-X-TARGETDURATION:1\n');
    expect(long.playlist()).toContain('#EXTINF:5.000,');
    const low = await AskedStream.of({ stream: { partMs: 333, multivariant: true }, oddities });
    expect(low.playlist()).toMatch(
      /STREAM-INF:BANDWIDTH=1,AVERAGE-BANDWIDTH=\d{2,},CODECS="avc1.000000",RES/,
    );
    expect(low.playlist('main/index.m3u8')).toContain('#EXT-X-PART-INF:PART-TARGET=0.02\n');
  });

  test('have further lines before their first segment', async () => {
    const lines = ['#EXT-X-KEY : METHOD=NONE', '# a comment'];
    const stream = await AskedStream.of({ oddities: [{ kind: 'further-lines', lines }] });
    expect(stream.playlist().split(`${lines.join('\n')}\n#EXTINF:`)).toHaveLength(2);
  });

  test('grow from a given length, and lose nothing at their begin', async () => {
    const stream = await AskedStream.of({ oddities: [{ kind: 'growing-list', bytesAtStart: 1_000_000 }] });
    const first = stream.playlist();
    const later = stream.playlist('index.m3u8', ASKED_MS + 10_000);
    expect(Math.abs(first.length - 1_000_000)).toBeLessThan(1000);
    expect(addressesIn(later).slice(0, addressesIn(first).length)).toEqual(addressesIn(first));
    expect(addressesIn(later).length - addressesIn(first).length).toBe(10);
    const sequence = Number(/MEDIA-SEQUENCE:(\d+)/.exec(first)?.[1]);
    expect(addressesIn(first)[0]).toMatch(new RegExp(`^${sequence}\\.m4s\\?token=`));
    const dates = [...later.matchAll(/DATE-TIME:(.*)/g)].map(([, date = '']) => Date.parse(date));
    expect(new Set(dates.slice(1).map((date, index) => date - (dates[index] ?? 0)))).toEqual(new Set([1000]));
    expect(stream.media(addressesIn(later).at(-1) ?? '', ASKED_MS + 10_000).length).toBeGreaterThan(1000);
  });

  test('say in their own way that the camera sends nothing', async () => {
    const gone = { sourceGoneSinceMs: ASKED_MS - 5000 };
    const of = (answer: 'empty-list' | 'empty-answer' | 'ended-list'): Promise<AskedStream> =>
      AskedStream.of({ oddities: [{ kind: 'source-gone', answer }] });
    expect((await AskedStream.of({})).ask('index.m3u8', ASKED_MS, gone)).toMatchObject({ kind: 'missing' });
    const empty = await of('empty-list');
    expect(empty.playlist('index.m3u8', ASKED_MS, gone)).toMatch(/^#EXTM3U\n/);
    expect(addressesIn(empty.playlist('index.m3u8', ASKED_MS, gone))).toEqual([]);
    expect(empty.ask('init.mp4', ASKED_MS, gone)).toMatchObject({ kind: 'missing' });
    expect((await of('empty-answer')).playlist('index.m3u8', ASKED_MS, gone)).toBe('');
    const ended = await of('ended-list');
    expect(ended.playlist('index.m3u8', ASKED_MS, gone)).toBe(
      `${ended.playlist('index.m3u8', ASKED_MS - 5000)}#EXT-X-ENDLIST\n`,
    );
    for (const stream of [empty, ended]) expect(addressesIn(stream.playlist())).toHaveLength(7);
  });

  test('name a changed init segment as the one before, and keep the segments of before', async () => {
    const stream = await AskedStream.of({ oddities: [{ kind: 'init-keeps-name' }] });
    const other = { encoding: 'other' } as const;
    const init = stream.media('init.mp4');
    const [name = ''] = addressesIn(stream.playlist());
    const media = stream.media(name);
    expect(stream.playlist('index.m3u8', ASKED_MS, other)).toContain('URI="init.mp4"');
    expect(stream.media('init.mp4', ASKED_MS, other)).toEqual(init);
    const laterMs = ASKED_MS + 2000;
    const later = stream.playlist('index.m3u8', laterMs, other);
    expect(later).toContain('URI="init.mp4"');
    const otherInit = stream.media('init.mp4', laterMs, other);
    expect(otherInit).not.toEqual(init);
    expect(stream.media(name, laterMs, other)).toEqual(media);
    const newest = stream.media(addressesIn(later).at(-1) ?? '', laterMs, other);
    expect(probed(Buffer.concat([otherInit, newest]), 'width,height')).toEqual(['320,180']);
  });

  test('send the parameters of each key picture with it', async () => {
    const plain = await AskedStream.of({});
    const stream = await AskedStream.of({ oddities: [{ kind: 'in-band-parameters' }] });
    const [name = ''] = addressesIn(stream.playlist());
    const media = Buffer.from(stream.media(name));
    const firstUnit = (bytes: Buffer): number => (bytes[bytes.indexOf('mdat') + 8] ?? 0) & 0x1f;
    expect(firstUnit(media)).toBe(7);
    expect(firstUnit(Buffer.from(plain.media(name)))).not.toBe(7);
    const init = stream.media('init.mp4');
    expect(inspectMedia(media, init)).toMatchObject({ ok: true, keyFrame: true });
    expect(probed(Buffer.concat([init, media]), 'width,height')).toEqual(['640,360']);
  });

  test('send their clients to the further address', async () => {
    const further = 'http://127.0.0.1:9';
    const elsewhere = (by: 'redirect' | 'absolute-addresses'): Promise<AskedStream> =>
      AskedStream.of({ stream: { multivariant: true }, oddities: [{ kind: 'elsewhere', by }] }, further);
    expect((await elsewhere('redirect')).ask('main/index.m3u8?_HLS_skip=YES')).toEqual({
      kind: 'redirect',
      location: `${further}/quay/main/index.m3u8?_HLS_skip=YES`,
    });
    const absolute = await elsewhere('absolute-addresses');
    expect(addressesIn(absolute.playlist())).toEqual([
      `${further}/quay/main/index.m3u8`,
      `${further}/quay/sub/index.m3u8`,
    ]);
    const media = absolute.playlist('main/index.m3u8');
    expect(media).toContain(`URI="${further}/quay/main/init.mp4"`);
    expect(addressesIn(media)[0]).toMatch(new RegExp(`^${further}/quay/main/\\d+\\.m4s$`));
    await expect(AskedStream.of({ oddities: [{ kind: 'elsewhere', by: 'redirect' }] })).rejects.toThrow(
      'no further address',
    );
  });

  test('wait for a source that is started on demand, and stopped when nobody asks', async () => {
    const stream = await AskedStream.of({ oddities: [{ kind: 'on-demand', startMs: 3000, idleMs: 10_000 }] });
    expect(stream.ask('index.m3u8')).toEqual({ kind: 'wait', untilMs: ASKED_MS + 3000 });
    expect(stream.ask('index.m3u8', ASKED_MS + 3000)).toMatchObject({ kind: 'file' });
    expect(stream.ask('index.m3u8', ASKED_MS + 13_000)).toMatchObject({ kind: 'file' });
    expect(stream.ask('index.m3u8', ASKED_MS + 23_001)).toMatchObject({ kind: 'wait' });
  });

  test('list sound alone as the cheapest variant, which has no picture', async () => {
    const stream = await AskedStream.of({
      stream: { ...mpegts, multivariant: true },
      oddities: [{ kind: 'sound', sound: 'aac', presence: 'always' }, { kind: 'sound-only-variant' }],
    });
    const master = stream.playlist();
    expect(addressesIn(master)).toEqual(['main/index.m3u8', 'sub/index.m3u8', 'sound/index.m3u8']);
    expect(master).toMatch(/BANDWIDTH=40000,CODECS="mp4a\.40\.2"\nsound/);
    const [segment = ''] = addressesIn(stream.playlist('sound/index.m3u8'));
    expect(inspectMedia(stream.media(`sound/${segment}`))).toMatchObject({ ok: false });
    expect(inspectMedia(stream.media(`sub/${segment}`))).toMatchObject({ ok: true });
  });
});

describe('encryption', () => {
  test('each segment is encrypted with the key that is below the site', async () => {
    const clear = await AskedStream.of({ stream: mpegts });
    const stream = await AskedStream.of({
      stream: mpegts,
      oddities: [{ kind: 'encrypted', method: 'AES-128', key: 'given' }],
    });
    const list = stream.playlist();
    const uri = /#EXT-X-KEY:METHOD=AES-128,URI="([^"]+)"\n/.exec(list)?.[1] ?? '';
    const number = Number(/MEDIA-SEQUENCE:(\d+)/.exec(list)?.[1]) + 2;
    const vector = Buffer.alloc(16);
    vector.writeUInt32BE(number, 12);
    const decipher = createDecipheriv('aes-128-cbc', stream.media(uri), vector);
    const opened = Buffer.concat([decipher.update(stream.media(`${number}.ts`)), decipher.final()]);
    expect(opened.equals(clear.media(`${number}.ts`))).toBe(true);
  });

  test.each([
    ['refused', { kind: 'refused', status: 403 }],
    ['missing', { kind: 'missing' }],
    ['not-a-key', { kind: 'file' }],
  ] as const)('the key is %s', async (key, answer) => {
    const stream = await AskedStream.of({ oddities: [{ kind: 'encrypted', method: 'AES-128', key }] });
    expect(stream.ask('stream.key')).toMatchObject(answer);
    // The init segment is before the tag of the key, so it is not encrypted.
    expect(stream.media('init.mp4')).toEqual((await AskedStream.of({})).media('init.mp4'));
  });

  test('a method that nobody may take for AES-128', async () => {
    const stream = await AskedStream.of({
      oddities: [{ kind: 'encrypted', method: 'SAMPLE-AES', key: 'given' }],
    });
    expect(stream.playlist()).toContain('#EXT-X-KEY:METHOD=SAMPLE-AES,');
  });
});

describe('media', () => {
  for (const [container, codec, told] of [
    ['mpegts', 'h265', 'hevc'],
    ['fmp4', 'h265', 'hevc'],
    ['mpegts', 'mpeg2', 'mpeg2video'],
  ] as const)
    testWithFfmpeg(`${codec} in ${container} goes on in time from segment to segment`, async () => {
      const stream = await AskedStream.of({ stream: { container }, oddities: [{ kind: 'codec', codec }] });
      const media = (number: number): Uint8Array =>
        container === 'mpegts'
          ? stream.media(`${number}.ts`)
          : Buffer.concat([stream.media('init.mp4'), stream.media(`${number}.m4s`)]);
      expect(probed(media(NUMBER), 'codec_name')).toEqual([told]);
      const [first, next] = [NUMBER, NUMBER + 1].map((number) => Math.min(...timesOf(media(number), 'v')));
      expect((next ?? 0) - (first ?? 0)).toBeCloseTo(1, 3);
    });

  testWithFfmpeg('a camera’s clock jumps, later at one site than at the other', async () => {
    const of = (afterS: number): Promise<AskedStream> =>
      AskedStream.of({
        stream: mpegts,
        oddities: [{ kind: 'clock-jumps', byS: 3600, everyS: 20, afterS }],
      });
    const [main, other] = [await of(0), await of(10)];
    const begin = (stream: AskedStream, number: number): number =>
      timesOf(stream.media(`${number}.ts`, ASKED_MS - 1_000_000_500 + number * 1000 + 2000), 'v')[0] ?? 0;
    expect(begin(main, 999_980) - begin(main, 999_979)).toBeCloseTo(3601, 3);
    expect(begin(main, 999_981) - begin(main, 999_980)).toBeCloseTo(1, 3);
    expect(begin(other, 999_980) - begin(other, 999_979)).toBeCloseTo(1, 3);
    expect(begin(other, 999_990) - begin(other, 999_989)).toBeCloseTo(3601, 3);
  });

  for (const [sound, codec] of [
    ['aac', 'aac'],
    ['mp2', 'mp2'],
    ['opus', 'opus'],
  ] as const)
    testWithFfmpeg(`a transport stream with ${sound} that goes on from segment to segment`, async () => {
      const stream = await AskedStream.of({
        stream: mpegts,
        oddities: [{ kind: 'sound', sound, presence: 'always' }],
      });
      const media = Buffer.concat([stream.media(`${NUMBER}.ts`), stream.media(`${NUMBER + 1}.ts`)]);
      expect(probed(media, 'codec_name')).toEqual(['h264', codec]);
      const times = timesOf(media, 'a');
      const steps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
      expect(Math.max(...steps) - Math.min(...steps)).toBeLessThan(0.001);
      expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThan(1.9);
    });

  test('sound pauses for 10 s of 20', async () => {
    const stream = await AskedStream.of({
      stream: { ...mpegts, keptSegments: 20 },
      oddities: [{ kind: 'sound', sound: 'aac', presence: 'pauses' }],
    });
    const packets = [NUMBER - 5, NUMBER + 5].map((number) =>
      soundPackets(Buffer.from(stream.media(`${number}.ts`))),
    );
    expect(packets).toEqual([16, 0]);
  });

  testWithFfmpeg('sound begins later than the pictures', async () => {
    const stream = await AskedStream.of({
      stream: mpegts,
      oddities: [{ kind: 'sound', sound: 'aac', presence: 'begins-late' }],
    });
    const media = stream.media(`${NUMBER}.ts`);
    expect((timesOf(media, 'a')[0] ?? 0) - (timesOf(media, 'v')[0] ?? 0)).toBeCloseTo(1.5, 0);
  });

  test('sound that is only named has no packet', async () => {
    const stream = await AskedStream.of({
      stream: mpegts,
      oddities: [{ kind: 'sound', sound: 'aac', presence: 'never' }],
    });
    expect(soundPackets(Buffer.from(stream.media(`${NUMBER}.ts`)))).toBe(0);
  });

  test('G.711 under a type that only cameras know is named and filled', async () => {
    const stream = await AskedStream.of({
      stream: mpegts,
      oddities: [{ kind: 'sound', sound: 'g711', presence: 'always' }],
    });
    const bytes = Buffer.from(stream.media(`${NUMBER}.ts`));
    expect(bytes.includes(Buffer.from([0x90, 0xe1, 0x01, 0xf0, 0]))).toBe(true);
    expect(soundPackets(bytes)).toBe(50);
    expect(inspectMedia(bytes)).toMatchObject({ ok: true });
  });

  for (const [sound, codec] of [
    ['alaw', 'pcm_alaw'],
    ['ulaw', 'pcm_mulaw'],
  ] as const)
    testWithFfmpeg(`fragmented MP4 with a track of ${sound}`, async () => {
      const stream = await AskedStream.of({ oddities: [{ kind: 'sound-track', sound }] });
      const media = Buffer.concat([stream.media('init.mp4'), stream.media(`${NUMBER}.m4s`)]);
      expect(probed(media, 'codec_name')).toEqual(['h264', codec]);
      expect(timesOf(media, 'v')).toHaveLength(15);
      const [begin = 0] = timesOf(media, 'a');
      expect(begin).toBeCloseTo(NUMBER, 2);
    });

  test('fragmented MP4 with a track of PCM, in one fragment with the pictures', async () => {
    const plain = await AskedStream.of({});
    const stream = await AskedStream.of({ oddities: [{ kind: 'sound-track', sound: 'ipcm' }] });
    const init = Buffer.from(stream.media('init.mp4'));
    expect(init.includes('ipcm')).toBe(true);
    const [with2, with1] = [stream, plain].map((one) => Buffer.from(one.media(`${NUMBER}.m4s`)));
    expect(with2?.length).toBe((with1?.length ?? 0) + 16_000 + 8 + 24 + 20 + 20);
    expect(inspectMedia(with2 ?? init)).toMatchObject({ ok: true });
  });
});

test('segments cut without regard to key pictures begin with none most of the time', async () => {
  const stream = await AskedStream.of({
    pictures: 'key-each-12-s',
    stream: { ...mpegts, segmentMs: 2000, keyPictures: 'anywhere' },
  });
  const list = stream.playlist();
  expect(list).not.toContain('INDEPENDENT-SEGMENTS');
  const firstKeys = addressesIn(list).map((file) => {
    const bytes = Buffer.from(stream.media(file));
    // Each key picture has a parameter set, and no other picture has one.
    return bytes.includes(Buffer.from([0, 0, 0, 1, 0x67])) ? 'key' : 'none';
  });
  expect(firstKeys.filter((kind) => kind === 'key')).toHaveLength(1);
  expect(firstKeys).toHaveLength(7);
});

testWithFfmpeg('and can be decoded from the one that has it to the next', async () => {
  const stream = await AskedStream.of({
    pictures: 'key-each-12-s',
    stream: { ...mpegts, segmentMs: 2000, keyPictures: 'anywhere', keptSegments: 20 },
  });
  // Six segments of 2 s are one round of the clip. The clip begins with its key picture.
  const first = 6 * Math.floor(NUMBER / 12) - 6;
  const round = Array.from({ length: 6 }, (_, index) => stream.media(`${first + index}.ts`));
  const args = ['-count_frames', '-show_entries', 'stream=nb_read_frames', '-of', 'csv=p=0', '-'];
  expect(Number.parseInt(runQuietly('ffprobe', args, Buffer.concat(round)).toString(), 10)).toBe(180);
});

describe('hostile', () => {
  test.each(PLAYLIST_FLOODS)(
    'playlists have %s before their first segment, and go on behind them',
    async (flood) => {
      const plain = await AskedStream.of({});
      const stream = await AskedStream.of({ oddities: [{ kind: 'playlist-flood', flood }] });
      const [list, usual] = [stream.playlist(), plain.playlist()];
      expect(list.length).toBeGreaterThan(usual.length + 1000);
      expect(list.endsWith(usual.slice(usual.indexOf('#EXTINF:')))).toBe(true);
    },
  );

  test('playlists list the configured number of variants', async () => {
    const stream = await AskedStream.of({ oddities: [{ kind: 'variants', count: 500 }] });
    expect(addressesIn(stream.playlist())).toHaveLength(500);
  });

  test.each(MP4_FLOODS)('fragmented MP4 has %s, and its own media behind them', async (flood) => {
    const plain = await AskedStream.of({});
    const stream = await AskedStream.of({ oddities: [{ kind: 'mp4-flood', flood }] });
    const init = /URI="(.*)"/.exec(stream.playlist())?.[1] ?? '';
    const bytesOf = (one: AskedStream, name: string): number =>
      one.media(name).length + one.media(`${NUMBER}.m4s`).length;
    expect(bytesOf(stream, init) - bytesOf(plain, 'init.mp4')).toBeGreaterThan(60);
  });

  test.each(TS_FLOODS)('transport streams have %s in whole packets', async (flood) => {
    const stream = await AskedStream.of({ stream: mpegts, oddities: [{ kind: 'ts-flood', flood }] });
    const media = stream.media(`${NUMBER}.ts`);
    expect(media.length % 188).toBe(0);
    expect(Array.from({ length: 100 }, (_, index) => media[188 * index])).toEqual(Array(100).fill(0x47));
  });

  test.each(['entry', 'parameters', 'cropped'] as const)(
    'large pictures are declared by the %s of an initialisation section that has another name',
    async (by) => {
      const stream = await AskedStream.of({ oddities: [{ kind: 'large-pictures', by }] });
      expect(stream.playlist()).toContain('URI="init-odd.mp4"');
      const media = stream.media(`${NUMBER}.m4s`);
      const size = { width: 16_000, height: 8000 };
      expect(inspectMedia(media, stream.media('init-odd.mp4'))).toMatchObject({ video: { size } });
    },
  );

  test('a transport stream tells of large pictures in its parameters', async () => {
    const stream = await AskedStream.of({
      stream: mpegts,
      oddities: [{ kind: 'large-pictures', by: 'cropped' }],
    });
    expect(inspectMedia(stream.media(`${NUMBER}.ts`))).toMatchObject({
      video: { size: { width: 16_000, height: 8000 } },
    });
  });

  test.each([
    ['playlists', 'index.m3u8'],
    ['media', 'init.mp4'],
  ] as const)('%s become far more when they are unpacked', async (of, file) => {
    const answer = (await AskedStream.of({ oddities: [{ kind: 'packed-bombs', of }] })).ask(file);
    if (answer.kind !== 'file') throw new Error('is no file');
    expect(answer.headers).toMatchObject({ 'content-encoding': 'gzip' });
    expect(answer.body.length).toBeLessThan(1_000_000);
    expect(gunzipSync(answer.body).length).toBe(150_000_000);
  });

  test('answers lead in a ring, have large headers and keys, and come in pieces', async () => {
    const ring = await AskedStream.of({ oddities: [{ kind: 'ring', of: 'playlists' }] });
    expect(ring.ask('index.m3u8?place=9')).toEqual({ kind: 'redirect', location: 'index.m3u8?place=0' });
    expect(ring.ask('init.mp4')).toMatchObject({ kind: 'file' });
    const large = await AskedStream.of({ oddities: [{ kind: 'large-headers', of: 'media' }] });
    expect(large.ask('init.mp4')).toMatchObject({ headers: { 'x-large': 'x'.repeat(1_000_000) } });
    const key = await AskedStream.of({ oddities: [{ kind: 'large-key' }] });
    expect(key.playlist()).toContain('URI="large.key"');
    expect(key.media('large.key').length).toBe(50_000_000);
    const manner = { pieceBytes: 1, framing: 'chunks', everyMs: 0, interim: 3 } as const;
    const pieces = await AskedStream.of({ oddities: [{ kind: 'sent', of: 'media', ...manner }] });
    expect(pieces.ask('init.mp4')).toMatchObject({ manner });
  });

  test('streams have the oddity only under another encoding, where that is configured', async () => {
    const stream = await AskedStream.of({
      oddWhen: 'other-encoding',
      oddities: [{ kind: 'further-lines', lines: ['# odd'] }],
    });
    expect(stream.playlist()).not.toContain('# odd');
    const odd = stream.playlist('index.m3u8', ASKED_MS, { encoding: 'other' });
    expect(odd).toContain('# odd');
    expect(odd).toContain('URI="init.mp4"');
  });
});
