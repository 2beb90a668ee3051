import { describe, expect, it } from 'vitest';
import type { Quality } from '../config/config.ts';
import { chooseVariant, videoCodecsOf } from './choose-variant.ts';
import { readPlaylist } from './read-playlist.ts';

/** A workstation without a decoder for H.265. */
const canShow = (codecs: string): boolean => !/hvc1|hev1/.test(codecs);

/** The address of the variant that is chosen among variants with these attributes. Their addresses are 0, 1, and so on. */
function chosen(quality: Quality, ...attributes: readonly string[]): string | null {
  const variants = attributes.map((list, index) => `#EXT-X-STREAM-INF:${list}\n${index}\n`).join('');
  const reading = readPlaylist(`#EXTM3U\n${variants}`);
  if (!reading.ok || reading.playlist.kind !== 'multivariant') throw new Error('no multivariant playlist');
  return chooseVariant(reading.playlist.variants, quality, canShow)?.uri ?? null;
}

const both = (...attributes: readonly string[]): (string | null)[] => [
  chosen('main', ...attributes),
  chosen('sub', ...attributes),
];

const BIG = 'BANDWIDTH=4000000,RESOLUTION=1920x1080,CODECS="avc1.640028,mp4a.40.2"';
const SMALL = 'BANDWIDTH=500000,RESOLUTION=640x360,CODECS="avc1.64001e,mp4a.40.2"';
const AUDIO = 'BANDWIDTH=64000,CODECS="mp4a.40.2"';

describe('the variant that is played and probed', () => {
  it('is the largest for main, the smallest for sub, in whatever order they stand', () => {
    expect(both(BIG, SMALL)).toEqual(['0', '1']);
    expect(both(SMALL, BIG)).toEqual(['1', '0']);
  });

  it('goes by size before bit rate: an efficient codec makes large pictures of few bits', () => {
    expect(both('BANDWIDTH=1,RESOLUTION=1920x1080', 'BANDWIDTH=2,RESOLUTION=640x360')).toEqual(['0', '1']);
  });

  it('of equal sizes goes by bit rate', () => {
    const of = (bandwidth: number): string => `BANDWIDTH=${bandwidth},RESOLUTION=640x360`;
    expect(both(of(2), of(3), of(1))).toEqual(['1', '2']);
  });

  it('without sizes goes by bit rate, and without those is the first and the last', () => {
    expect(both('BANDWIDTH=1', 'BANDWIDTH=2')).toEqual(['1', '0']);
    expect(both('NAME="a"', 'NAME="b"')).toEqual(['0', '1']);
  });

  it('without a size is smaller than all that have one', () => {
    expect(both('BANDWIDTH=9000000', SMALL)).toEqual(['1', '0']);
  });

  it('is never one that says it has no video, be it the smallest or the largest', () => {
    expect(both(AUDIO, BIG, SMALL)).toEqual(['1', '2']);
    expect(both('BANDWIDTH=9000000,CODECS="mp4a.40.2"', SMALL)).toEqual(['1', '1']);
    expect(both(AUDIO)).toEqual([null, null]);
  });

  it('may be one that does not say what it has', () => {
    expect(both('BANDWIDTH=1', AUDIO)).toEqual(['0', '0']);
  });

  it('may be one whose codecs are no known names, or that has a size', () => {
    expect(both('BANDWIDTH=1,CODECS="H264,AAC"', AUDIO)).toEqual(['0', '0']);
    expect(both('BANDWIDTH=1,RESOLUTION=640x360,CODECS="mp4a.40.2"', AUDIO)).toEqual(['0', '0']);
  });

  it('is none of the lists of key frames', () => {
    const reading = readPlaylist(
      `#EXTM3U\n#EXT-X-STREAM-INF:${SMALL}\nv\n#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=1,RESOLUTION=64x36,URI="i"\n`,
    );
    expect(reading).toMatchObject({ ok: true, playlist: { variants: [{ uri: 'v' }] } });
  });

  it('is the smaller one where the larger is of a codec that cannot be shown here', () => {
    expect(both(BIG.replace('avc1.640028', 'hvc1.1.6.L120.90'), SMALL)).toEqual(['1', '1']);
  });

  it('is one that cannot be shown where there is no other: its media tells why', () => {
    const h265 = 'BANDWIDTH=1,CODECS="hvc1.1.6.L120.90,mp4a.40.2"';
    expect(both(h265)).toEqual(['0', '0']);
    expect(both(h265, AUDIO)).toEqual(['0', '0']);
  });
});

describe('videoCodecsOf', () => {
  it.each([
    ['avc1.640028,mp4a.40.2', 'avc1.640028'],
    [' mp4a.40.2 , hvc1.1.6.L120.90 ', 'hvc1.1.6.L120.90'],
    ['mp4v.20.9, avc3.64001f', 'mp4v.20.9,avc3.64001f'],
    ['av01.0.04M.08', 'av01.0.04M.08'],
    ['vp9', 'vp9'],
    ['avc1.64001e mp4a.40.2', 'avc1.64001e'],
    ['H264,AAC', ''],
    ['mp4a.40.2,ac-3,wvtt,stpp.ttml.im1t', ''],
    ['', ''],
  ])('of "%s" is "%s"', (codecs, video) => {
    expect(videoCodecsOf(codecs)).toBe(video);
  });
});
