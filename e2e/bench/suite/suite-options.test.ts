import { describe, expect, test } from 'vitest';
import { parseSuiteOptions, suiteHelp } from './suite-options.ts';
import { SAMPLE_SUITE } from './testing/sample-suite.ts';

const parse = (...args: string[]) => parseSuiteOptions(SAMPLE_SUITE, args);

describe('parseSuiteOptions', () => {
  test('without any it is the quick run', () => {
    expect(parse()).toEqual({
      kind: 'run',
      options: { extent: 'quick', runs: 1, only: null, out: 'bench-results/sample-quick', shell: 'electron' },
    });
  });

  test('takes the full run, its cases, the runs and the folder', () => {
    expect(parse('--full', '--only', 'other$', '--runs', '3', '--out', 'here')).toEqual({
      kind: 'run',
      options: { extent: 'full', runs: 3, only: /other$/, out: 'here', shell: 'electron' },
    });
  });

  test('runs may be called rounds', () => {
    expect(parse('--rounds', '3')).toMatchObject({ options: { runs: 3 } });
  });

  test('takes another shell where the suite has it', () => {
    const both = { ...SAMPLE_SUITE, shells: ['electron', 'chromium'] as const };
    expect(parseSuiteOptions(both, ['--shell', 'chromium'])).toMatchObject({
      options: { shell: 'chromium' },
    });
  });

  test.each([
    [['--quick', '--full'], '--quick and --full exclude each other'],
    [['--runs', '0'], '--runs needs a whole number from 1 to 1000; it was given "0"'],
    [['--rounds', '2.5'], '--rounds needs a whole number from 1 to 1000; it was given "2.5"'],
    [['--runs', 'many'], 'it was given "many"'],
    [['--only', '('], '--only: Invalid regular expression'],
    [['--only', 'other'], 'no case of the quick run matches /other/; there are row/one'],
    [['--out', ''], '--out needs a folder'],
    [['--fast'], '--fast'],
    [['fast'], "Unexpected argument 'fast'"],
    [['--shell', 'firefox'], '--shell needs electron or chromium; it was given "firefox"'],
    [['--shell', 'chromium'], 'sample is measured in electron only, not in chromium'],
  ])('refuses %j in words', (args, words) => {
    const request = parse(...args);
    expect(request.kind === 'invalid' && request.message).toContain(words);
  });
});

test('the help tells what the extents are', () => {
  const help = suiteHelp(SAMPLE_SUITE);
  expect(help).toContain('--quick        one');
  expect(help).toContain('--full         both');
});
