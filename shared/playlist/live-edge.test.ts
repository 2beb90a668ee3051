import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { advancedMs, compareEdge, liveEdge } from './live-edge.ts';
import type { MediaPlaylist } from './playlist.ts';
import { readPlaylist } from './read-playlist.ts';

function media(text: string): MediaPlaylist {
  const reading = readPlaylist(text);
  if (!reading.ok || reading.playlist.kind !== 'media') throw new Error('is no media playlist');
  return reading.playlist;
}

function fixture(name: string): MediaPlaylist {
  return media(readFileSync(new URL(`fixtures/${name}.m3u8`, import.meta.url), 'utf8'));
}

/** A window of `count` segments from `first` on, each with its own duration, and parts of 500 ms after them. */
function window(first: number, count: number, parts = 0, suffix = ''): MediaPlaylist {
  const lines = ['#EXTM3U', '#EXT-X-TARGETDURATION:2', `#EXT-X-MEDIA-SEQUENCE:${first}`];
  for (let sequence = first; sequence < first + count; sequence += 1)
    lines.push(`#EXTINF:${secondsOf(sequence)},`, `${sequence}.ts`);
  for (let part = 0; part < parts; part += 1)
    lines.push(`#EXT-X-PART:DURATION=0.5,URI="${first + count}.${part}.ts"`);
  return media(`${lines.join('\n')}\n${suffix}`);
}

function secondsOf(sequence: number): number {
  return 1 + (sequence % 3) / 2;
}

function moved(previous: MediaPlaylist, next: MediaPlaylist): 'moved' | 'same' | 'back' {
  return compareEdge(liveEdge(previous), liveEdge(next));
}

describe('liveEdge', () => {
  it('is the end of the last segment', () => {
    expect(liveEdge(fixture('ffmpeg-ts-live'))).toEqual({
      sequence: 13,
      part: null,
      programDateTimeMs: Date.parse('2026-11-22T16:33:08.431Z'),
      windowMs: 5000,
    });
  });

  it('is the end of the last part', () => {
    const edge = liveEdge(fixture('rfc8216bis-low-latency'));
    expect(edge).toMatchObject({ sequence: 273, part: 2 });
    expect(edge.programDateTimeMs).toBeCloseTo(
      Date.parse('2019-02-14T02:14:00.106Z') + 4000.08 + 3 * 333.34,
      3,
    );
    expect(edge.windowMs).toBeCloseTo(9 * 4000.08 + 3 * 333.34, 3);
  });

  it('stays where media could last be fetched while only gaps are added', () => {
    const before = window(5, 3);
    const gaps = window(5, 3, 0, '#EXT-X-GAP\n#EXTINF:2,\n8.ts\n#EXT-X-PART:DURATION=0.5,URI="p",GAP=YES\n');
    expect(moved(before, gaps)).toBe('same');
    expect(advancedMs(before, gaps)).toBe(0);
    expect(liveEdge(gaps)).toEqual(liveEdge(before));
  });

  it('lies before the first segment of a stream that has none yet', () => {
    const empty = window(0, 0);
    expect(liveEdge(empty)).toEqual({ sequence: -1, part: null, programDateTimeMs: null, windowMs: 0 });
    expect(moved(empty, window(0, 1))).toBe('moved');
  });
});

describe('from one playlist to the next', () => {
  it.each([
    ['the next segment', window(3, 4), window(4, 4), 'moved', 1500],
    ['nothing new', window(3, 4), window(3, 4), 'same', 0],
    ['nothing new, but old segments left', window(3, 4), window(5, 2), 'same', 0],
    ['the next part', window(3, 4, 1), window(3, 4, 2), 'moved', 500],
    ['the first part of the next segment', window(3, 4), window(3, 4, 1), 'moved', 500],
    ['the last part, with the segment complete', window(3, 4, 1), window(3, 5), 'moved', 1000],
    ['the rest of a segment and a part of the next', window(3, 4, 1), window(3, 5, 1), 'moved', 1500],
    ['more than the window holds', window(3, 2), window(9, 2), 'moved', 7500],
    ['a restart', window(30, 4), window(0, 4), 'back', null],
    ['an older copy with fewer parts', window(3, 4, 2), window(3, 4, 1), 'back', null],
    ['an older copy without the parts', window(3, 4, 2), window(3, 4), 'back', null],
  ] as const)('%s', (_, previous, next, direction, advanced) => {
    expect(moved(previous, next)).toBe(direction);
    expect(advancedMs(previous, next)).toBe(advanced);
  });

  it('as nginx-rtmp wrote them', () => {
    expect(advancedMs(fixture('nginx-rtmp-live'), fixture('nginx-rtmp-live-later'))).toBeCloseTo(2981, 6);
    expect(advancedMs(fixture('nginx-rtmp-live-later'), fixture('nginx-rtmp-restarted'))).toBeCloseTo(
      4992,
      6,
    );
  });

  it('a delta update is one part further than the playlist before it', () => {
    expect(advancedMs(fixture('rfc8216bis-low-latency'), fixture('rfc8216bis-delta-update'))).toBeCloseTo(
      333.34,
      6,
    );
  });

  it('date-times that jump prove nothing', () => {
    const early = window(3, 1, 0, '#EXT-X-PROGRAM-DATE-TIME:2024-01-01T00:00:00Z\n#EXTINF:2,\n4.ts\n');
    const late = window(3, 1, 0, '#EXT-X-PROGRAM-DATE-TIME:2024-01-01T09:00:00Z\n#EXTINF:2,\n4.ts\n');
    expect(moved(early, late)).toBe('same');
  });

  it('a window that slides by n moves the edge by n segments and their durations', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 50), fc.integer({ min: 1, max: 12 }), fc.nat(11), (first, count, slide) => {
        fc.pre(slide <= count);
        const previous = window(first, count);
        const next = window(first + slide, count);
        expect(liveEdge(next).sequence - liveEdge(previous).sequence).toBe(slide);
        expect(moved(previous, next)).toBe(slide === 0 ? 'same' : 'moved');
        expect(moved(next, previous)).toBe(slide === 0 ? 'same' : 'back');
        const added = Array.from({ length: slide }, (_, i) => secondsOf(first + count + i) * 1000);
        expect(advancedMs(previous, next)).toBeCloseTo(
          added.reduce((sum, ms) => sum + ms, 0),
          6,
        );
      }),
    );
  });

  it('advances in steps add up to the advance in one', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(2), fc.nat(1)), { minLength: 2, maxLength: 8 }), (steps) => {
        let count = 4;
        const playlists = steps.map(([segments, parts]) => {
          count += segments;
          return window(0, count, parts);
        });
        const forward = playlists.filter((playlist, i) =>
          playlists.slice(0, i).every((earlier) => moved(earlier, playlist) !== 'back'),
        );
        const [first] = forward;
        const last = forward.at(-1);
        if (first === undefined || last === undefined) return;
        const sum = forward
          .slice(1)
          .reduce((total, next, i) => total + (advancedMs(forward[i] ?? first, next) ?? 0), 0);
        expect(sum).toBeCloseTo(advancedMs(first, last) ?? Number.NaN, 6);
      }),
    );
  });
});
