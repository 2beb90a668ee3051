import { describe, expect, it } from 'vitest';
import { type PlaylistOrigin, rebuildPlaylist } from './playlist-rebuild.ts';
import { SiteBases, type SiteTarget } from './site-bases.ts';

const bases = new SiteBases({
  id: 'north',
  baseUrl: 'http://cams.test:8080/live',
  furtherAddresses: [
    { baseUrl: 'https://cdn.test/hls/', sendLogin: false },
    { baseUrl: 'http://cams.test:8080/nodes/2', sendLogin: true },
    { baseUrl: 'https://cdn.test/hls/deep/', sendLogin: true },
  ],
});
const asked = targetAt('http://cams.test:8080/live/one/index.m3u8');
const origin: PlaylistOrigin = {
  siteName: 'North',
  bases,
  asked,
  answered: asked,
  token: null,
  signal: new AbortController().signal,
};

function targetAt(address: string): SiteTarget {
  const url = new URL(address);
  const base = bases.containing(url);
  if (base === null) throw new Error(`${address} is outside`);
  return { base, url };
}

/** The address that stands for one which an admin could add to the site's further addresses. */
function addable(address: string): string {
  return `/sites/north/%5Coutside?addable=${encodeURIComponent(address)}`;
}

function never(address: string): string {
  return `/sites/north/%5Coutside?never=${encodeURIComponent(address)}`;
}

describe('addresses in a playlist', () => {
  it.each([
    ['relative', 'seg-1.ts', 'seg-1.ts'],
    ['relative with a query', 'seg.ts?a=1&b=%20', 'seg.ts?a=1&b=%20'],
    ['relative, a name with a colon', 'ngrp:cam_all/chunks.m3u8', './ngrp:cam_all/chunks.m3u8'],
    ['up, within the base', '../two/seg.ts', '../two/seg.ts'],
    ['up, out of the base', '../../admin/seg.ts', addable('http://cams.test:8080/admin/')],
    ['up, encoded', '%2e%2e/%2e%2e/admin', addable('http://cams.test:8080/')],
    ['up, encoded twice', '%252e%252e/x', never('http://cams.test:8080/live/one/%252e%252e/')],
    ['from the root, within', '/live/one/seg.ts?x=1', '/sites/north/one/seg.ts?x=1'],
    [
      'from the root, a folder that only begins alike',
      '/live2/seg.ts',
      addable('http://cams.test:8080/live2/'),
    ],
    ['absolute, within', 'http://cams.test:8080/live/a/b.ts', '/sites/north/a/b.ts'],
    ['absolute, in capitals', 'HTTP://CAMS.test:8080/live/a.ts', '/sites/north/a.ts'],
    ['another port', 'http://cams.test/live/a.ts', addable('http://cams.test/live/')],
    ['another scheme', 'https://cams.test:8080/live/a.ts', addable('https://cams.test:8080/live/')],
    ['another host', 'http://evil.test/live/a.ts?secret=1', addable('http://evil.test/live/')],
    [
      'another host, the same camera',
      'http://node-7.test/hls/one/low/a.ts',
      addable('http://node-7.test/hls/'),
    ],
    ['another host without a scheme', '//evil.test/a.ts', addable('http://evil.test/')],
    ['another host with backslashes', '\\\\evil.test\\a.ts', addable('http://evil.test/')],
    [
      'another host behind a login',
      'http://cams.test:8080@evil.test/a',
      never('http://evil.test/ with a login in the address'),
    ],
    [
      'a login',
      'http://u:p@cams.test:8080/live/a.ts',
      never('http://cams.test:8080/live/ with a login in the address'),
    ],
    ['data', 'data:text/html,x', never('data:')],
    ['a scheme with a tab in it', 'ht\ttp://evil.test/a.ts', addable('http://evil.test/')],
    ['no address at all', 'http://', never('http://')],
    ['that cannot be parsed, with a query', 'http://h:99999/x?token=a', never('http://h:99999/x')],
    ['that cannot be parsed, with a fragment', 'http://h:99999/x#token=a', never('http://h:99999/x')],
    ['that cannot be parsed, with a login', 'http://u:p/w@h:99999/x', never('h:99999/x')],
    ['below a further address', 'https://cdn.test/hls/a.ts?b=1', '/sites/north/%5Cfurther-1/a.ts?b=1'],
    ['below the deepest of two', 'https://cdn.test/hls/deep/a.ts', '/sites/north/%5Cfurther-3/a.ts'],
    ['beside a further address', 'https://cdn.test/hls2/a.ts', addable('https://cdn.test/hls2/')],
    ['up, into a further address', '../../nodes/2/a.ts', '/sites/north/%5Cfurther-2/a.ts'],
    [
      'that only looks like a further one',
      '%5Cfurther-1/a.ts',
      never('http://cams.test:8080/live/one/%5Cfurther-1/'),
    ],
    ['blanks around', '  /live/a.ts ', '/sites/north/a.ts'],
  ])('%s', async (_name, address, expected) => {
    expect(await rebuildPlaylist(`#EXTM3U\n#EXTINF:2,\n${address}\n`, origin)).toBe(
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
      `#EXT-X-KEY:METHOD=AES-128,URI="${addable('http://keys.test/')}"`,
    ],
    ['#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:00Z', '#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:00Z'],
  ])('in the tag %s', async (line, expected) => {
    expect(await rebuildPlaylist(`${line}\n`, origin)).toBe(`${expected}\n`);
  });

  it('are in lines that end with a line feed', async () => {
    expect(await rebuildPlaylist('#EXTM3U\r\n\r\na.ts\r\n/live/b.ts', origin)).toBe(
      '#EXTM3U\na.ts\n/sites/north/b.ts\n',
    );
  });

  it('resolves relative addresses where a redirect led to another folder', async () => {
    const answered = targetAt('http://cams.test:8080/live/edge7/one/index.m3u8');
    expect(await rebuildPlaylist('a.ts\n../b.ts\n', { ...origin, answered })).toBe(
      '/sites/north/edge7/one/a.ts\n/sites/north/edge7/b.ts\n',
    );
  });
});

describe('a playlist of too many lines', () => {
  it('is refused', async () => {
    await expect(rebuildPlaylist('//evil.test\n'.repeat(20_001), origin)).rejects.toThrow(
      'the playlist of North has more than 20000 lines in what has to be kept of it',
    );
  });

  it('is no longer rebuilt when nobody waits for it', async () => {
    const controller = new AbortController();
    const rebuilt = rebuildPlaylist('/live/a.ts\n'.repeat(1000), { ...origin, signal: controller.signal });
    controller.abort(new Error('the window gave the request up'));
    await expect(rebuilt).rejects.toThrow('the window gave the request up');
  });
});

describe('the site’s own token', () => {
  const token = { name: 'key', value: 'pa ss&1' };

  it.each([
    ['a.ts?key=pa%20ss%261', 'a.ts'],
    ['a.ts?x=1&key=pa+ss%261&y=2', 'a.ts?x=1&y=2'],
    ['/live/a.ts?key=pa%20ss%261&x=1', '/sites/north/a.ts?x=1'],
    ['a.ts?key=issued-for-this', 'a.ts?key=issued-for-this'],
  ])('is removed from %s', async (address, expected) => {
    expect(await rebuildPlaylist(address, { ...origin, token })).toBe(`${expected}\n`);
  });

  it('is removed also where it was sent before and has been replaced', async () => {
    const renewed = { name: 'key', value: 'new', formerValues: ['older', 'old'] };
    expect(
      await rebuildPlaylist('a.ts?key=old\n/live/b.ts?key=older&x=1\nc.ts?key=other\n', {
        ...origin,
        token: renewed,
      }),
    ).toBe('a.ts\n/sites/north/b.ts?x=1\nc.ts?key=other\n');
  });

  it('is not cut in two where an address is shortened', async () => {
    const long = { name: 'key', value: 'abcd-efgh-ijkl' };
    const address = `http://host:99999/${'x'.repeat(175)}/abcd-efgh-ijkl/y`;
    const text = await rebuildPlaylist(`${address}\n`, { ...origin, token: long });
    expect(decodeURIComponent(text)).not.toContain('abcd');
  });

  it('is removed everywhere where it is too long to occur by chance', async () => {
    const long = { name: 'key', value: 'abcd/efgh' };
    expect(
      await rebuildPlaylist(
        '#EXT-X-DEFINE:NAME="t",VALUE="abcd/efgh abcd%2Fefgh"\nhttp://evil.test/abcd/efgh\n',
        { ...origin, token: long },
      ),
    ).toBe(`#EXT-X-DEFINE:NAME="t",VALUE="removed removed"\n${addable('http://evil.test/')}\n`);
  });
});
