import { describe, expect, test } from 'vitest';
import { livePlaylist, type PlaylistContent } from './live-playlist.ts';
import { EPOCH_MS, edgeAt, timelineOf } from './live-timeline.ts';
import { LOW_LATENCY_SHAPE, PLAIN_SHAPE, type StreamShape } from './stream-shape.ts';

function playlistAt(shape: StreamShape, nowMs: number, more: Partial<PlaylistContent> = {}): string {
  const timeline = timelineOf(shape, EPOCH_MS);
  return livePlaylist({
    shape,
    timeline,
    edge: edgeAt(timeline, nowMs),
    initFile: shape.container === 'fmp4' ? 'init.mp4' : null,
    programDateTimes: 0,
    isIndependent: (_segment, part) => part === 0,
    otherRenditions: [],
    extent: 'whole',
    ...more,
  });
}

/** What a client reads from a playlist. */
function read(playlist: string) {
  const lines = playlist.trimEnd().split('\n');
  const values = (tag: string) =>
    lines.filter((line) => line.startsWith(tag)).map((line) => line.slice(tag.length));
  return {
    mediaSequence: Number(values('#EXT-X-MEDIA-SEQUENCE:')[0]),
    dates: values('#EXT-X-PROGRAM-DATE-TIME:').map((date) => Date.parse(date)),
    durations: values('#EXTINF:'),
    segments: lines.filter((line) => !line.startsWith('#')),
  };
}

describe('plain', () => {
  const shape: StreamShape = { ...PLAIN_SHAPE, windowSegments: 3 };

  test('is a version 7 media playlist with init segment, in the order of RFC 8216', () => {
    expect(playlistAt(shape, EPOCH_MS + 5000)).toBe(
      [
        '#EXTM3U',
        '#EXT-X-VERSION:7',
        '#EXT-X-TARGETDURATION:1',
        '#EXT-X-MEDIA-SEQUENCE:2',
        '#EXT-X-INDEPENDENT-SEGMENTS',
        '#EXT-X-MAP:URI="init.mp4"',
        '#EXT-X-PROGRAM-DATE-TIME:2020-01-01T00:00:02.000Z',
        '#EXTINF:1.000,',
        '2.m4s',
        '#EXT-X-PROGRAM-DATE-TIME:2020-01-01T00:00:03.000Z',
        '#EXTINF:1.000,',
        '3.m4s',
        '#EXT-X-PROGRAM-DATE-TIME:2020-01-01T00:00:04.000Z',
        '#EXTINF:1.000,',
        '4.m4s',
        '',
      ].join('\n'),
    );
  });

  test('of a transport stream is of version 3, without init segment', () => {
    const playlist = playlistAt({ ...shape, container: 'mpegts' }, EPOCH_MS + 5000, {
      programDateTimes: 'none',
    });
    expect(playlist).toBe(
      [
        '#EXTM3U',
        '#EXT-X-VERSION:3',
        '#EXT-X-TARGETDURATION:1',
        '#EXT-X-MEDIA-SEQUENCE:2',
        '#EXT-X-INDEPENDENT-SEGMENTS',
        ...[2, 3, 4].flatMap((n) => ['#EXTINF:1.000,', `${n}.ts`]),
        '',
      ].join('\n'),
    );
  });

  test('a segment appears when its whole second has passed, not a millisecond earlier', () => {
    expect(read(playlistAt(shape, EPOCH_MS + 5999)).segments.at(-1)).toBe('4.m4s');
    expect(read(playlistAt(shape, EPOCH_MS + 6000)).segments.at(-1)).toBe('5.m4s');
  });

  test('moves by one segment a second over midnight, with one number and one date-time per segment', () => {
    const midnight = Date.UTC(2026, 6, 1);
    const dateOf = new Map<string, number>();
    let before = 0;
    for (let nowMs = midnight - 5000; nowMs <= midnight + 5000; nowMs += 250) {
      const { mediaSequence, dates, segments } = read(playlistAt(shape, nowMs));
      expect(mediaSequence).toBeGreaterThanOrEqual(before);
      expect(mediaSequence - before).toBeLessThanOrEqual(before === 0 ? Number.POSITIVE_INFINITY : 1);
      before = mediaSequence;
      expect(segments.map((name) => Number.parseInt(name, 10))).toEqual(
        [0, 1, 2].map((i) => mediaSequence + i),
      );
      segments.forEach((name, i) => {
        const date = dates[i] ?? 0;
        expect(date).toBe(EPOCH_MS + Number.parseInt(name, 10) * 1000);
        expect(dateOf.get(name) ?? date).toBe(date);
        dateOf.set(name, date);
      });
    }
    expect(dateOf.size).toBeGreaterThan(10);
  });

  test('is shorter in the first seconds, without negative numbers', () => {
    expect(read(playlistAt(shape, EPOCH_MS + 1000)).segments).toEqual(['0.m4s']);
  });

  test.each([2000, 4000] as const)('lists segments of %i ms with their duration', (segmentMs) => {
    const playlist = playlistAt({ ...shape, segmentMs }, EPOCH_MS + 20_000);
    expect(playlist).toContain(`#EXT-X-TARGETDURATION:${segmentMs / 1000}\n`);
    expect(new Set(read(playlist).durations)).toEqual(new Set([`${segmentMs / 1000}.000,`]));
  });

  test('shifts its date-times', () => {
    const { dates } = read(playlistAt(shape, EPOCH_MS + 5000, { programDateTimes: -3_600_000 }));
    expect(dates[0]).toBe(EPOCH_MS + 2000 - 3_600_000);
  });
});

describe('with parts', () => {
  const shape: StreamShape = { ...LOW_LATENCY_SHAPE, windowSegments: 4, programDateTimes: false };
  const undated = { programDateTimes: 'none' } as const;

  test('lists those of the last three target durations, and hints at the next', () => {
    const parts = (n: number, count: number) =>
      Array.from(
        { length: count },
        (_, i) => `#EXT-X-PART:DURATION=0.33333,URI="${n}.${i}.m4s"${i === 0 ? ',INDEPENDENT=YES' : ''}`,
      );
    expect(playlistAt(shape, EPOCH_MS + 6700, undated)).toBe(
      [
        '#EXTM3U',
        '#EXT-X-VERSION:9',
        '#EXT-X-TARGETDURATION:1',
        '#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=1.00002,HOLD-BACK=3,CAN-SKIP-UNTIL=6',
        '#EXT-X-PART-INF:PART-TARGET=0.33334',
        '#EXT-X-MEDIA-SEQUENCE:2',
        '#EXT-X-INDEPENDENT-SEGMENTS',
        '#EXT-X-MAP:URI="init.mp4"',
        '#EXTINF:1.000,',
        '2.m4s',
        ...[3, 4, 5].flatMap((n) => [...parts(n, 3), '#EXTINF:1.000,', `${n}.m4s`]),
        ...parts(6, 2),
        '#EXT-X-PRELOAD-HINT:TYPE=PART,URI="6.2.m4s"',
        '',
      ].join('\n'),
    );
  });

  test('of 200 ms has a hold-back of three of them', () => {
    const playlist = playlistAt({ ...shape, partMs: 200 }, EPOCH_MS + 6700, undated);
    expect(playlist).toContain('PART-HOLD-BACK=0.6,');
    expect(playlist).toContain('#EXT-X-PART-INF:PART-TARGET=0.2\n');
    expect(playlist).toContain('#EXT-X-PART:DURATION=0.2,URI="6.2.m4s"\n');
  });

  test('has a date-time for the segment in progress', () => {
    const { dates } = read(playlistAt(shape, EPOCH_MS + 6700));
    expect(dates.at(-1)).toBe(EPOCH_MS + 6000);
  });

  test('hints at the next segment while nothing of it is available, and gives it no date-time', () => {
    const playlist = playlistAt(shape, EPOCH_MS + 6000);
    expect(playlist).toContain('URI="6.0.m4s"\n');
    expect(read(playlist).dates.at(-1)).toBe(EPOCH_MS + 5000);
  });

  test.each([
    [6700, 'LAST-MSN=6,LAST-PART=1'],
    [7000, 'LAST-MSN=6,LAST-PART=2'],
  ])('reports after %i ms how far the other rendition is', (afterMs, report) => {
    expect(playlistAt(shape, EPOCH_MS + afterMs, { otherRenditions: ['../sub/index.m3u8'] })).toContain(
      `#EXT-X-RENDITION-REPORT:URI="../sub/index.m3u8",${report}\n`,
    );
  });

  test('a delta update omits what is before the skip boundary, and is otherwise the same', () => {
    const long = { ...shape, windowSegments: 10 };
    const whole = playlistAt(long, EPOCH_MS + 20_400, undated).split('\n');
    const delta = playlistAt(long, EPOCH_MS + 20_400, { ...undated, extent: 'delta' }).split('\n');
    expect(delta.filter((line) => !whole.includes(line))).toEqual(['#EXT-X-SKIP:SKIPPED-SEGMENTS=4']);
    expect(whole.filter((line) => !delta.includes(line))).toEqual(['10.m4s', '11.m4s', '12.m4s', '13.m4s']);
  });

  test('a delta update with nothing to omit is the whole playlist', () => {
    expect(playlistAt(shape, EPOCH_MS + 20_400, { extent: 'delta' })).toBe(
      playlistAt(shape, EPOCH_MS + 20_400),
    );
  });
});
