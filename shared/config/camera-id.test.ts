import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resolveUri } from '../playlist/resolve-uri.ts';
import { anyText } from '../testing/any-text.ts';
import { cameraIdSchema, cameraPath, MAX_CAMERA_ID } from './camera-id.ts';

/** Names that servers use. */
const NAMES = [
  'gate-1',
  'site/cam 1',
  'Tor 3 (Süd)',
  'カメラ',
  '__proto__',
  'a.b',
  '..a',
  'cam:1',
  '1',
  '💡',
  '50%',
  'a%2fb',
  '100%25',
  'a;b',
  '...',
  'site/.hidden',
  'cam.1/v1.0',
];

describe('the id of a camera', () => {
  it.each(NAMES)('may be %j', (name) => {
    expect(cameraIdSchema.safeParse(name).success).toBe(true);
  });

  it('may have the maximum length, and no more', () => {
    expect(cameraIdSchema.safeParse('ß'.repeat(MAX_CAMERA_ID)).success).toBe(true);
    expect(cameraIdSchema.safeParse('x'.repeat(MAX_CAMERA_ID + 1)).success).toBe(false);
  });

  it.each([
    ['', 'must not be empty'],
    ['a\tb', 'must not contain control characters'],
    ['a\u0085b', 'must not contain control characters'],
    ['a\u2028b', 'must not contain control characters'],
    ['a\ud800', 'must not contain control characters'],
    [' gate', 'must not begin or end with a blank'],
    ['gate\u00a0', 'must not begin or end with a blank'],
    ['site\\cam', 'must not contain a backslash'],
    ['/gate', 'must not begin or end with a slash, nor have two of them side by side'],
    ['gate/', 'must not begin or end with a slash, nor have two of them side by side'],
    ['site//gate', 'must not begin or end with a slash, nor have two of them side by side'],
    ['..', 'must not have "." or ".." as a part between slashes'],
    ['site/../gate', 'must not have "." or ".." as a part between slashes'],
    ['site/.', 'must not have "." or ".." as a part between slashes'],
    [
      '%2e%2e/x',
      'must not have "." or ".." as a part between slashes, which a server may read in "%2e%2e/x"',
    ],
    ['..%2fx', 'must not have "." or ".." as a part between slashes, which a server may read in "..%2fx"'],
    ['x/%2E', 'must not have "." or ".." as a part between slashes, which a server may read in "x/%2E"'],
    [
      '%252e./x',
      'must not have "." or ".." as a part between slashes, which a server may read in "%252e./x"',
    ],
    [
      '..;v=1/x',
      'must not have "." or ".." as a part between slashes, which a server may read in "..;v=1/x"',
    ],
    ['a%5Cb', 'must not contain a backslash, which a server may read in "a%5Cb"'],
    ['a%0ab', 'must not contain control characters, which a server may read in "a%0ab"'],
    [`%${'25'.repeat(8)}`, 'must not be percent-encoded 8 times over'],
  ])('is refused where it is %j: it %s', (name, problem) => {
    expect(cameraIdSchema.safeParse(name).error?.issues.map(({ message }) => message)).toEqual([problem]);
  });
});

describe('the path of a camera', () => {
  it.each([
    ['{camera}/index.m3u8', 'site/cam 1', 'site/cam%201/index.m3u8'],
    ['live/{camera}.m3u8', 'Tor 3 (Süd)', 'live/Tor%203%20(S%C3%BCd).m3u8'],
    ['{camera}', 'カメラ', '%E3%82%AB%E3%83%A1%E3%83%A9'],
    ['{camera}/x', '50%?#', '50%25%3F%23/x'],
    ['api/stream.m3u8?src={camera}', 'cam1', 'api/stream.m3u8?src=cam1'],
    ['api/stream.m3u8?src={camera}', 'site/cam 1&mp4', 'api/stream.m3u8?src=site%2Fcam%201%26mp4'],
    ['{camera}/x?a={camera}?b={camera}', 'a/b', 'a/b/x?a=a%2Fb?b=a%2Fb'],
    ['{camera}/x', '$&$1', '%24%26%241/x'],
    ['index.m3u8', 'cam1', 'index.m3u8'],
  ])('%j for %j is %j', (template, id, expected) => {
    expect(cameraPath(template, id)).toBe(expected);
  });

  it('never throws, also for an invalid id', () => {
    fc.assert(fc.property(anyText(), (id) => typeof cameraPath('{camera}?{camera}', id) === 'string'));
  });

  it('gives the server the exact id, in path and query, and never leaves the folder', () => {
    fc.assert(
      fc.property(anyText({ maxLength: 40 }), (id) => {
        fc.pre(cameraIdSchema.safeParse(id).success);
        const pathname = `/sites/north/live/${cameraPath('{camera}/x.m3u8?src={camera}', id)}`;
        const url = new URL(pathname, 'http://holdfast');
        expect(url.hash).toBe('');
        expect(decodeURIComponent(url.pathname)).toBe(`/sites/north/live/${id}/x.m3u8`);
        expect(new URLSearchParams(url.search).get('src')).toBe(id);
        expect(resolveUri(pathname, '1.ts')).toBe(`${pathname.replace(/x\.m3u8.*$/, '')}1.ts`);
      }),
      { numRuns: 500 },
    );
  });
});
