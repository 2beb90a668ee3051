import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cameraIdSchema, cameraPath } from '../../../shared/config/camera-id.ts';
import { SiteBase } from './site-base.ts';

const BASE = new SiteBase('http://vms.test/live/', '/sites/north/', true);

/** Path segments that leave a folder, plain and encoded, between ordinary letters. */
const TRICKY = fc
  .array(
    fc.constantFrom(
      '.',
      '..',
      '/',
      '%',
      '25',
      '2e',
      '2F',
      '5c',
      '0a',
      '\\',
      ';',
      ' ',
      'a',
      'ü',
      '%2e',
      '%252e',
    ),
    { minLength: 1, maxLength: 12 },
  )
  .map((parts) => parts.join(''));

describe('the base of a site', () => {
  it('accepts the path of every camera whose id the configuration accepts', () => {
    fc.assert(
      fc.property(TRICKY, (id) => {
        fc.pre(cameraIdSchema.safeParse(id).success);
        const { pathname, search } = new URL(
          `/sites/north/${cameraPath('{camera}/index.m3u8?src={camera}', id)}`,
          'http://holdfast',
        );
        expect(BASE.target(pathname.replace('/sites/north/', ''), search)).not.toBeNull();
      }),
      { numRuns: 2000 },
    );
  });

  it.each(['%252e%252e/x', '..%252fx', 'a%255cb', 'a%250ab'])('accepts no %s', (path) => {
    expect(BASE.target(path, '')).toBeNull();
  });
});
