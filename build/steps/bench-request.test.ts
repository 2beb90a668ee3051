import { describe, expect, test } from 'vitest';
import { benchRequest, SUITES } from './bench-request.mjs';
import { SetUpError } from './command.mjs';

describe('benchRequest', () => {
  test('without a name it is all suites, as they are by default', () => {
    expect(benchRequest([])).toEqual({ kind: 'run', suites: SUITES, options: [] });
  });

  test('passes the options on to the suite', () => {
    expect(benchRequest(['gap', '--full', '--rounds', '3'])).toEqual({
      kind: 'run',
      suites: ['gap'],
      options: ['--full', '--rounds', '3'],
    });
  });

  test('names the suites that there are', () => {
    expect(() => benchRequest(['gaps'])).toThrow(
      new SetUpError('there is no benchmark "gaps"; there are engine and gap'),
    );
  });

  test('asks for the suite that options are for', () => {
    expect(() => benchRequest(['--full'])).toThrow('npm run bench -- gap --full');
  });
});
