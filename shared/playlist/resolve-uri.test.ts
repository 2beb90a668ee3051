import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resolveUri, withoutFalseScheme } from './resolve-uri.ts';

const BASE = '/sites/main/live/cam1/index.m3u8?token=1';

describe('resolveUri', () => {
  it.each([
    ['seg1.ts', '/sites/main/live/cam1/seg1.ts'],
    ['./seg1.ts', '/sites/main/live/cam1/seg1.ts'],
    ['../cam2/seg1.ts', '/sites/main/live/cam2/seg1.ts'],
    ['seg1.ts?x=../../../../a', '/sites/main/live/cam1/seg1.ts?x=../../../../a'],
    ['seg1.ts#t=1', '/sites/main/live/cam1/seg1.ts'],
    ['/sites/main/other/seg1.ts', '/sites/main/other/seg1.ts'],
    ['?_HLS_msn=3', '/sites/main/live/cam1/index.m3u8?_HLS_msn=3'],
    ['', '/sites/main/live/cam1/index.m3u8?token=1'],
    ['..', '/sites/main/live/'],
    ['../../index.m3u8', '/sites/main/index.m3u8'],
    ['%2e%2E/cam2/seg1.ts', '/sites/main/live/cam2/seg1.ts'],
    [' seg 1.ts ', '/sites/main/live/cam1/seg 1.ts'],
    ['ngrp:cam1_all/chunks.m3u8?x=1', '/sites/main/live/cam1/ngrp:cam1_all/chunks.m3u8?x=1'],
    ['10:15:00.ts', '/sites/main/live/cam1/10:15:00.ts'],
    ['c:/../../cam2/seg1.ts', '/sites/main/live/cam2/seg1.ts'],
  ])('resolves "%s"', (uri, expected) => {
    expect(resolveUri(BASE, uri)).toBe(expected);
  });

  it.each([
    'https://elsewhere.example/seg1.ts',
    'HTTPS:seg1.ts',
    'javascript:alert(1)',
    'JavaScript:alert(1)',
    'rtsp://elsewhere.example/cam1',
    'rtsp:\\\\elsewhere.example\\cam1',
    'skd:key',
    'a:/../../../../backup/seg1.ts',
    'data:video/mp2t,x',
    '//elsewhere.example/seg1.ts',
    '/seg1.ts',
    '/sites/backup/live/cam1/seg1.ts',
    '/sites/main/../backup/seg1.ts',
    '/sites/main',
    '../../../backup/seg1.ts',
    '../../../../../../seg1.ts',
    '.%2e/%2e./..//../seg1.ts',
    '..\\..\\..\\backup\\seg1.ts',
    '\\\\elsewhere.example\\seg1.ts',
    'ht\ttps://elsewhere.example/seg1.ts',
    '.\n./.\n./.\n./backup/seg1.ts',
  ])('refuses "%s"', (uri) => {
    expect(resolveUri(BASE, uri)).toBeNull();
  });

  it('refuses a base that names no site', () => {
    expect(resolveUri('/index.m3u8', 'seg1.ts')).toBeNull();
    expect(resolveUri('https://site.example/a/b/index.m3u8', 'seg1.ts')).toBeNull();
  });

  it('agrees with the browser wherever it resolves, and never leaves the site', () => {
    const piece = fc.constantFrom(
      '..',
      '.',
      '/',
      '//',
      '%2e',
      '%2E%2e',
      '\\',
      'sites',
      'main',
      'cam',
      ':',
      '?',
      '#',
      '@',
      '\t',
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 9 }).map((pieces) => pieces.join('')),
        (uri) => {
          const resolved = resolveUri(BASE, uri);
          if (resolved === null) return;
          const browser = new URL(withoutFalseScheme(uri.trim()), `https://holdfast.example${BASE}`);
          expect(new URL(resolved, 'https://holdfast.example').href).toBe(browser.href.replace(/#.*$/, ''));
          expect(browser.host).toBe('holdfast.example');
          expect(browser.pathname.startsWith('/sites/main/')).toBe(true);
        },
      ),
      { numRuns: 3000 },
    );
  });
});
