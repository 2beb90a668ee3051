import { describe, expect, test } from 'vitest';
import { shellChoice } from './shell-choice.mjs';

describe('shellChoice', () => {
  test('is left to the machine, and everything is for the shell', () => {
    expect(shellChoice(['--config', 'a', '--dev'])).toEqual({
      shell: 'whichever',
      rest: ['--config', 'a', '--dev'],
    });
  });

  test.each([[['--shell', 'chromium']], [['--shell=chromium']], [['--shell=electron', '--shell=chromium']]])(
    'is forced by %o, which the shell does not see',
    (options) => {
      expect(shellChoice(['--dev', ...options, '--fullscreen'])).toEqual({
        shell: 'chromium',
        rest: ['--dev', '--fullscreen'],
      });
    },
  );

  test.each([[['--shell']], [['--shell=']], [['--shell', 'firefox']]])('of %o is refused', (options) => {
    expect(() => shellChoice(options)).toThrow(/--shell needs electron or chromium/);
  });
});
