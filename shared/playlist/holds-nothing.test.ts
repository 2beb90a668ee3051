import { describe, expect, it } from 'vitest';
import { holdsNothing } from './holds-nothing.ts';

describe('an answer that holds nothing', () => {
  it.each([
    ['no byte', ''],
    ['blanks', ' \r\n'],
    ['a header alone', '#EXTM3U\n'],
    ['tags of a media playlist alone', '\uFEFF#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-MEDIA-SEQUENCE:0\n'],
  ])('is %s', (_what, text) => {
    expect(holdsNothing(text)).toBe(true);
  });

  it.each([
    ['HTML', '<html></html>'],
    ['text', 'Not found'],
    ['a segment without its duration', '#EXTM3U\na.ts\n'],
    ['a variant without its address', '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n'],
    ['tags without the header', '#EXT-X-VERSION:3\n'],
  ])('is not %s', (_what, text) => {
    expect(holdsNothing(text)).toBe(false);
  });
});
