import { validateHeaderValue } from 'node:http';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { anyText } from '../../../shared/testing/any-text.ts';
import { MAX_COOKIE_CHARS, MAX_COOKIES, MAX_STORED_BYTES, SiteCookies } from './site-cookies.ts';

const URL_ASKED = new URL('https://nvr.example.com/live/cam1/index.m3u8');

let cookies: SiteCookies;
beforeEach(() => {
  cookies = new SiteCookies();
});

function sentTo(address: string): string | undefined {
  return cookies.headerFor(new URL(address, URL_ASKED));
}

describe('a cookie', () => {
  it.each([
    ['of the folder that set it', 'a=1', 'seg-1.ts', 'a=1'],
    ['of that folder, below it', 'a=1', 'low/seg-1.ts', 'a=1'],
    ['of that folder, elsewhere', 'a=1', '/live/cam2/index.m3u8', undefined],
    ['with a path', 'a=1; Path=/live', '/live/cam2/index.m3u8', 'a=1'],
    ['with a path, beside it', 'a=1; Path=/live', '/lively/index.m3u8', undefined],
    ['of one host, at another port', 'a=1; Path=/', 'https://nvr.example.com:8443/', 'a=1'],
    ['of one host, at another', 'a=1; Path=/', 'https://cdn.example.com/', undefined],
    ['of a domain', 'a=1; Path=/; Domain=example.com', 'https://cdn.example.com/', 'a=1'],
    ['of another domain', 'a=1; Path=/; Domain=example.org', 'https://example.org/', undefined],
    ['of a domain that anyone can have', 'a=1; Path=/; Domain=com', 'https://nvr.example.com/', undefined],
    ['with Secure', 'a=1; Path=/; Secure', '/', 'a=1'],
    ['with Secure, over plain HTTP', 'a=1; Path=/; Secure', 'http://nvr.example.com/', undefined],
    ['with HttpOnly and SameSite', 'a=1; HttpOnly; SameSite=Strict', 'seg-1.ts', 'a=1'],
    ['with a value of any letters', 'a="b=c,d"; Path=/', '/', 'a="b=c,d"'],
    ['that has run out already', 'a=1; Path=/; Max-Age=0', '/', undefined],
    ['that ran out long ago', 'a=1; Path=/; Expires=Thu, 01-Jan-70 00:00:01 GMT', '/', undefined],
    ['that a header cannot hold', 'a=1\u0000; Path=/', '/', undefined],
    ['without a name', '=1; Path=/', '/', '1'],
    ['of nothing', '', '/', undefined],
  ])('%s', (_name, setCookie, address, expected) => {
    cookies.take(URL_ASKED, [setCookie]);
    expect(sentTo(address)).toBe(expected);
  });

  it.each([
    ['an address', 'http://192.168.1.20:8080/live/a', 'http://192.168.1.20:9000/live/b'],
    ['an IPv6 address', 'http://[fd00::20]/live/a', 'http://[fd00::20]/live/b'],
    ['a name without a dot', 'http://nvr/live/a', 'http://nvr/live/b'],
    ['this computer', 'http://localhost/live/a', 'http://localhost/live/b'],
  ])('of %s is sent back there', (_name, from, to) => {
    cookies.take(new URL(from), ['a=1']);
    expect(sentTo(to)).toBe('a=1');
  });

  it('replaces the one of its name, and is removed by an expired one', () => {
    cookies.take(URL_ASKED, ['a=1; Path=/', 'b=2; Path=/', 'a=3; Path=/']);
    expect(sentTo('/')).toBe('a=3; b=2');
    cookies.take(URL_ASKED, ['a=; Path=/; Max-Age=0']);
    expect(sentTo('/')).toBe('b=2');
  });

  it('of the longest path comes first', () => {
    cookies.take(URL_ASKED, ['outer=1; Path=/', 'inner=2; Path=/live/cam1']);
    expect(sentTo('seg-1.ts')).toBe('inner=2; outer=1');
  });

  it('is kept for each camera of a wall, though each has two', () => {
    const cameras = Array.from({ length: 64 }, (_, camera) => `https://nvr.example.com/cam-${camera}/`);
    for (const camera of cameras)
      cookies.take(new URL(camera), ['cookieCheck=1; HttpOnly', 'session=0f; HttpOnly']);
    expect(cameras.map(sentTo)).toEqual(cameras.map(() => 'cookieCheck=1; session=0f'));
  });

  describe('with an age', () => {
    beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
    afterEach(() => void vi.useRealTimers());

    it('is sent until it expires', () => {
      vi.setSystemTime(Date.UTC(2031, 5, 1));
      cookies.take(URL_ASKED, ['a=1; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT']);
      cookies.take(URL_ASKED, ['b=2; Expires=Sun, 01 Jun 2031 00:02:00 GMT']);
      vi.setSystemTime(Date.UTC(2031, 5, 1, 0, 0, 59));
      expect(sentTo('seg.ts')).toBe('a=1; b=2');
      vi.setSystemTime(Date.UTC(2031, 5, 1, 0, 1, 0));
      expect(sentTo('seg.ts')).toBe('b=2');
      vi.setSystemTime(Date.UTC(2031, 5, 1, 0, 2, 0));
      expect(sentTo('seg.ts')).toBeUndefined();
    });

    it('is removed if it is the longest unused one of too many', () => {
      cookies.take(URL_ASKED, ['used=1; Path=/used', 'idle=1; Path=/idle']);
      const junk = (count: number): string => `junk=1; Path=/junk-${count}`;
      cookies.take(
        URL_ASKED,
        Array.from({ length: MAX_COOKIES - 2 }, (_, count) => junk(count)),
      );
      vi.setSystemTime(Date.now() + 1000);
      expect(sentTo('/used')).toBe('used=1');
      cookies.take(URL_ASKED, [junk(MAX_COOKIES)]);
      expect([sentTo('/used'), sentTo('/idle')]).toEqual(['used=1', undefined]);
      expect(sentTo(`/junk-${MAX_COOKIES}`)).toBe('junk=1');
    });

    it('is removed also if all together are too large', () => {
      const large = (count: number): string => `large=${'x'.repeat(4000)}; Path=/large-${count}`;
      const most = MAX_STORED_BYTES / 4000;
      for (let count = 0; count < most + 50; count += 1) {
        vi.setSystemTime(Date.now() + 1000);
        // The same cookie again takes no further room.
        cookies.take(URL_ASKED, [large(count), large(count)]);
      }
      const kept = Array.from({ length: most + 50 }, (_, count) => sentTo(`/large-${count}`)).filter(
        (cookie) => cookie !== undefined,
      );
      expect(kept.length).toBeLessThanOrEqual(most);
      expect(kept.length).toBeGreaterThan(0.95 * most);
      expect(sentTo(`/large-${most + 49}`)).toBeDefined();
    });
  });

  it('that is too long is not kept', () => {
    cookies.take(URL_ASKED, [`a=${'x'.repeat(MAX_COOKIE_CHARS)}`, 'b=1']);
    expect(sentTo('seg.ts')).toBe('b=1');
  });

  it('with any text leads to a header that can be sent, or to none', () => {
    const attribute = fc.tuple(
      fc.constantFrom('Domain', 'Path', 'Max-Age', 'Expires', 'Secure', 'SameSite', ''),
      anyText(),
    );
    const setCookie = fc
      .tuple(anyText(), fc.array(attribute.map((pair) => pair.join('='))))
      .map(([pair, attributes]) => [pair, ...attributes].join(';'));
    fc.assert(
      fc.property(fc.array(setCookie), (headers) => {
        const taken = new SiteCookies();
        taken.take(URL_ASKED, headers);
        const header = taken.headerFor(URL_ASKED);
        if (header !== undefined) validateHeaderValue('cookie', header);
      }),
    );
  });
});
