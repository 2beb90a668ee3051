import { describe, expect, test } from 'vitest';
import { admit, type RequestHead, TOKEN_COOKIE } from './door.ts';

const HOST = 'b1946ac9.localhost';
const ORIGIN = `https://${HOST}:40123`;
const TOKEN = 'q1w2e3r4';
const door = { origin: ORIGIN, token: TOKEN };

/** The headers with which Chromium reads from the page's own server. */
const read: RequestHead = {
  method: 'GET',
  path: '/sites/main/quay/index.m3u8',
  authority: `${HOST}:40123`,
  host: undefined,
  origin: undefined,
  cookie: `${TOKEN_COOKIE}=${TOKEN}`,
  secFetchSite: 'same-origin',
  secFetchMode: 'cors',
  secFetchDest: 'empty',
};
const post: RequestHead = { ...read, method: 'POST', path: '/bridge/session.get', origin: ORIGIN };
const navigation: RequestHead = {
  ...read,
  path: '/',
  secFetchSite: 'none',
  secFetchMode: 'navigate',
  secFetchDest: 'document',
};

describe('who is let in', () => {
  test.each<[string, RequestHead]>([
    ["the page's reading", read],
    ["the page's reading with an origin", { ...read, origin: ORIGIN }],
    ['a HEAD', { ...read, method: 'HEAD' }],
    ["the page's request of the bridge", post],
    ["the browser's own opening of the page", navigation],
    ['the page that loads itself again', { ...navigation, secFetchSite: 'same-origin' }],
    ['a token among other cookies', { ...read, cookie: `a=b; ${TOKEN_COOKIE}=${TOKEN}; c=d` }],
  ])('%s', (_who, head) => {
    expect(admit(head, door)).toEqual({ kind: 'admitted' });
  });
});

describe('who is refused', () => {
  test.each<[string, RequestHead, number]>([
    ['no token', { ...read, cookie: undefined }, 403],
    ['no token, in the window itself', { ...navigation, cookie: undefined }, 403],
    ['another token', { ...read, cookie: `${TOKEN_COOKIE}=q1w2e3r5` }, 403],
    ['the beginning of the token', { ...read, cookie: `${TOKEN_COOKIE}=q1w2` }, 403],
    ['an empty token', { ...read, cookie: `${TOKEN_COOKIE}=` }, 403],
    ['the token under another name', { ...read, cookie: `holdfast=${TOKEN}` }, 403],
    ['two tokens', { ...read, cookie: `${TOKEN_COOKIE}=x; ${TOKEN_COOKIE}=${TOKEN}` }, 403],
    ['the token in the address', { ...read, path: `/?token=${TOKEN}`, cookie: undefined }, 403],
    ['a name that was rebound to the address', { ...read, authority: 'evil.example:40123' }, 421],
    ['localhost', { ...read, authority: 'localhost:40123' }, 421],
    ['the address in place of the name', { ...read, authority: '127.0.0.1:40123' }, 421],
    ['a name below the own one', { ...read, authority: `x.${HOST}:40123` }, 421],
    ['the name of an earlier start', { ...read, authority: 'd3486ae9.localhost:40123' }, 421],
    ['another port', { ...read, authority: `${HOST}:40124` }, 421],
    ['no host', { ...read, authority: undefined }, 421],
    ['two different hosts', { ...read, host: 'evil.example:40123' }, 421],
    ['a foreign origin', { ...post, origin: 'https://evil.example' }, 403],
    ['a foreign origin that reads', { ...read, origin: 'https://evil.example' }, 403],
    ['another port’s origin', { ...post, origin: `https://${HOST}:40124` }, 403],
    ['an opaque origin', { ...post, origin: 'null' }, 403],
    ['a post without an origin', { ...post, origin: undefined }, 403],
    ['another site', { ...read, secFetchSite: 'cross-site' }, 403],
    ['the same site at another port', { ...read, secFetchSite: 'same-site' }, 403],
    ['a foreign page that leads here', { ...navigation, secFetchSite: 'cross-site' }, 403],
    ['a program that says nothing of its site', { ...read, secFetchSite: undefined }, 403],
    ['no page, but not for the window', { ...read, secFetchSite: 'none' }, 403],
    ['a frame', { ...navigation, secFetchDest: 'iframe' }, 403],
    ['a post from no page', { ...post, secFetchSite: 'none' }, 403],
    ['PUT', { ...post, method: 'PUT' }, 405],
    ['OPTIONS', { ...read, method: 'OPTIONS' }, 405],
    ['CONNECT', { ...read, method: 'CONNECT' }, 405],
    ['a post to a site', { ...post, path: '/sites/main/x' }, 405],
    ['a post to the page', { ...post, path: '/' }, 405],
  ])('%s', (_who, head, status) => {
    expect(admit(head, door)).toMatchObject({ kind: 'refused', status });
  });

  test('no text of the request is repeated to the sender', () => {
    const cookie = `${TOKEN_COOKIE}=<b>`;
    expect(JSON.stringify(admit({ ...read, cookie }, door))).not.toContain('<b>');
  });
});
