import { describe, expect, it } from 'vitest';
import { transportStream } from '../testing/test-site.ts';
import { mediaKind } from './media-type.ts';

const playlist = Buffer.from('#EXTM3U\n');
const fragment = Buffer.from('\0\0\0\x18moof\0\0\0\0', 'latin1');
const script = Buffer.from('GGGGalert(1)');

describe('what an answer is', () => {
  it.each([
    ['application/vnd.apple.mpegurl', '/a', script, 'playlist'],
    ['audio/x-mpegURL; charset=utf-8', '/a', playlist, 'playlist'],
    ['text/html', '/a', playlist, 'playlist'],
    [undefined, '/a', Buffer.concat([Buffer.from('\ufeff'), playlist]), 'playlist'],
    ['text/plain', '/a.m3u8', Buffer.from('502 from a proxy'), 'playlist'],
    ['text/html', '/a.m3u8', Buffer.from('<html>'), 'refused'],
    ['video/mp4', '/a', script, 'video/mp4'],
    ['audio/aac', '/a', script, 'audio/aac'],
    ['video/<script>', '/a', script, 'refused'],
    ['application/octet-stream', '/a.ts', transportStream(3), 'video/mp2t'],
    ['application/octet-stream', '/a.ts', transportStream(1), 'video/mp2t'],
    [undefined, '/a.ts', transportStream(3), 'video/mp2t'],
    ['text/vnd.trolltech.linguist', '/a.ts', transportStream(3), 'video/mp2t'],
    ['application/octet-stream', '/a.ts', Buffer.alloc(400, 'G').fill('x', 188), 'refused'],
    ['application/octet-stream', '/a.ts', script, 'refused'],
    ['binary/octet-stream', '/a.m4s', fragment, 'video/mp4'],
    ['application/octet-stream', '/a.m4s', Buffer.alloc(0), 'refused'],
    ['application/octet-stream', '/a.m4s', null, 'application/octet-stream'],
    ['text/javascript', '/a.m4s', fragment, 'refused'],
  ])('%s at %s', (type, pathname, head, expected) => {
    const kind = mediaKind(type, pathname, head);
    expect(kind.kind === 'media' ? kind.type : kind.kind).toBe(expected);
  });
});
