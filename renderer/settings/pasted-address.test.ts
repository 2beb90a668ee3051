import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cameraPath } from '../../shared/config/camera-id.ts';
import { anyText } from '../../shared/testing/any-text.ts';
import { addressInPath, secretParameter, streamInSiteAddress, templateOf } from './pasted-address.ts';

const CAMERAS = ['cam1', 'site/cam 1', 'Tor 3 (Süd)', '__proto__'];

describe('an address of one stream in the field for the site’s address', () => {
  it.each([
    [
      'http://host:1984/api/stream.m3u8?src=cam1',
      { baseUrl: 'http://host:1984/', path: 'api/stream.m3u8?src={camera}' },
    ],
    [
      ' https://vms.example.com/live/site/cam%201/index.m3u8 ',
      { baseUrl: 'https://vms.example.com/', path: 'live/{camera}/index.m3u8' },
    ],
    ['http://host/hls/cam1.m3u8#t=1', { baseUrl: 'http://host/', path: 'hls/{camera}.m3u8' }],
    [
      'http://host/api/stream.m3u8?src={camera}',
      { baseUrl: 'http://host/', path: 'api/stream.m3u8?src={camera}' },
    ],
    ['http://host/hls/unknown.m3u8', { baseUrl: 'http://host/', path: 'hls/unknown.m3u8' }],
    ['http://host/live?cam=cam1', { baseUrl: 'http://host/', path: 'live?cam={camera}' }],
  ])('%s is divided', (typed, expected) => {
    expect(streamInSiteAddress(typed, CAMERAS)).toEqual(expected);
  });

  it.each([
    '',
    'host:1984',
    'rtsp://host/cam1',
    'https://vms.example.com/live/',
    'https://vms.example.com',
    'https://vms.example.com/?token=abc',
    'https://vms.example.com/live/?token=abc',
    'http://user:word@host/api/stream.m3u8?src=cam1',
    'http://',
  ])('is not recognised in %j', (typed) => {
    expect(streamInSiteAddress(typed, CAMERAS)).toBeNull();
  });
});

describe('an address in a field for a path', () => {
  it.each([
    ['http://host:1984/api/stream.m3u8?src=cam1', 'http://host:1984', 'api/stream.m3u8?src=cam1'],
    ['HTTP://HOST/live/a/b.m3u8', 'http://host:80/live/', 'a/b.m3u8'],
    ['http://host/live/a/b.m3u8', 'http://host/live', 'a/b.m3u8'],
  ])('%s is below the site at %s', (typed, baseUrl, path) => {
    expect(addressInPath(typed, baseUrl)).toEqual({ kind: 'below-site', path });
  });

  it.each([
    ['http://other/a.m3u8', 'http://host/'],
    ['https://host/a.m3u8', 'http://host/'],
    ['http://host/lives/a.m3u8', 'http://host/live'],
    ['http://host/live/', 'http://host/live/'],
    ['http://host/a.m3u8', 'no address'],
  ])('%s is not below the site at %s', (typed, baseUrl) => {
    expect(addressInPath(typed, baseUrl)).toEqual({ kind: 'elsewhere' });
  });

  it('gives a site without an address its address as well', () => {
    expect(addressInPath('http://host:1984/api/stream.m3u8?src=cam1', ' ')).toEqual({
      kind: 'first-address',
      parts: { baseUrl: 'http://host:1984/', path: 'api/stream.m3u8?src=cam1' },
    });
  });

  it.each(['', 'live/a.m3u8', 'ngrp:cam1_all/playlist.m3u8', 'http://a:b@host/x'])(
    'is not recognised in %j',
    (typed) => {
      expect(addressInPath(typed, 'http://host/')).toBeNull();
    },
  );
});

describe('the path of all cameras', () => {
  it.each([
    ['live/cam1/cam1.m3u8', 'live/{camera}/{camera}.m3u8'],
    ['hls/Tor%203%20(S%C3%BCd).m3u8', 'hls/{camera}.m3u8'],
    ['x?a=1&src=site%2Fcam%201&mp4', 'x?a=1&src={camera}&mp4'],
    ['x?src=site/cam 1', 'x?src={camera}'],
    ['cam10/index.m3u8?src=xcam1', 'cam10/index.m3u8?src=xcam1'],
    ['100%/index.m3u8?50%', '100%/index.m3u8?50%'],
  ])('of %j is %j', (path, template) => {
    expect(templateOf(path, ['cam1', ...CAMERAS])).toBe(template);
  });

  it('gives back the path of the camera from which it was made', () => {
    fc.assert(
      fc.property(anyText({ maxLength: 30 }), (id) => {
        fc.pre(id.isWellFormed());
        const path = cameraPath('live/{camera}/x.m3u8?src={camera}', id);
        expect(cameraPath(templateOf(path, [id]), id)).toBe(path);
      }),
    );
  });
});

describe('a parameter that looks like a secret', () => {
  it.each([
    ['live/cam.m3u8?token=abc', 'token'],
    ['live/cam.m3u8?x=1&access_token=abc', 'access_token'],
    ['live/cam.m3u8?Passwd=abc', 'Passwd'],
    ['live/cam.m3u8?key=abc', 'key'],
    ['api/stream.m3u8?src={camera}', null],
    ['live/cam.m3u8?keyframes=1', null],
    ['live/cam.m3u8?token=', null],
    ['live/cam.m3u8?token={camera}', null],
    ['token/abc', null],
  ])('in %j is %j', (path, name) => {
    expect(secretParameter(path)).toBe(name);
  });
});
