import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyText } from '../testing/any-text.ts';
import type { MediaPlaylist, MultivariantPlaylist } from './playlist.ts';
import { readPlaylist } from './read-playlist.ts';

const FIXTURES = new URL('fixtures/', import.meta.url);
const NAMES = readdirSync(FIXTURES).filter((name) => name.endsWith('.m3u8'));

function fixture(name: string): string {
  return readFileSync(new URL(`${name}.m3u8`, FIXTURES), 'utf8');
}

function media(text: string): MediaPlaylist {
  const reading = readPlaylist(text);
  if (!reading.ok) throw new Error(`line ${reading.line}: ${reading.problem}`);
  if (reading.playlist.kind !== 'media') throw new Error('is a multivariant playlist');
  return reading.playlist;
}

function multivariant(text: string): MultivariantPlaylist {
  const reading = readPlaylist(text);
  if (!reading.ok || reading.playlist.kind !== 'multivariant') throw new Error('is no multivariant playlist');
  return reading.playlist;
}

const HEAD = '#EXTM3U\n#EXT-X-TARGETDURATION:2\n';

describe('what FFmpeg writes', () => {
  it('live, MPEG-TS', () => {
    const playlist = media(fixture('ffmpeg-ts-live'));
    expect(playlist).toMatchObject({
      targetDurationMs: 1000,
      partTargetMs: null,
      mediaSequence: 9,
      skippedSegments: 0,
      openSegment: null,
      canSkipUntilMs: null,
      ended: false,
    });
    expect(playlist.segments).toHaveLength(5);
    expect(playlist.segments[0]).toEqual({
      uri: 'seg00009.ts',
      sequence: 9,
      durationMs: 1000,
      programDateTimeMs: Date.parse('2026-11-22T16:33:03.431Z'),
      discontinuity: false,
      gap: false,
      map: null,
      encryption: null,
      byteRange: null,
      parts: [],
    });
  });

  it('live, fMP4: every segment has the initialization section', () => {
    const playlist = media(fixture('ffmpeg-fmp4-live'));
    expect(playlist.segments.map((segment) => segment.map?.uri)).toEqual(Array(5).fill('init.mp4'));
  });

  it('one file, MPEG-TS and fMP4: byte ranges', () => {
    expect(media(fixture('ffmpeg-ts-byte-range')).segments[1]).toMatchObject({
      uri: 'all.ts',
      byteRange: { offset: 25568, length: 23124 },
    });
    expect(media(fixture('ffmpeg-fmp4-byte-range')).segments[2]).toMatchObject({
      byteRange: { offset: 38958, length: 16203 },
      map: { uri: 'fmp4.m4s', byteRange: { offset: 0, length: 1355 } },
    });
  });

  it('several variants', () => {
    expect(multivariant(fixture('ffmpeg-multivariant')).variants).toEqual([
      { uri: 'main.m3u8', bandwidth: 457600, width: 160, height: 90, codecs: 'avc1.42c014,mp4a.40.2' },
      { uri: 'sub.m3u8', bandwidth: 127600, width: 80, height: 46, codecs: 'avc1.42c00c,mp4a.40.2' },
    ]);
    expect(media(fixture('ffmpeg-variant'))).toMatchObject({ ended: true });
  });

  it('a restart that goes on with the list: a discontinuity', () => {
    expect(media(fixture('ffmpeg-restarted')).segments.map((segment) => segment.discontinuity)).toEqual([
      false,
      false,
      true,
      false,
      false,
    ]);
  });
});

describe('what nginx-rtmp writes', () => {
  it('live', () => {
    const playlist = media(fixture('nginx-rtmp-live'));
    expect(playlist).toMatchObject({ mediaSequence: 3, targetDurationMs: 1000, ended: false });
    expect(playlist.segments.map((segment) => segment.sequence)).toEqual([3, 4, 5, 6, 7, 8]);
    expect(playlist.segments.every((segment) => segment.programDateTimeMs === null)).toBe(true);
  });

  it('a publisher that came back: a discontinuity', () => {
    const playlist = media(fixture('nginx-rtmp-restarted'));
    expect(playlist.segments.findIndex((segment) => segment.discontinuity)).toBe(1);
    expect(playlist.segments[0]?.durationMs).toBe(981);
  });

  it('variants', () => {
    expect(multivariant(fixture('nginx-rtmp-multivariant')).variants).toEqual([
      { uri: 'cam2_main.m3u8', bandwidth: 512000, width: 160, height: 90 },
      { uri: 'cam2_sub.m3u8', bandwidth: 96000, width: 80, height: 46 },
    ]);
    expect(media(fixture('nginx-rtmp-variant')).segments.at(-1)?.uri).toBe('cam2_main-1795365271025.ts');
  });
});

describe('the examples of RFC 8216', () => {
  it('8.1, 8.2: simple and live', () => {
    expect(media(fixture('rfc8216-8.1-simple'))).toMatchObject({ mediaSequence: 0, ended: true });
    const live = media(fixture('rfc8216-8.2-live'));
    expect(live.segments.at(-1)).toMatchObject({
      sequence: 2682,
      durationMs: 7975,
      uri: 'https://priv.example.com/fileSequence2682.ts',
    });
  });

  it('8.3: encrypted', () => {
    const playlist = media(fixture('rfc8216-8.3-encrypted'));
    const key = (n: number) => ({
      method: 'AES-128',
      uri: `https://priv.example.com/key.php?r=${n}`,
      ivHex: null,
      keyFormat: 'identity',
    });
    expect(playlist.segments.map((segment) => segment.encryption)).toEqual([52, 52, 52, 53].map(key));
  });

  it.each([
    [
      '8.4-multivariant',
      [
        'http://example.com/low.m3u8',
        'http://example.com/mid.m3u8',
        'http://example.com/hi.m3u8',
        'http://example.com/audio-only.m3u8',
      ],
    ],
    [
      '8.5-i-frames',
      ['low/audio-video.m3u8', 'mid/audio-video.m3u8', 'hi/audio-video.m3u8', 'audio-only.m3u8'],
    ],
    [
      '8.6-alternative-audio',
      ['low/video-only.m3u8', 'mid/video-only.m3u8', 'hi/video-only.m3u8', 'main/english-audio.m3u8'],
    ],
    [
      '8.7-alternative-video',
      ['low/main/audio-video.m3u8', 'mid/main/audio-video.m3u8', 'hi/main/audio-video.m3u8'],
    ],
  ])('%s', (name, uris) => {
    expect(multivariant(fixture(`rfc8216-${name}`)).variants.map((variant) => variant.uri)).toEqual(uris);
  });
});

describe('the low-latency examples of the second edition', () => {
  const playlist = media(fixture('rfc8216bis-low-latency'));

  it('parts and skip boundary', () => {
    expect(playlist).toMatchObject({
      targetDurationMs: 4000,
      partTargetMs: 333.34,
      canSkipUntilMs: 24000,
    });
    expect(playlist.segments.map((segment) => segment.parts.length)).toEqual([0, 0, 0, 0, 0, 0, 0, 12, 12]);
    expect(playlist.segments[7]?.parts[4]).toEqual({
      uri: 'filePart271.4.mp4',
      durationMs: 333.34,
      independent: true,
      gap: false,
      byteRange: null,
    });
    expect(playlist.openSegment).toMatchObject({ sequence: 273, map: { uri: 'init.mp4' } });
    expect(playlist.openSegment?.parts.map((part) => part.independent)).toEqual([true, false, false]);
  });

  it('date-times: extrapolated, then taken from the next tag', () => {
    const start = Date.parse('2019-02-14T02:13:28.106Z');
    expect(playlist.segments[1]?.programDateTimeMs).toBeCloseTo(start + 4000.08, 3);
    expect(playlist.segments[8]?.programDateTimeMs).toBe(Date.parse('2019-02-14T02:14:00.106Z'));
    expect(playlist.openSegment?.programDateTimeMs).toBeCloseTo(start + 32_000 + 4000.08, 3);
  });

  it('a delta update: numbers count the skipped segments, date-times go backwards from the first tag', () => {
    const delta = media(fixture('rfc8216bis-delta-update'));
    expect(delta).toMatchObject({ mediaSequence: 264, skippedSegments: 3 });
    expect(delta.segments[0]).toMatchObject({ sequence: 267, uri: 'fileSequence267.mp4' });
    expect(delta.segments[0]?.programDateTimeMs).toBeCloseTo(
      Date.parse('2019-02-14T02:14:00.106Z') - 5 * 4000.08,
      3,
    );
    expect(delta.openSegment?.sequence).toBe(273);
  });

  it('byte ranges of parts', () => {
    const [first, second, third] = [1, 2, 3].map((n) => media(fixture(`rfc8216bis-part-byte-ranges-${n}`)));
    expect(first?.openSegment?.parts[2]?.byteRange).toEqual({ offset: 43000, length: 18000 });
    expect(second?.openSegment).toBeNull();
    expect(third?.openSegment).toMatchObject({
      sequence: 272,
      parts: [{ byteRange: { offset: 0, length: 21000 } }],
    });
  });
});

describe('tags', () => {
  it('gaps: of segments and of parts', () => {
    const playlist = media(
      `${HEAD}#EXT-X-GAP\n#EXTINF:2,\na.ts\n#EXTINF:2,\nb.ts\n#EXT-X-PART:DURATION=1,URI="c.0.ts",GAP=YES\n`,
    );
    expect(playlist.segments.map((segment) => segment.gap)).toEqual([true, false]);
    expect(playlist.openSegment?.parts[0]?.gap).toBe(true);
  });

  it('date-times are not carried across a discontinuity, in either direction', () => {
    const playlist = media(
      `${HEAD}#EXTINF:2,\na.ts\n#EXT-X-DISCONTINUITY\n#EXT-X-PROGRAM-DATE-TIME:2024-01-01T00:00:00Z\n#EXTINF:2,\nb.ts\n#EXTINF:2,\nc.ts\n#EXT-X-DISCONTINUITY\n#EXTINF:2,\nd.ts\n`,
    );
    const start = Date.parse('2024-01-01T00:00:00Z');
    expect(playlist.segments.map((segment) => segment.programDateTimeMs)).toEqual([
      null,
      start,
      start + 2000,
      null,
    ]);
  });

  it('a byte range without offset goes on where the last one of that file ended', () => {
    const playlist = media(
      `${HEAD}#EXTINF:2,\n#EXT-X-BYTERANGE:100@50\na.ts\n#EXTINF:2,\n#EXT-X-BYTERANGE:30\na.ts\n#EXTINF:2,\n#EXT-X-BYTERANGE:30\nb.ts\n`,
    );
    expect(playlist.segments.map((segment) => segment.byteRange?.offset)).toEqual([50, 150, 0]);
  });

  it('encryption ends with METHOD=NONE', () => {
    const playlist = media(
      `${HEAD}#EXT-X-KEY:METHOD=SAMPLE-AES,URI="k"\n#EXTINF:2,\na.ts\n#EXT-X-KEY:METHOD=NONE\n#EXTINF:2,\nb.ts\n`,
    );
    expect(playlist.segments.map((segment) => segment.encryption?.method)).toEqual(['SAMPLE-AES', undefined]);
  });

  it('of several keys for the same media the one that needs no DRM system counts', () => {
    const widevine = '#EXT-X-KEY:METHOD=SAMPLE-AES-CTR,URI="data:x",KEYFORMAT="urn:uuid:edef8ba9"\n';
    const plain = '#EXT-X-KEY:METHOD=AES-128,URI="k",IV=0X00FF\n';
    const methods = (text: string) => media(HEAD + text).segments.map(({ encryption }) => encryption?.method);
    expect(methods(`${widevine}${plain}#EXTINF:2,\na.ts\n`)).toEqual(['AES-128']);
    // A key holds until the next one of its own format.
    expect(methods(`${plain}#EXTINF:2,\na.ts\n${widevine}#EXTINF:2,\nb.ts\n`)).toEqual([
      'AES-128',
      'AES-128',
    ]);
    expect(methods(`${widevine}#EXTINF:2,\na.ts\n`)).toEqual(['SAMPLE-AES-CTR']);
    expect(methods('#EXT-X-KEY:URI="k"\n#EXTINF:2,\na.ts\n')).toEqual([undefined]);
  });

  it('the initialisation vector is hexadecimal digits, and what is none is left out', () => {
    const ivHex = (iv: string) =>
      media(`${HEAD}#EXT-X-KEY:METHOD=AES-128,URI="k"${iv}\n#EXTINF:2,\na.ts\n`).segments[0]?.encryption
        ?.ivHex;
    expect(ivHex(',IV=0X00Ff')).toBe('00ff');
    expect(ivHex('')).toBeNull();
    expect(ivHex(',IV=12')).toBeNull();
  });

  it('an initialization section is encrypted by the key before it', () => {
    const playlist = media(
      `${HEAD}#EXT-X-MAP:URI="i"\n#EXT-X-KEY:METHOD=AES-128,URI="k"\n#EXTINF:2,\na.ts\n#EXT-X-MAP:URI="j"\n#EXTINF:2,\nb.ts\n`,
    );
    expect(playlist.segments.map(({ map }) => map?.encryption?.uri)).toEqual([undefined, 'k']);
  });

  it('attributes whose quoted text looks like more attributes', () => {
    const text = '#EXTM3U\n#EXT-X-STREAM-INF:NAME="a,BANDWIDTH=1",BANDWIDTH=2,RESOLUTION=2x1\nv.m3u8\n';
    expect(multivariant(text).variants).toEqual([{ uri: 'v.m3u8', bandwidth: 2, width: 2, height: 1 }]);
  });
});

describe('what servers get wrong without harm', () => {
  const clean = media(fixture('ffmpeg-ts-live'));

  it.each([
    ['CRLF', (text: string) => text.replaceAll('\n', '\r\n')],
    ['a byte order mark and blank lines first', (text: string) => `\uFEFF\n\n${text}`],
    ['no final newline', (text: string) => text.trimEnd()],
    [
      'blanks around tags and values',
      (text: string) => text.replaceAll(/^(#EXT[A-Z0-9-]*)(:?)(.*)$/gm, '$1$2 $3 \t'),
    ],
    ['no version', (text: string) => text.replace(/#EXT-X-VERSION.*\n/, '')],
    [
      'unknown tags and comments',
      (text: string) => text.replaceAll('#EXTINF', '#EXT-X-OURS:a=b\n# note\n#EXTINF'),
    ],
    [
      'the media sequence after the segments',
      (text: string) => {
        const tag = '#EXT-X-MEDIA-SEQUENCE:9\n';
        return text.replace(tag, '') + tag;
      },
    ],
  ])('%s', (_, spoil) => {
    expect(media(spoil(fixture('ffmpeg-ts-live')))).toEqual(clean);
  });

  it('fractional target durations, and 0', () => {
    expect(media('#EXTM3U\n#EXT-X-TARGETDURATION:0.5\n').targetDurationMs).toBe(500);
    expect(media('#EXTM3U\n#EXT-X-TARGETDURATION:0\n#EXTINF:0.4,\na.ts\n').targetDurationMs).toBe(400);
    expect(media('#EXTM3U\n#EXT-X-TARGETDURATION:0\n').targetDurationMs).toBe(1000);
  });

  it('date-times that cannot be read', () => {
    expect(
      media(`${HEAD}#EXT-X-PROGRAM-DATE-TIME:now\n#EXTINF:2,\na.ts\n`).segments[0]?.programDateTimeMs,
    ).toBeNull();
  });

  it('a stream that has no segment yet', () => {
    expect(media(HEAD).segments).toEqual([]);
  });
});

describe('what is refused, and where', () => {
  it.each([
    ['', 'is empty', 1],
    ['\n \n', 'is empty', 3],
    ['<!DOCTYPE html>\n<html>', 'is HTML', 1],
    ['\n<html>', 'is HTML', 2],
    ['<MPD/>', 'is XML', 1],
    ['G\u0000\u0011\uFFFD', 'is not text', 1],
    ['{"error":"gone"}', 'does not begin with #EXTM3U', 1],
    ['#EXTM3UX\n', 'does not begin with #EXTM3U', 1],
    ['#EXTM3U\n#EXT-X-VERSION:3', 'names neither segments nor variants', 2],
    ['#EXTM3U\n#EXTINF:2,\na.ts', 'has no EXT-X-TARGETDURATION', 2],
    [`${HEAD}\n#EXTINF:,\na.ts`, 'EXTINF has no duration', 4],
    [`${HEAD}#EXTINF:-1,News\na.ts`, 'EXTINF has a broken duration', 3],
    [`${HEAD}#EXTINF:2,\n#EXTINF:2,\na.ts`, 'EXTINF has no address after it', 3],
    [`${HEAD}#EXTINF:2,\na.ts\n#EXTINF:2,`, 'EXTINF has no address after it', 5],
    [`${HEAD}a.ts`, 'an address has no EXTINF before it', 3],
    [
      `${HEAD}#EXT-X-MEDIA-SEQUENCE:-1`,
      'EXT-X-MEDIA-SEQUENCE is not a whole number that can be counted on',
      3,
    ],
    [
      `${HEAD}#EXT-X-MEDIA-SEQUENCE:18446744073709551615`,
      'EXT-X-MEDIA-SEQUENCE is not a whole number that can be counted on',
      3,
    ],
    [`${HEAD}#EXT-X-PART:DURATION=1`, 'EXT-X-PART has no URI', 3],
    [`${HEAD}#EXT-X-PART:URI="a"`, 'EXT-X-PART has no DURATION', 3],
    [`${HEAD}#EXT-X-MAP:BYTERANGE="1@0"`, 'EXT-X-MAP has no URI', 3],
    [`${HEAD}#EXT-X-BYTERANGE:x`, 'EXT-X-BYTERANGE has a broken byte range', 3],
    ['#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n', 'EXT-X-STREAM-INF has no address after it', 2],
    [`#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nv.m3u8\n#EXTINF:2,\na.ts`, 'mixes segments with variants', 4],
  ])('%j %s', (text, problem, line) => {
    expect(readPlaylist(text)).toEqual({ ok: false, problem, line });
  });
});

describe('whatever the text is', () => {
  it('reading never throws', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          anyText(),
          fc.string().map((s) => `#EXTM3U\n${s}`),
        ),
        (text) => {
          expect(typeof readPlaylist(text).ok).toBe('boolean');
        },
      ),
    );
  });

  it('reading never throws on a spoilt fixture, and what it accepts keeps its promises', () => {
    const change = fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      remove: fc.nat(40),
      insert: fc.oneof(
        fc.string({ maxLength: 6 }),
        fc.constantFrom('\n', '"', ',', ':', '#EXT-X-GAP\n', '#EXTINF:1,\n'),
      ),
    });
    fc.assert(
      fc.property(
        fc.constantFrom(...NAMES.map((name) => readFileSync(new URL(name, FIXTURES), 'utf8'))),
        fc.array(change, { minLength: 1, maxLength: 5 }),
        (fixture, changes) => {
          let text = fixture;
          for (const { at, remove, insert } of changes) {
            const start = Math.floor(at * text.length);
            text = text.slice(0, start) + insert + text.slice(start + remove);
          }
          const reading = readPlaylist(text);
          if (!reading.ok) {
            expect(reading.problem).not.toBe('');
            expect(reading.line).toBeGreaterThan(0);
            return;
          }
          if (reading.playlist.kind === 'multivariant') {
            expect(reading.playlist.variants.length).toBeGreaterThan(0);
            return;
          }
          const { segments, mediaSequence, skippedSegments, targetDurationMs } = reading.playlist;
          expect(targetDurationMs).toBeGreaterThan(0);
          segments.forEach((segment, index) => {
            expect(segment.sequence).toBe(mediaSequence + skippedSegments + index);
            expect(segment.durationMs).toBeGreaterThanOrEqual(0);
            expect(segment.uri).not.toBe('');
          });
        },
      ),
      { numRuns: 2000 },
    );
  });
});
