import fc from 'fast-check';
import { AttrList } from 'hls.js';
import { describe, expect, it } from 'vitest';
import { readAttributes } from './attributes.ts';

const read = (text: string): Record<string, string> => Object.fromEntries(readAttributes(text));

describe('readAttributes', () => {
  it.each([
    ['METHOD=AES-128,URI="k?a=b,c",IV=0x1', { METHOD: 'AES-128', URI: 'k?a=b,c', IV: '0x1' }],
    ['URI=init.mp4, BYTERANGE="1@0"', { URI: 'init.mp4', BYTERANGE: '1@0' }],
    [' URI ="a"', { URI: 'a' }],
    ['URI=', { URI: '' }],
    ['URI="a,B=c', { URI: '"a', B: 'c' }],
    ['URI="a"b,B="c"', { URI: 'a"b,B="c' }],
    ['A=1,A=2', { A: '2' }],
    ['nothing', {}],
    ['', {}],
  ])('%s', (text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  it('reads whatever it is as hls.js does', () => {
    const piece = fc.constantFrom('A', 'URI', '=', '"', ',', ' ', 'b', '0x1', '{$v}', '==', '",', '="');
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join('')),
        (text) => {
          expect(read(text)).toEqual({ ...AttrList.parseAttrList(text) });
        },
      ),
      { numRuns: 5000 },
    );
  });

  it.each(['A="x,', 'a', '"', '="', 'A="x",', ',='])('takes linear time for %s again and again', (piece) => {
    const start = performance.now();
    readAttributes(piece.repeat(100_000));
    // If every attribute searched the rest of the text, this would take minutes.
    expect(performance.now() - start).toBeLessThan(5000);
  });
});
