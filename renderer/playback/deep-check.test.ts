import { readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { MAX_UNITS } from '../../shared/media/packet-budget.ts';
import { PACKET_BYTES } from '../../shared/media/ts-packet.ts';
import type { MediaPlaylist } from '../../shared/playlist/playlist.ts';
import { readPlaylist } from '../../shared/playlist/read-playlist.ts';
import { VirtualClock } from '../../shared/testing/virtual-clock.ts';
import { DeepCheck, type Finding } from './deep-check.ts';
import type { BytesOptions, Fetched, Transport } from './transport.ts';

const fixture = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../../shared/media/fixtures/${name}`, import.meta.url)));
const KEY_FRAME = fixture('h264-aac.ts');
const NO_KEY_FRAME = fixture('h264-no-key-frame.ts');
const FORMAT = 'ts avc1.42d00b 160x90';
const ALIVE = { kind: 'alive', search: 'done' };

/** A site whose answers a test sets, by the name of the requested file. */
class Shelf implements Transport {
  readonly asked: string[] = [];
  readonly answers = new Map<string, Fetched<Uint8Array>>();
  readonly clock = new VirtualClock();
  /** The content types that the workstation was asked about. */
  readonly shown: string[] = [];
  canShow = true;
  isLinkThin = false;
  /** The expectation of each request, by the file's name. */
  readonly expected = new Map<string, string | undefined>();
  readonly check = new DeepCheck({
    clock: this.clock,
    transport: this,
    meter: () => () => {},
    isLinkThin: () => this.isLinkThin,
    signal: new AbortController().signal,
    canShow: (contentType) => {
      this.shown.push(contentType);
      return this.canShow;
    },
  });
  /** The answer for every name without an answer of its own. */
  usual: Fetched<Uint8Array> = body(KEY_FRAME);

  fetchText(): Promise<Fetched<string>> {
    throw new Error('a deep check asks for no playlist');
  }

  fetchBytes(pathname: string, { expects }: BytesOptions): Promise<Fetched<Uint8Array>> {
    const name = pathname.replace('/sites/main/', '');
    this.asked.push(name);
    this.expected.set(name, expects);
    return Promise.resolve(this.answers.get(name) ?? this.usual);
  }

  /** Checks a playlist of `count` segments of 2 s whose last segment has the number `last`. */
  run(last: number, { count = 3, after = '', before = '' } = {}): Promise<Finding | null> {
    return this.check.run(playlist(last, count, after, before), '/sites/main/index.m3u8');
  }
}

function body(bytes: Uint8Array, elapsedMs = 20): Fetched<Uint8Array> {
  return { kind: 'body', body: bytes, elapsedMs };
}

function playlist(last: number, count: number, after: string, before: string): MediaPlaylist {
  const first = last - count + 1;
  const segments = Array.from({ length: count }, (_, index) => `#EXTINF:2,\n${first + index}.ts\n`);
  const reading = readPlaylist(
    `#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXT-X-MEDIA-SEQUENCE:${first}\n${before}${segments.join('')}${after}`,
  );
  if (!reading.ok || reading.playlist.kind !== 'media') throw new Error('not a media playlist');
  return reading.playlist;
}

const missing: Fetched<Uint8Array> = { kind: 'failed', cause: 'http-404' };

describe('a deep check (rule 3)', () => {
  it('fetches the newest segment, and nothing else where that one contains a key frame', async () => {
    const shelf = new Shelf();
    expect(await shelf.run(9)).toMatchObject(ALIVE);
    expect(shelf.asked).toEqual(['9.ts']);
  });

  it('fetches the newest part, and for the key frame the first part of its segment', async () => {
    const shelf = new Shelf();
    shelf.answers.set('10.1.ts', body(NO_KEY_FRAME));
    const after =
      '#EXT-X-PART-INF:PART-TARGET=0.5\n#EXT-X-PART:DURATION=0.5,URI="10.0.ts",INDEPENDENT=YES\n#EXT-X-PART:DURATION=0.5,URI="10.1.ts"\n';
    expect(await shelf.run(9, { after })).toMatchObject(ALIVE);
    expect(shelf.asked).toEqual(['10.1.ts', '10.0.ts']);
  });

  it('reports why the newest media is refused', async () => {
    const shelf = new Shelf();
    shelf.usual = { kind: 'failed', cause: 'http-503' };
    expect(await shelf.run(9)).toEqual({ kind: 'evidence', cause: 'http-503' });
  });

  it('reports nothing where there is nothing to fetch', async () => {
    expect(await new Shelf().run(9, { count: 0 })).toBeNull();
  });
});

describe('a piece that a server makes on request', () => {
  /** The tables at the beginning of a transport stream. */
  const tables = KEY_FRAME.subarray(0, 3 * 188);
  const pull = (shelf: Shelf, last: number): Promise<Finding | null> =>
    shelf.check.pull(playlist(last, 2, '', ''), '/sites/main/index.m3u8', 2000);

  it('may be empty once, but not twice in succession', async () => {
    const shelf = new Shelf();
    for (const empty of ['1.ts', '3.ts', '4.ts']) shelf.answers.set(empty, body(tables));
    expect([await pull(shelf, 1), await pull(shelf, 2), await pull(shelf, 3)]).toMatchObject([
      { kind: 'unsure' },
      ALIVE,
      { kind: 'unsure' },
    ]);
    expect(await pull(shelf, 4)).toEqual({ kind: 'evidence', cause: 'no-picture' });
  });
});

describe('a missing segment', () => {
  it('leaves open whether the stream is alive, until the next one is there', async () => {
    const shelf = new Shelf();
    shelf.answers.set('9.ts', missing);
    expect(await shelf.run(9)).toEqual({ kind: 'unsure' });
    expect(await shelf.run(9)).toEqual({ kind: 'unsure' });
    expect(await shelf.run(10)).toMatchObject(ALIVE);
  });

  it('is a new hole when a present segment came after the last missing one', async () => {
    const shelf = new Shelf();
    shelf.answers.set('9.ts', missing).set('11.ts', missing);
    expect([await shelf.run(9), await shelf.run(10), await shelf.run(11)]).toMatchObject([
      { kind: 'unsure' },
      ALIVE,
      { kind: 'unsure' },
    ]);
  });

  it('is evidence when the next one is missing too, though older ones are still served', async () => {
    const shelf = new Shelf();
    shelf.answers.set('9.ts', missing).set('10.ts', missing);
    shelf.answers.set('8.ts', body(KEY_FRAME));
    await shelf.run(9);
    expect(await shelf.run(10, { count: 4 })).toEqual({ kind: 'evidence', cause: 'http-404' });
  });

  it('is evidence at once where the one before is missing as well', async () => {
    const shelf = new Shelf();
    shelf.usual = missing;
    expect(await shelf.run(9)).toEqual({ kind: 'evidence', cause: 'http-404' });
  });
});

describe('key frames', () => {
  it('further apart than segments are looked for in older segments, and each segment is fetched once', async () => {
    const shelf = new Shelf();
    shelf.usual = body(NO_KEY_FRAME);
    shelf.answers.set('7.ts', body(KEY_FRAME));
    expect(await shelf.run(9)).toMatchObject(ALIVE);
    expect(await shelf.run(10, { count: 4 })).toMatchObject(ALIVE);
    expect(shelf.asked).toEqual(['9.ts', '8.ts', '7.ts', '10.ts']);
  });

  it('that were never seen prove nothing, and after 30 s without one there is evidence', async () => {
    const shelf = new Shelf();
    shelf.usual = body(NO_KEY_FRAME);
    for (let last = 9; last <= 20; last += 1) expect(await shelf.run(last)).toEqual({ kind: 'unsure' });
    expect(await shelf.run(21)).toEqual({ kind: 'evidence', cause: 'no-picture' });
  });

  it('12 s apart in a playlist of 6 s are no evidence once that interval is known', async () => {
    const shelf = new Shelf();
    shelf.usual = body(NO_KEY_FRAME);
    for (const sequence of [6, 12, 18, 24]) shelf.answers.set(`${sequence}.ts`, body(KEY_FRAME));
    for (let last = 6; last <= 12; last += 1) await shelf.run(last);
    const findings: (Finding | null)[] = [];
    for (let last = 13; last <= 24; last += 1) findings.push(await shelf.run(last));
    expect(new Set(findings.map((finding) => finding?.kind))).toEqual(new Set(['alive']));
    expect(findings[3]).toMatchObject({ kind: 'alive', search: 'goes-on' });
  });
});

describe('media slower than real time', () => {
  it('is evidence with the third late piece in a row, when the pieces before are slow as well', async () => {
    const shelf = new Shelf();
    shelf.usual = body(KEY_FRAME, 2500);
    expect(await shelf.run(7)).toEqual({ kind: 'unsure' });
    expect(await shelf.run(8)).toEqual({ kind: 'unsure' });
    expect(shelf.asked).toEqual(['7.ts', '8.ts']);
    expect(await shelf.run(9)).toEqual({ kind: 'evidence', cause: 'too-slow' });
    expect(shelf.asked.slice(2)).toEqual(['9.ts', '8.ts']);
  });

  it('is no evidence when the pieces before come fast enough to catch up', async () => {
    const shelf = new Shelf();
    for (const name of ['5.ts', '7.ts', '9.ts']) shelf.answers.set(name, body(KEY_FRAME, 2500));
    expect(await shelf.run(5)).toEqual({ kind: 'unsure' });
    expect(await shelf.run(7)).toEqual({ kind: 'unsure' });
    expect(await shelf.run(9)).toMatchObject(ALIVE);
  });

  it('is no evidence when a piece between came in time', async () => {
    const shelf = new Shelf();
    for (const name of ['6.ts', '7.ts', '9.ts']) shelf.answers.set(name, body(KEY_FRAME, 2500));
    for (const last of [6, 7, 8]) await shelf.run(last);
    expect(await shelf.run(9)).toEqual({ kind: 'unsure' });
  });

  it('is evidence without another load when no other piece could catch up', async () => {
    const shelf = new Shelf();
    shelf.usual = body(KEY_FRAME, 4500);
    for (const last of [7, 8]) await shelf.run(last);
    expect(await shelf.run(9)).toEqual({ kind: 'evidence', cause: 'too-slow' });
    expect(shelf.asked).toEqual(['7.ts', '8.ts', '9.ts']);
  });

  it('is no evidence on a thin link, on which all sites are slow', async () => {
    const shelf = new Shelf();
    shelf.isLinkThin = true;
    shelf.usual = body(KEY_FRAME, 4500);
    for (const last of [7, 8, 9]) expect(await shelf.run(last)).toMatchObject(ALIVE);
  });
});

describe('what this workstation can show (rule 3)', () => {
  it('is decided by the video in the media, and the format is reported', async () => {
    const shelf = new Shelf();
    expect(await shelf.run(9)).toMatchObject({ kind: 'alive', format: FORMAT });
    expect(new Set(shelf.shown)).toEqual(new Set(['video/mp4; codecs="avc1.42d00b"']));
  });

  it.each([
    ['hevc.ts', 'codec-h265'],
    ['mpeg2.ts', 'codec-mpeg2'],
  ])('is evidence at once where it has no decoder: %s', async (name, cause) => {
    const shelf = new Shelf();
    shelf.canShow = false;
    shelf.usual = body(fixture(name));
    expect(await shelf.run(9)).toEqual({ kind: 'evidence', cause });
    expect(shelf.asked).toEqual(['9.ts']);
  });

  it('is known between two key frames as well, and a new format is reported as soon as it is sent', async () => {
    const shelf = new Shelf();
    await shelf.run(9);
    shelf.answers.set('10.ts', body(NO_KEY_FRAME));
    expect(await shelf.run(10)).toMatchObject({ format: FORMAT });
    shelf.answers.set('11.ts', body(fixture('hevc.ts')));
    expect(await shelf.run(11)).toMatchObject({ format: expect.stringMatching(/^ts (hvc1|hev1)/) });
  });
});

describe('sound without a picture', () => {
  it.each(['aac-only.ts', 'aac.aac'])('is reported as such: %s', async (name) => {
    const shelf = new Shelf();
    shelf.usual = body(fixture(name));
    expect(await shelf.run(9)).toEqual({ kind: 'evidence', cause: 'no-video' });
  });

  it('in one piece leaves open whether the stream is alive', async () => {
    const shelf = new Shelf();
    shelf.answers.set('9.ts', body(fixture('aac-only.ts'))).set('10.ts', body(fixture('aac-only.ts')));
    expect(await shelf.run(9)).toEqual({ kind: 'unsure' });
    expect(await shelf.run(10)).toEqual({ kind: 'evidence', cause: 'no-video' });
  });
});

describe('an initialisation section', () => {
  const MAP = '#EXT-X-MAP:URI="init.mp4"\n';
  const shelfOfParts = (): Shelf => {
    const shelf = new Shelf();
    shelf.usual = body(fixture('h264-aac.m4s'));
    shelf.answers.set('init.mp4', body(fixture('h264-aac-init.mp4')));
    return shelf;
  };

  it('is fetched once, and again after 10 s: a server may replace it under its name', async () => {
    const shelf = shelfOfParts();
    expect(await shelf.run(9, { before: MAP })).toMatchObject(ALIVE);
    await shelf.run(10, { before: MAP });
    expect(shelf.asked).toEqual(['init.mp4', '9.ts', '10.ts']);
    await shelf.clock.advance(9_999);
    await shelf.run(11, { before: MAP });
    expect(shelf.asked.slice(3)).toEqual(['11.ts']);
    await shelf.clock.advance(1);
    await shelf.run(12, { before: MAP });
    expect(shelf.asked.slice(4)).toEqual(['init.mp4', '12.ts']);
  });

  it('of another codec under the old name is reported with the next deep check', async () => {
    const shelf = shelfOfParts();
    shelf.answers.set('init.mp4', body(fixture('cmaf-init.mp4')));
    shelf.usual = body(fixture('cmaf.m4s'));
    await shelf.run(9, { before: MAP });
    const boxes = fixture('hevc.mp4');
    const media = Buffer.from(boxes).indexOf('moof') - 4;
    shelf.answers.set('init.mp4', body(boxes.slice(0, media)));
    shelf.usual = body(boxes.slice(media));
    await shelf.clock.advance(15_000);
    expect(await shelf.run(24, { before: MAP })).toMatchObject({
      kind: 'alive',
      format: expect.stringContaining('hvc1'),
    });
  });

  it('is fetched anew behind a discontinuity', async () => {
    const shelf = shelfOfParts();
    await shelf.run(9, { before: MAP });
    await shelf.run(10, { before: `${MAP}#EXT-X-DISCONTINUITY\n` });
    expect(shelf.asked).toEqual(['init.mp4', '9.ts', 'init.mp4', '10.ts']);
  });

  it('that does not fit the media any more is evidence before the media is', async () => {
    const shelf = shelfOfParts();
    await shelf.run(9, { before: MAP });
    shelf.answers.set('init.mp4', body(fixture('cmaf-init.mp4'))).set('10.ts', body(fixture('cmaf.m4s')));
    expect(await shelf.run(10, { before: MAP })).toMatchObject(ALIVE);
  });
});

describe('encrypted media', () => {
  const KEY = Uint8Array.from({ length: 16 }, (_, at) => 17 * at);
  const key = (more = ''): string => `#EXT-X-KEY:METHOD=AES-128,URI="enc.key"${more}\n`;

  async function encrypted(ivHex: string, plain = KEY_FRAME): Promise<Uint8Array> {
    const imported = await crypto.subtle.importKey('raw', KEY, 'AES-CBC', false, ['encrypt']);
    const iv = new Uint8Array(Buffer.from(ivHex.padStart(32, '0'), 'hex'));
    return new Uint8Array(
      await crypto.subtle.encrypt({ name: 'AES-CBC', iv }, imported, plain as Uint8Array<ArrayBuffer>),
    );
  }

  it('is decrypted with its key, and by the number of its segment where the playlist names no vector', async () => {
    const shelf = new Shelf();
    shelf.answers.set('enc.key', body(KEY)).set('9.ts', body(await encrypted('9')));
    expect(await shelf.run(9, { before: key() })).toMatchObject({ ...ALIVE, format: FORMAT });
    shelf.answers.set('10.ts', body(await encrypted('a')));
    expect(await shelf.run(10, { before: key() })).toMatchObject(ALIVE);
    expect(shelf.asked).toEqual(['enc.key', '9.ts', '10.ts']);
    expect([...shelf.expected.values()]).toEqual(['key', 'encrypted-media', 'encrypted-media']);
  });

  it('is decrypted with the vector that the playlist names', async () => {
    const shelf = new Shelf();
    const ivHex = '000102030405060708090a0b0c0d0e0f';
    shelf.answers.set('enc.key', body(KEY)).set('9.ts', body(await encrypted(ivHex)));
    expect(await shelf.run(9, { before: key(`,IV=0x${ivHex}`) })).toMatchObject(ALIVE);
  });

  it('is decrypted with a new key that is served under the old name', async () => {
    const shelf = new Shelf();
    shelf.answers.set('enc.key', body(new Uint8Array(16))).set('9.ts', body(await encrypted('9')));
    expect(await shelf.run(9, { before: key() })).toEqual({ kind: 'evidence', cause: 'not-media' });
    shelf.answers.set('enc.key', body(KEY)).set('10.ts', body(await encrypted('a')));
    expect(await shelf.run(10, { before: key() })).toMatchObject(ALIVE);
  });

  it('that takes too long to read is not media, though it begins with a picture', async () => {
    const shelf = new Shelf();
    const tables = KEY_FRAME.subarray(0, PACKET_BYTES);
    const flooded = Buffer.concat([KEY_FRAME, ...Array.from({ length: MAX_UNITS }, () => tables)]);
    shelf.answers.set('enc.key', body(KEY)).set('9.ts', body(await encrypted('9', flooded)));
    expect(await shelf.run(9, { before: key() })).toEqual({ kind: 'evidence', cause: 'not-media' });
  });

  it('without a picture in it is reported as such', async () => {
    const shelf = new Shelf();
    shelf.usual = body(await encrypted('1', fixture('aac-only.ts')));
    shelf.answers.set('enc.key', body(KEY));
    expect(await shelf.run(9, { before: key(',IV=0x1') })).toEqual({ kind: 'evidence', cause: 'no-video' });
  });

  it.each([
    ['is refused', { kind: 'failed', cause: 'http-403' }, { cause: 'no-key' }],
    ['is missing', { kind: 'failed', cause: 'http-404' }, { cause: 'no-key' }],
    [
      'lies where the gateway may not go',
      { kind: 'failed', cause: 'not-allowed', words: 'the key lies at keys.example' },
      { cause: 'no-key', words: 'the key lies at keys.example' },
    ],
    ['is none', { kind: 'body', body: new Uint8Array(5), elapsedMs: 5 }, { cause: 'no-key' }],
    ['breaks off', { kind: 'failed', cause: 'reset' }, { cause: 'reset' }],
    ['is at a site that refuses connections', { kind: 'failed', cause: 'refused' }, { cause: 'refused' }],
    ['is at a site without an address', { kind: 'failed', cause: 'dns' }, { cause: 'dns' }],
    ['does not come', { kind: 'failed', cause: 'timeout' }, { cause: 'timeout' }],
  ] satisfies [string, Fetched<Uint8Array>, object][])('whose key %s', async (_what, answer, expected) => {
    const shelf = new Shelf();
    shelf.answers.set('enc.key', answer);
    expect(await shelf.run(9, { before: key() })).toMatchObject({ kind: 'evidence', ...expected });
  });

  it.each([
    ['samples', '#EXT-X-KEY:METHOD=SAMPLE-AES,URI="enc.key"\n'],
    [
      'a key of a DRM system',
      '#EXT-X-KEY:METHOD=AES-128,URI="enc.key",KEYFORMAT="com.apple.streamingkeydelivery"\n',
    ],
  ])('by %s is refused in words, and nothing is fetched', async (_what, before) => {
    const shelf = new Shelf();
    expect(await shelf.run(9, { before })).toEqual({ kind: 'evidence', cause: 'encryption' });
    expect(shelf.asked).toEqual([]);
  });

  it('is fetched and counts as sound in a page that cannot decrypt', async () => {
    vi.stubGlobal('crypto', {});
    const shelf = new Shelf();
    expect(await shelf.run(9, { before: key() })).toMatchObject({ kind: 'alive', format: null });
    expect(shelf.asked).toEqual(['9.ts']);
    vi.unstubAllGlobals();
  });

  it('in parts is decrypted by whole segments', async () => {
    const shelf = new Shelf();
    shelf.answers.set('enc.key', body(KEY)).set('9.ts', body(await encrypted('9')));
    const after = '#EXT-X-PART-INF:PART-TARGET=0.5\n#EXT-X-PART:DURATION=0.5,URI="10.0.ts",INDEPENDENT=YES\n';
    expect(await shelf.run(9, { before: key(), after })).toMatchObject(ALIVE);
    expect(shelf.asked).toEqual(['enc.key', '9.ts']);
  });
});
