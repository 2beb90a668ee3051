import { describe, expect, test } from 'vitest';
import { BENCH_HELP, benchRequest, SUITES } from './bench-request.mjs';
import { SetUpError } from './command.mjs';

describe('benchRequest', () => {
  test('without a name it is every suite once', () => {
    const request = benchRequest([]);
    expect(request.kind === 'all' && request.suites.map(({ name }) => name)).toEqual(SUITES);
  });

  test('passes the options on to the suite', () => {
    expect(benchRequest(['gap', '--full', '--rounds', '3'])).toEqual({
      kind: 'one',
      suites: [{ name: 'gap', shell: 'whichever', options: ['--full', '--rounds', '3'] }],
    });
  });

  test('the shell is for the set-up', () => {
    expect(benchRequest(['gap', '--shell', 'chromium', '--full'])).toEqual({
      kind: 'one',
      suites: [{ name: 'gap', shell: 'chromium', options: ['--full'] }],
    });
  });

  test('names the suites that there are', () => {
    expect(() => benchRequest(['gaps'])).toThrow(
      new SetUpError(
        'there is no benchmark "gaps"; there are engine, start, tax, steady, link, endurance, gap, peers',
      ),
    );
  });

  test('asks for the suite that options are for', () => {
    expect(() => benchRequest(['--full'])).toThrow('npm run bench -- gap --full');
  });

  test.each(SUITES)('the help tells of %s', (name) => {
    expect(BENCH_HELP).toMatch(new RegExp(`^  ${name} `, 'm'));
  });
});
