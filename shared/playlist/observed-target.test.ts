import { describe, expect, it } from 'vitest';
import { observedPartTargetMs, observedTargetMs } from './observed-target.ts';
import type { MediaPlaylist } from './playlist.ts';
import { readPlaylist } from './read-playlist.ts';

function media(lines: readonly string[]): MediaPlaylist {
  const reading = readPlaylist(`#EXTM3U\n#EXT-X-TARGETDURATION:1\n${lines.join('\n')}\n`);
  if (!reading.ok || reading.playlist.kind !== 'media') throw new Error('is no media playlist');
  return reading.playlist;
}

describe('the observed target duration', () => {
  it.each([
    ['as declared, where segments are shorter', ['#EXTINF:0.5,', 'a.ts'], 1000],
    ['the longest segment, where that is longer', ['#EXTINF:5,', 'a.ts', '#EXTINF:2,', 'b.ts'], 5000],
    ['as declared, while nothing is listed', [], 1000],
  ])('is %s', (_what, lines, expected) => {
    expect(observedTargetMs(media(lines))).toBe(expected);
  });
});

describe('the observed part target', () => {
  const declared = '#EXT-X-PART-INF:PART-TARGET=0.2';
  it.each([
    ['none where parts are declared and never listed', [declared, '#EXTINF:1,', 'a.ts'], null],
    ['as declared', [declared, '#EXT-X-PART:DURATION=0.1,URI="p"'], 200],
    ['that of the longest part', [declared, '#EXT-X-PART:DURATION=0.5,URI="p"'], 500],
    ['that of the parts of a whole segment', ['#EXT-X-PART:DURATION=0.5,URI="p"', '#EXTINF:1,', 'a.ts'], 500],
    ['none without parts', ['#EXTINF:1,', 'a.ts'], null],
  ])('is %s', (_what, lines, expected) => {
    expect(observedPartTargetMs(media(lines))).toBe(expected);
  });
});
