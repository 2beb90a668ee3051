import { describe, expect, it } from 'vitest';
import { newestMedia, placesToBegin } from './newest-media.ts';
import type { MediaPlaylist } from './playlist.ts';
import { readPlaylist } from './read-playlist.ts';

const HEAD = '#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXT-X-MEDIA-SEQUENCE:7\n#EXT-X-MAP:URI="init.mp4"\n';
const SEGMENTS = '#EXTINF:1,\n7.m4s\n#EXTINF:1,\n8.m4s\n';

function playlist(text: string): MediaPlaylist {
  const reading = readPlaylist(text);
  if (!reading.ok || reading.playlist.kind !== 'media') throw new Error('not a media playlist');
  return reading.playlist;
}

const names = (pieces: readonly { uri: string }[]): string[] => pieces.map(({ uri }) => uri);

describe('newestMedia', () => {
  it('is the segments, newest first, with the section that each needs', () => {
    const [newest, ...rest] = newestMedia(playlist(HEAD + SEGMENTS));
    expect(newest).toMatchObject({ uri: '8.m4s', sequence: 8, part: null, map: { uri: 'init.mp4' } });
    expect(names(rest)).toEqual(['7.m4s']);
  });

  it('begins with the parts of the segment that is being made', () => {
    const parts =
      '#EXT-X-PART:DURATION=0.5,URI="9.0.m4s",INDEPENDENT=YES\n#EXT-X-PART:DURATION=0.5,URI="9.1.m4s"\n';
    const pieces = newestMedia(playlist(HEAD + SEGMENTS + parts));
    expect(names(pieces)).toEqual(['9.1.m4s', '9.0.m4s', '8.m4s', '7.m4s']);
    expect(pieces[0]).toMatchObject({ sequence: 9, part: 1, durationMs: 500 });
  });

  it('leaves out what is marked as a gap', () => {
    const text = `${HEAD}#EXTINF:1,\n7.m4s\n#EXT-X-GAP\n#EXTINF:1,\n8.m4s\n#EXT-X-PART:DURATION=0.5,URI="9.0.m4s",GAP=YES\n`;
    expect(names(newestMedia(playlist(text)))).toEqual(['7.m4s']);
  });

  it('is nothing where a stream has just begun', () => {
    expect(newestMedia(playlist(HEAD))).toEqual([]);
  });
});

describe('placesToBegin', () => {
  it('are independent parts, then whole segments', () => {
    const parts =
      '#EXT-X-PART:DURATION=0.5,URI="9.0.m4s",INDEPENDENT=YES\n#EXT-X-PART:DURATION=0.5,URI="9.1.m4s"\n';
    expect(names(placesToBegin(playlist(HEAD + SEGMENTS + parts)))).toEqual(['9.0.m4s', '8.m4s', '7.m4s']);
  });
});
