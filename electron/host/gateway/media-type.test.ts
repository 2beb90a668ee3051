import { describe, expect, it } from 'vitest';
import { transportStream } from '../testing/test-site.ts';
import { documentIn, mediaKind } from './media-type.ts';

const playlist = Buffer.from('#EXTM3U\n');
const fragment = Buffer.from('\0\0\0\x18moof\0\0\0\0', 'latin1');
const script = Buffer.from('GGGGalert(1)');
const page = Buffer.from('<!DOCTYPE html>\n<title>Log in</title>');
const id3 = Buffer.from('ID3\x04\0\0\0\0\0\x3f', 'latin1');
const adts = Buffer.from([0xff, 0xf1, 0x50, 0x80, 0x02, 0x1f, 0xfc]);
/** Every byte value once: random enough for these checks. */
const ciphertext = Buffer.from(Array.from({ length: 256 }, (_, index) => (index * 167 + 99) % 256));

function judged(
  contentType: string | undefined,
  pathname: string,
  head: Uint8Array | null,
  expects: 'media' | 'encrypted-media' | null = null,
): string {
  const kind = mediaKind({ contentType, pathname, head, expects });
  if (kind.kind === 'media') return kind.type;
  return kind.kind === 'refused' ? `refused: ${kind.what}` : kind.kind;
}

describe('what an answer is', () => {
  it.each([
    ['application/vnd.apple.mpegurl', '/a', script, 'playlist'],
    ['audio/x-mpegURL; charset=utf-8', '/a', playlist, 'playlist'],
    ['text/html', '/a', playlist, 'playlist'],
    ['video/mp2t', '/a.ts', playlist, 'playlist'],
    ['text/javascript', '/a', playlist, 'playlist'],
    [undefined, '/a', Buffer.concat([Buffer.from('\ufeff'), playlist]), 'playlist'],
    ['text/plain', '/a.m3u8', Buffer.from('502 from a proxy'), 'playlist'],
    ['text/html', '/a.m3u8', Buffer.from('File Not Found'), 'playlist'],
    ['application/vnd.apple.mpegurl', '/a', Buffer.alloc(0), 'playlist'],
    [undefined, '/a.m3u8', Buffer.alloc(0), 'playlist'],
    ['text/html', '/a', Buffer.alloc(0), 'playlist'],
    ['video/mp4', '/a', script, 'video/mp4'],
    ['audio/aac', '/a', script, 'audio/aac'],
    ['video/s3cret-t0ken', '/a', script, 'application/octet-stream'],
    ['video/s3cret-t0ken', '/a.ts', transportStream(3), 'video/mp2t'],
    ['video/<script>', '/a', script, 'refused: neither a playlist nor media (no known content type)'],
    [undefined, '/a', script, 'refused: neither a playlist nor media (no content type)'],
    ['application/octet-stream', '/a.ts', transportStream(3), 'video/mp2t'],
    ['application/octet-stream', '/a.ts', transportStream(1), 'video/mp2t'],
    [undefined, '/a.ts', transportStream(3), 'video/mp2t'],
    ['text/vnd.trolltech.linguist', '/a.ts', transportStream(3), 'video/mp2t'],
    ['application/x-typescript', '/a.ts', transportStream(3), 'video/mp2t'],
    ['text/html', '/a.ts', transportStream(3), 'video/mp2t'],
    ['application/vnd.apple.mpegurl', '/a.m3u8', transportStream(3), 'video/mp2t'],
    ['image/svg+xml', '/a.m4s', fragment, 'video/mp4'],
    ['text/javascript', '/a.m4s', fragment, 'video/mp4'],
    ['binary/octet-stream', '/a.m4s', fragment, 'video/mp4'],
    ['audio/mp4', '/a.m4s', fragment, 'audio/mp4'],
    ['text/html', '/a.aac', id3, 'audio/aac'],
    [undefined, '/a.aac', adts, 'audio/aac'],
    ['text/html', '/a', Buffer.from('free free free'), 'refused: neither a playlist nor media (text/html)'],
    ['text/html', '/a', Buffer.from('ID3=1;alert(1)'), 'refused: neither a playlist nor media (text/html)'],
    [
      'application/octet-stream',
      '/a.ts',
      Buffer.alloc(400, 'G').fill('x', 188),
      'refused: neither a playlist nor media (application/octet-stream)',
    ],
    ['application/octet-stream', '/a.m4s', null, 'application/octet-stream'],
    ['text/html', '/a.m4s', null, 'refused: something whose type is neither that of a playlist nor of media'],
  ])('%s at %s', (type, pathname, head, expected) => {
    expect(judged(type, pathname, head)).toBe(expected);
  });

  it.each([
    'text/html',
    'application/vnd.apple.mpegurl',
    'video/mp2t',
    'audio/aac',
    'application/octet-stream',
    'text/plain',
    undefined,
  ])('is never a document, whatever its name (%s)', (type) => {
    for (const expects of [null, 'media', 'encrypted-media'] as const) {
      expect(judged(type, '/a.m3u8', page, expects)).toBe('refused: a web page');
      expect(judged(type, '/a.ts', Buffer.from('{"error":"4"}'), expects)).toBe('refused: JSON');
      expect(judged(type, '/a.mp4', Buffer.from('<?xml version="1.0"?><Error/>'), expects)).toBe(
        'refused: XML',
      );
    }
  });

  it.each(['video/mp2t', 'application/octet-stream', 'binary/octet-stream', 'text/html', undefined])(
    'may be ciphertext where that is expected, with any type (%s)',
    (type) => {
      const passed = type === 'video/mp2t' ? type : 'application/octet-stream';
      expect(judged(type, '/a.ts', ciphertext, 'encrypted-media')).toBe(passed);
      if (type !== 'video/mp2t') expect(judged(type, '/a.ts', ciphertext, 'media')).toContain('refused');
    },
  );

  it('is no media where it is empty', () => {
    for (const expects of ['media', 'encrypted-media'] as const)
      expect(judged('video/mp2t', '/a.m3u8', Buffer.alloc(0), expects)).toBe('refused: an empty answer');
  });

  it('is not ciphertext where it is text', () => {
    expect(judged('application/octet-stream', '/a.ts', script, 'encrypted-media')).toBe(
      'refused: neither a playlist nor media (application/octet-stream)',
    );
  });
});

describe('a document', () => {
  it.each([
    ['<!doctype html>', 'a web page'],
    ['\ufeff\r\n  <HTML lang="en">', 'a web page'],
    ['<h1>Unauthorized</h1>', 'a web page'],
    ['<!-- a comment -->', 'a web page'],
    ['<script>alert(1)</script>', 'a web page'],
    ['<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">', 'a web page'],
    ['<?xml version="1.0"?><rtmp/>', 'XML'],
    ['{"status":"error"}', 'JSON'],
    [' [1, 2]', 'JSON'],
    ['#EXTM3U', null],
    ['[error] no such stream', null],
    ['<3 packets', null],
    ['<html>\0', null],
    ['', null],
  ])('%j', (text, kind) => {
    expect(documentIn(Buffer.from(text))).toBe(kind);
  });
});
