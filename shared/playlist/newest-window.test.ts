import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { M3U8Parser } from 'hls.js';
import { describe, expect, it } from 'vitest';
import { NewestWindow } from './newest-window.ts';
import type { MediaPlaylist } from './playlist.ts';
import { readPlaylist } from './read-playlist.ts';

const FIXTURES = new URL('fixtures/', import.meta.url);
const HEAD = '#EXTM3U\n#EXT-X-TARGETDURATION:2\n';

/** The window of a text that is pushed in pieces. The pieces end at the given places. */
function windowOf(
  text: string,
  limits: { leastMs?: number; leastSegments?: number } = {},
  cuts: readonly number[] = [],
): string {
  const window = new NewestWindow(limits);
  let at = 0;
  for (const cut of [...cuts].sort((a, b) => a - b)) {
    window.push(text.slice(at, cut));
    at = Math.max(at, cut);
  }
  window.push(text.slice(at));
  return window.end();
}

/** The window with only the last segment. */
const last = (text: string): string => windowOf(text, { leastMs: 0, leastSegments: 1 });

function media(text: string): MediaPlaylist {
  const reading = readPlaylist(text);
  if (!reading.ok || reading.playlist.kind !== 'media')
    throw new Error(`no media playlist: ${JSON.stringify(reading)}\n${text}`);
  return reading.playlist;
}

/** What hls.js reads of each of the newest segments: number, discontinuities before it, time, place, keys and section. */
function asHlsReads(text: string, count: number): unknown {
  const details = M3U8Parser.parseLevelPlaylist(
    text,
    'http://site.example/a/index.m3u8',
    0,
    'main' as never,
    0,
    null,
  );
  expect(details.playlistParsingError).toBeNull();
  // hls.js continues date-times across discontinuities, after which they are unknown.
  const hasDateTimes = !text.includes('DISCONTINUITY');
  return {
    ended: !details.live,
    targetDuration: details.targetduration,
    parts: details.partList?.flatMap(({ relurl }) => (relurl === 'o.mp4' ? [relurl] : [])) ?? [],
    segments: details.fragments.slice(-count).map((fragment) => ({
      sequence: fragment.sn,
      discontinuities: fragment.cc,
      dateTime:
        hasDateTimes && fragment.programDateTime !== null ? Math.round(fragment.programDateTime / 10) : null,
      uri: fragment.relurl,
      range: fragment.byteRange,
      init: fragment.initSegment && [fragment.initSegment.relurl, fragment.initSegment.byteRange],
      keys: Object.values(fragment.levelkeys ?? {}).map((key) => key?.uri),
      gap: fragment.gap ?? false,
    })),
  };
}

const segments = (count: number, first = 0): string =>
  Array.from({ length: count }, (_, index) => `#EXTINF:2,\n${first + index}.ts\n`).join('');

describe('what is kept', () => {
  it('are the segments of the last 120 s', () => {
    const text = windowOf(`${HEAD}#EXT-X-PLAYLIST-TYPE:EVENT\n${segments(100)}`);
    expect(text).toBe(`${HEAD}#EXT-X-MEDIA-SEQUENCE:40\n${segments(60, 40)}`);
  });

  it('are 8 segments, however long they are', () => {
    const text = `${HEAD}${segments(20).replaceAll(':2,', ':60,')}`;
    expect(media(windowOf(text)).segments.map(({ sequence }) => sequence)).toEqual([
      12, 13, 14, 15, 16, 17, 18, 19,
    ]);
  });

  it('is everything after the last segment', () => {
    const after =
      '#EXT-X-DATERANGE:ID="x"\n#EXT-X-PART:DURATION=1,URI="p"\n#EXT-X-PRELOAD-HINT:TYPE=PART,URI="q"\n#EXT-X-RENDITION-REPORT:URI="r"\n#EXT-X-ENDLIST\n';
    expect(last(HEAD + segments(5) + after)).toBe(
      `${HEAD}#EXT-X-MEDIA-SEQUENCE:4\n${segments(1, 4)}${after}`,
    );
  });

  it('is what is said of the whole playlist, even before a segment that is cut off', () => {
    const text = `#EXTM3U\n#EXT-X-ENDLIST\n${segments(1)}#EXT-X-TARGETDURATION:2\n#EXT-X-DEFINE:NAME="a",VALUE="b"\n${segments(1)}`;
    expect(last(`${text}${segments(1, 7)}`)).toBe(
      `#EXTM3U\n#EXT-X-ENDLIST\n#EXT-X-TARGETDURATION:2\n#EXT-X-DEFINE:NAME="a",VALUE="b"\n#EXT-X-MEDIA-SEQUENCE:2\n${segments(1, 7)}`,
    );
  });

  it.each(readdirSync(FIXTURES).filter((name) => name.endsWith('.m3u8') && !name.includes('delta')))(
    'is all of %s, which needs no cut',
    (name) => {
      const text = readFileSync(new URL(name, FIXTURES), 'utf8');
      expect(windowOf(text)).toBe(text);
      expect(windowOf(text.replaceAll('\n', '\r\n'))).toBe(text.replaceAll('\n', '\r\n'));
    },
  );

  it.each(['', '\n', '<!DOCTYPE html>\n<html>', `${segments(3)}`, '#EXTM3U8\n'])(
    'is all of what is no playlist: %j',
    (text) => {
      expect(last(text)).toBe(text);
    },
  );
});

describe('what players stumble over is made right:', () => {
  it('the first line', () => {
    expect(windowOf('\uFEFF\n #EXTM3U url-tvg="x" \r\n#EXT-X-TARGETDURATION:2\r\n')).toBe(
      '#EXTM3U\r\n#EXT-X-TARGETDURATION:2\r\n',
    );
  });

  it('blanks around lines', () => {
    const text = `${HEAD}#EXT-X-MAP:URI="i"\n\n${segments(2)}`;
    expect(windowOf(text.replaceAll(/^(.*)$/gm, ' $1\t'))).toBe(text);
  });

  it('tags that stand there twice: the first one counts', () => {
    const twice = '#EXT-X-MEDIA-SEQUENCE:9\n#EXT-X-TARGETDURATION:3\n#EXT-X-VERSION:7\n';
    expect(windowOf(`${HEAD}#EXT-X-MEDIA-SEQUENCE:4\n#EXT-X-VERSION:6\n${twice}${segments(1)}${twice}`)).toBe(
      `${HEAD}#EXT-X-MEDIA-SEQUENCE:4\n#EXT-X-VERSION:6\n${segments(1)}`,
    );
  });

  it('tags that hls.js would look at for seconds', () => {
    const long = 'a'.repeat(60_000);
    const blob = `#EXT-X-DATERANGE:ID="a",X-BLOB="${long},${long.slice(0, 900)}"\n`.slice(0, 65_000);
    expect(windowOf(`${HEAD}#EXT-X-KEY:${long}\n#EXT-X-OURS:A=b,${long}\n${segments(1)}`)).toBe(
      HEAD + segments(1),
    );
    const titled = segments(1).replace(',', `,${long}`);
    expect(windowOf(HEAD + blob + titled)).toBe(HEAD + blob + titled);
  });

  it('numbers behind the segments', () => {
    expect(windowOf(`${HEAD}${segments(2)}#EXT-X-MEDIA-SEQUENCE:4\n`)).toBe(
      `#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:4\n#EXT-X-TARGETDURATION:2\n${segments(2)}`,
    );
  });
});

describe('what is cut off is accounted for:', () => {
  it('numbers', () => {
    const text = `${HEAD}#EXT-X-MEDIA-SEQUENCE:9007199254740000\n#EXT-X-DISCONTINUITY-SEQUENCE:5\n${segments(1)}#EXT-X-DISCONTINUITY\n${segments(1)}#EXT-X-DISCONTINUITY\n${segments(1)}`;
    expect(last(text)).toBe(
      `${HEAD}#EXT-X-MEDIA-SEQUENCE:9007199254740002\n#EXT-X-DISCONTINUITY-SEQUENCE:6\n#EXT-X-DISCONTINUITY\n${segments(1)}`,
    );
  });

  it('a number that cannot be counted on stays, and is refused', () => {
    const text = last(`${HEAD}#EXT-X-MEDIA-SEQUENCE:99999999999999999999\n${segments(3)}`);
    expect(readPlaylist(text)).toMatchObject({
      ok: false,
      problem: expect.stringContaining('EXT-X-MEDIA-SEQUENCE'),
    });
  });

  it('the segments that a delta update leaves out', () => {
    const text = readFileSync(new URL('rfc8216bis-delta-update.m3u8', FIXTURES), 'utf8');
    const whole = media(text);
    const window = media(windowOf(text));
    expect(window.mediaSequence).toBe(whole.mediaSequence + whole.skippedSegments);
    expect(window).toMatchObject({
      skippedSegments: 0,
      segments: whole.segments,
      openSegment: whole.openSegment,
    });
  });

  it('date-times, but not over a discontinuity', () => {
    const start = '#EXT-X-PROGRAM-DATE-TIME:2024-01-01T00:00:00.5+01:00\n';
    expect(last(HEAD + start + segments(3))).toContain(
      '\n#EXT-X-PROGRAM-DATE-TIME:2023-12-31T23:00:04.500000Z\n',
    );
    expect(last(`${HEAD}${start}${segments(2)}#EXT-X-DISCONTINUITY\n${segments(1)}`)).not.toContain(
      'DATE-TIME',
    );
    expect(last(`${HEAD}${start}${segments(1)}#EXT-X-DISCONTINUITY\n${segments(2)}`)).not.toContain(
      'DATE-TIME',
    );
  });

  it('the keys, and the section with the keys that it stands behind', () => {
    const key = (n: number, format = ''): string => `#EXT-X-KEY:METHOD=AES-128,URI="k${n}"${format}\n`;
    const text = `${HEAD}${key(1)}#EXT-X-MAP:URI="i"\n${segments(1)}${key(2)}${key(3, ',KEYFORMAT="x"')}${segments(2)}`;
    expect(last(text)).toBe(
      `${HEAD}#EXT-X-MEDIA-SEQUENCE:2\n${key(1)}#EXT-X-MAP:URI="i"\n#EXT-X-KEY:METHOD=NONE\n${key(2)}${key(3, ',KEYFORMAT="x"')}${segments(1, 1)}`,
    );
    expect(last(`${HEAD}${key(1)}${segments(1)}#EXT-X-KEY:METHOD=NONE\n${segments(2)}`)).not.toContain('KEY');
  });

  it('the place in a file where a byte range begins', () => {
    const range = (bytes: string): string => `#EXTINF:2,\n#EXT-X-BYTERANGE:${bytes}\na.ts\n`;
    expect(last(HEAD + range('100@50') + range('30') + range('20'))).toContain(
      '\n#EXT-X-BYTERANGE:20@180\na.ts\n',
    );
    expect(last(HEAD + range('100@50') + range('30') + range('20@7'))).toContain(
      '\n#EXT-X-BYTERANGE:20@7\na.ts\n',
    );
  });

  it('the bit rate', () => {
    expect(last(`${HEAD}#EXT-X-BITRATE:900\n${segments(2)}`)).toContain('\n#EXT-X-BITRATE:900\n#EXTINF');
  });
});

describe('limits', () => {
  const isRefused = (text: string): boolean =>
    !readPlaylist(text).ok &&
    M3U8Parser.parseLevelPlaylist(text, 'http://a/', 0, 'main' as never, 0, null).playlistParsingError !==
      null &&
    M3U8Parser.parseMasterPlaylist(text, 'http://a/').playlistParsingError !== null;

  it('a line of more than 64 KB is refused, in words', () => {
    for (const end of ['', '\n']) {
      const text = windowOf(`${HEAD}#EXTINF:2,\n${'a'.repeat(65_537)}${end}`, {}, [40_000, 80_000]);
      expect(text).toBe('The playlist has a line of more than 65536 characters.');
      expect(isRefused(text)).toBe(true);
    }
  });

  it('a multivariant playlist of more than 1 MB is refused, in words', () => {
    const text = windowOf(`#EXTM3U\n${'#EXT-X-STREAM-INF:BANDWIDTH=1\nv.m3u8\n'.repeat(30_000)}`);
    expect(text).toBe('The playlist has more than 1000000 characters in what has to be kept of it.');
    expect(isRefused(text)).toBe(true);
  });

  it('segments with addresses that are too long for 120 s are kept as far as there is room', () => {
    const text = windowOf(HEAD + `#EXTINF:0,\n${'a'.repeat(5000)}.ts\n`.repeat(1000));
    expect(text.length).toBeLessThan(1_000_100);
    expect(media(text).segments.length).toBeGreaterThan(8);
  });

  it('a media playlist with more than 3000 lines in its newest segments is refused, in words', () => {
    const parts = (count: number): string =>
      `${HEAD}#EXTINF:2,\na.ts\n${'#EXT-X-PART:DURATION=0.001,URI="p.ts"\n'.repeat(count)}#EXTINF:2,\nb.ts\n`;
    expect(isRefused(windowOf(parts(2900)))).toBe(false);
    const text = windowOf(parts(3000));
    expect(text).toBe('The playlist has more than 3000 lines in what has to be kept of it.');
    expect(isRefused(text)).toBe(true);
  });

  it('segments that are too short for 120 s are kept as far as there is room', () => {
    const text = windowOf(HEAD + '#EXTINF:0,\na.ts\n'.repeat(200_000));
    expect(text.split('\n').length).toBeLessThan(3010);
    const { mediaSequence, segments: kept } = media(text);
    expect(kept.length).toBeGreaterThan(8);
    expect(mediaSequence + kept.length).toBe(200_000);
  });

  it('of what is no playlist no more is kept than it takes to tell', () => {
    const text = windowOf(`<html>${'a'.repeat(200_000)}`, {}, [70_000, 140_000]);
    expect(text.length).toBeLessThan(140_000);
    expect(readPlaylist(text)).toMatchObject({ problem: 'is HTML' });
  });
});

interface Piece {
  readonly tags: readonly string[];
  readonly durationS: number;
  readonly uri: string;
}

const keyTag = fc.constantFrom(
  '#EXT-X-KEY:METHOD=NONE',
  '#EXT-X-KEY:METHOD=AES-128,URI="k1"',
  '#EXT-X-KEY:METHOD=AES-128,URI="k2",IV=0x00112233445566778899aabbccddeeff',
  '#EXT-X-KEY:METHOD=SAMPLE-AES,URI="k3",KEYFORMAT="com.apple.streamingkeydelivery"',
);
const mapTag = fc.constantFrom('#EXT-X-MAP:URI="i1.mp4"', '#EXT-X-MAP:URI="i2.mp4",BYTERANGE="700@0"');
const dateTimeTag = fc
  .nat({ max: 1e9 })
  .map((ms) => `#EXT-X-PROGRAM-DATE-TIME:${new Date(1_700_000_000_000 + ms).toISOString()}`);
const rangeTag = fc
  .tuple(fc.integer({ min: 1, max: 999 }), fc.option(fc.nat({ max: 999 })))
  .map(([length, offset]) => `#EXT-X-BYTERANGE:${length}${offset === null ? '' : `@${offset}`}`);
const otherTag = fc.constantFrom(
  '',
  '# a comment',
  '#EXT-X-OURS:a="b"',
  '#EXT-X-GAP',
  '#EXT-X-BITRATE:800',
  '#EXT-X-DATERANGE:ID="d",START-DATE="2024-01-01T00:00:00Z"',
  '#EXT-X-PART:DURATION=0.33334,URI="p.mp4",BYTERANGE="10@5"',
);
const rarely = (tag: fc.Arbitrary<string>): fc.Arbitrary<string[]> =>
  fc.option(tag, { freq: 3 }).map((chosen) => (chosen === null ? [] : [chosen]));
const piece: fc.Arbitrary<Piece> = fc.record({
  tags: fc
    .tuple(
      rarely(fc.constant('#EXT-X-DISCONTINUITY')),
      rarely(keyTag),
      rarely(mapTag),
      rarely(dateTimeTag),
      rarely(rangeTag),
      rarely(otherTag),
    )
    .map((tags) => tags.flat()),
  durationS: fc.oneof(fc.nat({ max: 9 }), fc.constantFrom(3.33334, 1.001, 5.005, 40)),
  // In hls.js a range may continue one in another file, which RFC 8216 does not allow. So there is only one file.
  uri: fc.constant('a.ts'),
});
const list = fc
  .record({
    header: fc.subarray(
      [
        '#EXT-X-VERSION:6',
        '#EXT-X-MEDIA-SEQUENCE:41',
        '#EXT-X-DISCONTINUITY-SEQUENCE:3',
        '#EXT-X-PLAYLIST-TYPE:EVENT',
        '#EXT-X-INDEPENDENT-SEGMENTS',
        '#EXT-X-PART-INF:PART-TARGET=0.5',
        '#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=2',
      ],
      { minLength: 0 },
    ),
    pieces: fc.array(piece, { maxLength: 30 }),
    after: fc.subarray([
      '#EXT-X-PART:DURATION=0.33334,URI="o.mp4"',
      '#EXT-X-PRELOAD-HINT:TYPE=PART,URI="h.mp4"',
      '#EXT-X-RENDITION-REPORT:URI="r.m3u8"',
      '#EXT-X-ENDLIST',
    ]),
    lineEnd: fc.constantFrom('\n', '\r\n'),
  })
  .map(({ header, pieces, after, lineEnd }) =>
    [
      '#EXTM3U',
      '#EXT-X-TARGETDURATION:9',
      ...header,
      ...pieces.flatMap(({ tags, durationS, uri }) => [...tags, `#EXTINF:${durationS},`, uri]),
      ...after,
      '',
    ].join(lineEnd),
  );
const limits = fc.record({ leastMs: fc.nat({ max: 60_000 }), leastSegments: fc.integer({ min: 1, max: 8 }) });

/** The playlist with its numbers rounded to the microsecond: sums of date-times and durations have rounding errors. */
const rounded = (playlist: MediaPlaylist): unknown =>
  JSON.parse(
    JSON.stringify(playlist, (name, value) =>
      name === 'programDateTimeMs' && value !== null ? Math.round(value) : value,
    ),
  );

describe('whatever the list is', () => {
  it('the window is its end, for us and for hls.js, however it is cut in pieces', () => {
    fc.assert(
      fc.property(list, limits, fc.array(fc.nat({ max: 3000 }), { maxLength: 12 }), (text, least, cuts) => {
        const whole = media(text);
        const windowText = windowOf(text, least, cuts);
        const window = media(windowText);
        const count = window.segments.length;
        const cut = whole.segments.length - count;
        expect(count).toBeGreaterThanOrEqual(Math.min(least.leastSegments, whole.segments.length));
        const keptMs = window.segments.reduce((sum, { durationMs }) => sum + durationMs, 0);
        if (cut > 0) expect(keptMs).toBeGreaterThanOrEqual(least.leastMs);
        const discontinuities = whole.segments
          .slice(0, cut)
          .filter(({ discontinuity }) => discontinuity).length;
        expect(rounded(window)).toEqual(
          rounded({
            ...whole,
            mediaSequence: whole.mediaSequence + cut,
            discontinuitySequence: whole.discontinuitySequence + discontinuities,
            segments: whole.segments.slice(cut),
          }),
        );
        expect(asHlsReads(windowText, count)).toEqual(asHlsReads(text, count));
        expect(windowOf(windowText, least)).toBe(windowText);
        if (cut === 0) expect(windowText).toBe(text);
      }),
      { numRuns: 400 },
    );
  });

  it('all ways to cut it in pieces come to the same', () => {
    fc.assert(
      fc.property(list, limits, fc.array(fc.nat({ max: 3000 }), { maxLength: 40 }), (text, least, cuts) => {
        const byCharacter = windowOf(
          text,
          least,
          Array.from({ length: text.length }, (_, index) => index),
        );
        expect(windowOf(text, least, cuts)).toBe(byCharacter);
      }),
      { numRuns: 200 },
    );
  });
});
