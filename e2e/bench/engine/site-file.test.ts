import { expect, test } from 'vitest';
import { newestSegment } from './site-file.ts';

test('the newest segment is the last one listed', () => {
  expect(newestSegment('#EXTM3U\n#EXTINF:1.0,\n41.m4s\n#EXTINF:1.0,\n42.m4s\n#EXT-X-PRELOAD-HINT:x\n')).toBe(
    '42.m4s',
  );
});

test('a playlist without a segment is refused', () => {
  expect(() => newestSegment('#EXTM3U\n')).toThrow('the playlist lists no segment');
});
