import { describe, expect, it } from 'vitest';
import { type PlaylistOrigin, rewritePlaylist } from './playlist-rewrite.ts';
import { SiteBase } from './site-base.ts';

const asked = new URL('http://cams.test:8080/live/one/index.m3u8');
const origin: PlaylistOrigin = {
  base: new SiteBase('north', 'http://cams.test:8080/live'),
  asked,
  answered: asked,
  token: null,
};

function refused(address: string): string {
  return `/sites/north/%5Coutside?address=${encodeURIComponent(address)}`;
}

describe('addresses in a playlist', () => {
  it.each([
    ['relative', 'seg-1.ts', 'seg-1.ts'],
    ['relative with a query', 'seg.ts?a=1&b=%20', 'seg.ts?a=1&b=%20'],
    ['up, within the base', '../two/seg.ts', '../two/seg.ts'],
    ['up, out of the base', '../../admin/seg.ts', refused('http://cams.test:8080/admin/seg.ts')],
    ['up, encoded', '%2e%2e/%2e%2e/admin', refused('http://cams.test:8080/admin')],
    ['up, encoded twice', '%252e%252e/x', refused('http://cams.test:8080/live/one/%252e%252e/x')],
    ['from the root, within', '/live/one/seg.ts?x=1', '/sites/north/one/seg.ts?x=1'],
    [
      'from the root, a folder that only begins alike',
      '/live2/seg.ts',
      refused('http://cams.test:8080/live2/seg.ts'),
    ],
    ['absolute, within', 'http://cams.test:8080/live/a/b.ts', '/sites/north/a/b.ts'],
    ['absolute, in capitals', 'HTTP://CAMS.test:8080/live/a.ts', '/sites/north/a.ts'],
    ['another port', 'http://cams.test/live/a.ts', refused('http://cams.test/live/a.ts')],
    ['another scheme', 'https://cams.test:8080/live/a.ts', refused('https://cams.test:8080/live/a.ts')],
    ['another host', 'http://evil.test/live/a.ts?secret=1', refused('http://evil.test/live/a.ts')],
    ['another host without a scheme', '//evil.test/a.ts', refused('http://evil.test/a.ts')],
    ['another host with backslashes', '\\\\evil.test\\a.ts', refused('http://evil.test/a.ts')],
    ['another host behind a login', 'http://cams.test:8080@evil.test/a', refused('http://evil.test/a')],
    ['a login', 'http://u:p@cams.test:8080/live/a.ts', refused('http://cams.test:8080/live/a.ts')],
    ['data', 'data:text/html,x', refused('data:')],
    ['a scheme with a tab in it', 'ht\ttp://evil.test/a.ts', refused('http://evil.test/a.ts')],
    ['blanks around', '  /live/a.ts ', '/sites/north/a.ts'],
  ])('%s', (_name, address, expected) => {
    expect(rewritePlaylist(`#EXTM3U\n#EXTINF:2,\n${address}\n`, origin)).toBe(
      `#EXTM3U\n#EXTINF:2,\n${expected}\n`,
    );
  });

  it.each([
    [
      '#EXT-X-MAP:URI="/live/one/init.mp4",BYTERANGE="10@0"',
      '#EXT-X-MAP:URI="/sites/north/one/init.mp4",BYTERANGE="10@0"',
    ],
    [
      '#EXT-X-PART:DURATION=0.3,URI="p.mp4",INDEPENDENT=YES',
      '#EXT-X-PART:DURATION=0.3,URI="p.mp4",INDEPENDENT=YES',
    ],
    [
      '#EXT-X-KEY:METHOD=AES-128,URI="http://keys.test/k"',
      `#EXT-X-KEY:METHOD=AES-128,URI="${refused('http://keys.test/k')}"`,
    ],
    [
      '#EXT-X-MEDIA:TYPE=AUDIO,NAME="a, b",URI="/live/a.m3u8"',
      '#EXT-X-MEDIA:TYPE=AUDIO,NAME="a, b",URI="/sites/north/a.m3u8"',
    ],
    [
      '#EXT-X-CONTENT-STEERING:SERVER-URI="//evil.test/s"',
      `#EXT-X-CONTENT-STEERING:SERVER-URI="${refused('http://evil.test/s')}"`,
    ],
    [
      '#EXT-X-DATERANGE:ID="1",X-ASSET-LIST="http://ads.test/l"',
      `#EXT-X-DATERANGE:ID="1",X-ASSET-LIST="${refused('http://ads.test/l')}"`,
    ],
    ['#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:00Z', '#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:00Z'],
  ])('in the tag %s', (line, expected) => {
    expect(rewritePlaylist(`${line}\n`, origin)).toBe(`${expected}\n`);
  });

  it('leaves line ends and empty lines as they are', () => {
    expect(rewritePlaylist('#EXTM3U\r\n\r\na.ts\r\n/live/b.ts', origin)).toBe(
      '#EXTM3U\r\n\r\na.ts\r\n/sites/north/b.ts',
    );
  });

  it('resolves relative addresses where a redirect led to another folder', () => {
    const answered = new URL('http://cams.test:8080/live/edge7/one/index.m3u8');
    expect(rewritePlaylist('a.ts\n../b.ts\n', { ...origin, answered })).toBe(
      '/sites/north/edge7/one/a.ts\n/sites/north/edge7/b.ts\n',
    );
  });
});

describe("the site's own token", () => {
  const token = { name: 'key', value: 'pa ss&1' };

  it.each([
    ['a.ts?key=pa%20ss%261', 'a.ts'],
    ['a.ts?x=1&key=pa+ss%261&y=2', 'a.ts?x=1&y=2'],
    ['/live/a.ts?key=pa%20ss%261&x=1', '/sites/north/a.ts?x=1'],
    ['a.ts?key=issued-for-this', 'a.ts?key=issued-for-this'],
  ])('is taken out of %s', (address, expected) => {
    expect(rewritePlaylist(address, { ...origin, token })).toBe(expected);
  });

  it('is taken out where it is one that was sent before', () => {
    const renewed = { name: 'key', value: 'new', formerValues: ['older', 'old'] };
    expect(
      rewritePlaylist('a.ts?key=old\n/live/b.ts?key=older&x=1\nc.ts?key=other\n', {
        ...origin,
        token: renewed,
      }),
    ).toBe('a.ts\n/sites/north/b.ts?x=1\nc.ts?key=other\n');
  });

  it('is taken out wherever else it stands, where it is too long to be there by chance', () => {
    const long = { name: 'key', value: 'abcd/efgh' };
    expect(
      rewritePlaylist('# abcd/efgh abcd%2Fefgh\nhttp://evil.test/abcd/efgh\n', { ...origin, token: long }),
    ).toBe(`# removed removed\n${refused('http://evil.test/removed')}\n`);
  });
});
