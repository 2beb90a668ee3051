import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { rebuiltLine } from './rebuilt-line.ts';

const ADDRESS = '/sites/north/safe';
const rebuilt = (line: string): string | null => rebuiltLine(line, () => ADDRESS);

describe('a line', () => {
  it.each([
    ['an address', ' 1.ts ', ADDRESS],
    ['a comment', '# /sites/south/1.ts', null],
    ['nothing', '  ', null],
    ['a tag without a value', '#EXT-X-ENDLIST', '#EXT-X-ENDLIST'],
    ['a tag with a value that it does not have', '#EXT-X-GAP:x', '#EXT-X-GAP'],
    ['a number with blanks', '#EXT-X-MEDIA-SEQUENCE: 12 ', '#EXT-X-MEDIA-SEQUENCE:12'],
    ['what is no number', '#EXT-X-MEDIA-SEQUENCE:12a', '#EXT-X-MEDIA-SEQUENCE:'],
    ['a duration with a title', '#EXTINF:2.5,North\u2028/sites/south/1.ts', '#EXTINF:2.5,'],
    ['a duration that is none', '#EXTINF:soon,', '#EXTINF:,'],
    ['a byte range', '#EXT-X-BYTERANGE:100@2', '#EXT-X-BYTERANGE:100@2'],
    [
      'a date',
      '#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:00+01:00',
      '#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:00+01:00',
    ],
    [
      'a key whose values lack their quotes',
      '#EXT-X-KEY:METHOD="AES-128",URI=/sites/south/api/ptz?move=left',
      `#EXT-X-KEY:METHOD=AES-128,URI="${ADDRESS}"`,
    ],
    [
      'a key with blanks between its attributes',
      '#EXT-X-KEY : METHOD=AES-128,  URI = "/sites/south/k"',
      `#EXT-X-KEY:METHOD=AES-128,URI="${ADDRESS}"`,
    ],
    [
      'a key of a method in small letters',
      '#EXT-X-KEY:METHOD=sample-aes,URI="k",IV=0x0A',
      `#EXT-X-KEY:METHOD=sample-aes,URI="${ADDRESS}",IV=0x0A`,
    ],
    [
      'attributes that stand twice',
      '#EXT-X-MAP:URI="a",URI="/sites/south/b",BYTERANGE="1@0"',
      `#EXT-X-MAP:URI="${ADDRESS}",BYTERANGE="1@0"`,
    ],
    [
      'an attribute that nobody knows',
      '#EXT-X-PART:DURATION=0.2,URI="p",X-URI="/sites/south/1"',
      `#EXT-X-PART:DURATION=0.2,URI="${ADDRESS}"`,
    ],
    [
      'a variant',
      '#EXT-X-STREAM-INF:BANDWIDTH=1000,CODECS="avc1.64001f,mp4a.40.2",RESOLUTION=1280x720,AUDIO="a"',
      '#EXT-X-STREAM-INF:BANDWIDTH=1000,CODECS="avc1.64001f,mp4a.40.2",RESOLUTION=1280x720',
    ],
    [
      'a vector that is a variable',
      '#EXT-X-KEY:METHOD=AES-128,IV={$iv}',
      '#EXT-X-KEY:METHOD=AES-128,IV={$iv}',
    ],
    ['text that would end its string', '#EXT-X-DEFINE:NAME="a"b",VALUE="c"', '#EXT-X-DEFINE:VALUE="c"'],
    ['other renditions', '#EXT-X-MEDIA:TYPE=AUDIO,URI="/sites/south/a.m3u8"', null],
    ['interstitials', '#EXT-X-DATERANGE:ID="1",X-ASSET-LIST="http://ads.test/l"', null],
    ['content steering', '#EXT-X-CONTENT-STEERING:SERVER-URI="//evil.test/s"', null],
    ['a tag that nobody knows', '#EXT-X-NEW:URI="/sites/south/a"', null],
    ['a tag in small letters', '#ext-x-key:METHOD=NONE', null],
  ])('that is %s', (_what, line, expected) => {
    expect(rebuilt(line)).toBe(expected);
  });
});

/** The strict form of RFC 8216 (section 4.2): names, each with a word, a number, or text in quotes. */
const STRICT =
  /^#EXT[A-Z0-9-]*(?::(?:[A-Z0-9-]+=(?:"[^"\p{Cc}\p{Zl}\p{Zp}]*"|[^\s",]*)(?:,(?=.)|$))*|:[^\s"=]*(?: [^\s"=]*)?)?$/u;

test('whatever a line is, it is written so that no reader finds another address in it', () => {
  const pieces = [
    '#EXT-X-KEY:',
    '#EXT-X-MAP:',
    '#EXT-X-PART:',
    '#EXTINF:',
    'METHOD=AES-128',
    'URI=',
    ' URI = ',
    '"',
    ',',
    '=',
    ' ',
    '\t',
    '\u2028',
    '\u0085',
    '\uFEFF',
    '{$x}',
    '/sites/south/ptz',
  ];
  const piece = fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...pieces) }, fc.string({ unit: 'binary' }));
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (line) => {
      const asked: string[] = [];
      const written = rebuiltLine(line.join(''), (address) => {
        asked.push(address);
        return ADDRESS;
      });
      if (written === null || written === ADDRESS) return;
      expect(written).toMatch(STRICT);
      for (const [, name, value] of written.matchAll(/([A-Z0-9-]*URI)="([^"]*)"/g))
        expect([name, value]).toEqual(['URI', ADDRESS]);
      expect(rebuilt(written)).toBe(written);
    }),
  );
});
