import { describe, expect, test } from 'vitest';
import { DEMO_TIMELINE, type LiveTimeline, livePlaylist, segmentState, windowAt } from './live-playlist.ts';

const EPOCH_MS = Date.UTC(2020, 0, 1);
const timeline: LiveTimeline = { epochMs: EPOCH_MS, segmentMs: 1000, windowSegments: 3, keptSegments: 2 };

/** What a client reads out of a playlist. */
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

const playlistAt = (nowMs: number) => livePlaylist(timeline, windowAt(timeline, nowMs));

test('is a version 7 media playlist with init segment, in the order of RFC 8216', () => {
  expect(playlistAt(EPOCH_MS + 5000)).toBe(
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

test('a segment appears when its whole second has passed, not a millisecond before', () => {
  expect(read(playlistAt(EPOCH_MS + 5999)).segments.at(-1)).toBe('4.m4s');
  expect(read(playlistAt(EPOCH_MS + 6000)).segments.at(-1)).toBe('5.m4s');
});

test('slides by one segment a second over midnight, with one number and one date-time per segment', () => {
  const midnight = Date.UTC(2026, 6, 1);
  const dateOf = new Map<string, number>();
  let before = 0;
  for (let nowMs = midnight - 5000; nowMs <= midnight + 5000; nowMs += 250) {
    const { mediaSequence, dates, segments } = read(playlistAt(nowMs));
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

test('is shorter, not negative, in the first seconds of all', () => {
  expect(read(playlistAt(EPOCH_MS + 1000)).segments).toEqual(['0.m4s']);
});

test('a clock before the epoch is told in words', () => {
  expect(() => windowAt(timeline, 0)).toThrow('The clock says 0 ms since 1970');
  expect(() => windowAt(timeline, Number.NaN)).toThrow(RangeError);
});

test('target duration covers segments of other lengths', () => {
  const odd = { ...timeline, segmentMs: 1500 };
  const playlist = livePlaylist(odd, windowAt(odd, EPOCH_MS + 6000));
  expect(playlist).toContain('#EXT-X-TARGETDURATION:2\n');
  expect(read(playlist).durations).toEqual(['1.500,', '1.500,', '1.500,']);
});

describe('of the segments', () => {
  const window = { first: 10, last: 12 };
  test.each([
    [13, 'not yet'],
    [12, 'served'],
    [10, 'served'],
    [8, 'served'],
    [7, 'gone'],
  ])('%i is %s', (n, state) => {
    expect(segmentState(timeline, window, n)).toBe(state);
  });
});

test("the demo's decode times stay exact numbers for centuries", () => {
  const last = windowAt(DEMO_TIMELINE, Date.UTC(2400, 0, 1)).last;
  expect(Number.isSafeInteger(last * 90_000)).toBe(true);
});
