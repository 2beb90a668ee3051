import { describe, expect, test } from 'vitest';
import { parseGapOptions } from './options.ts';

describe('parseGapOptions', () => {
  test('without options it is the quick run', () => {
    expect(parseGapOptions([])).toEqual({
      kind: 'run',
      options: { extent: 'quick', out: 'bench-results/gap-quick', only: null, rounds: 2, shell: 'electron' },
    });
  });

  test('takes all of its options', () => {
    expect(
      parseGapOptions([
        '--full',
        '--out',
        'there',
        '--only',
        '^plain',
        '--rounds',
        '3',
        '--shell',
        'chromium',
      ]),
    ).toEqual({
      kind: 'run',
      options: { extent: 'full', out: 'there', only: /^plain/, rounds: 3, shell: 'chromium' },
    });
  });

  test.each([
    [['--fast'], "Unknown option '--fast'"],
    [['fast'], "Unexpected argument 'fast'"],
    [['--quick', '--full'], 'exclude each other'],
    [['--rounds', '0'], '--rounds needs a whole number from 1 to 1000; it was given "0"'],
    [['--rounds', '2.5'], 'it was given "2.5"'],
    [['--only', '('], '--only: Invalid regular expression'],
    [['--only', '25x'], '--only: no row of the quick run matches /25x/'],
    [['--out', ''], '--out needs a folder'],
    [['--shell', 'firefox'], '--shell needs electron or chromium; it was given "firefox"'],
  ])('%j is refused', (args, words) => {
    expect(parseGapOptions(args)).toMatchObject({
      kind: 'invalid',
      message: expect.stringContaining(words),
    });
  });
});
