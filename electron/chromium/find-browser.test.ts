import { describe, expect, test } from 'vitest';
import { findBrowser, type Machine } from './find-browser.ts';

const with_ = (
  platform: NodeJS.Platform,
  files: readonly string[],
  env: Machine['env'] = { PATH: '/usr/local/bin:/usr/bin' },
): Machine => ({ platform, env, isExecutable: (file) => files.includes(file) });

describe('findBrowser', () => {
  test.each<[string, Machine, string]>([
    ['Chromium on the PATH', with_('linux', ['/usr/bin/chromium']), '/usr/bin/chromium'],
    [
      'Chrome on the PATH',
      with_('linux', ['/usr/local/bin/google-chrome', '/usr/bin/microsoft-edge']),
      '/usr/local/bin/google-chrome',
    ],
    [
      'a Chrome that is not on the PATH',
      with_('linux', ['/opt/google/chrome/chrome'], {}),
      '/opt/google/chrome/chrome',
    ],
    [
      'a snap only when there is nothing else',
      with_('linux', ['/snap/bin/chromium', '/opt/microsoft/msedge/msedge'], { PATH: '/snap/bin' }),
      '/opt/microsoft/msedge/msedge',
    ],
    ['a snap', with_('linux', ['/snap/bin/chromium']), '/snap/bin/chromium'],
    [
      'Edge on Windows',
      with_('win32', ['C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe'], {
        ProgramFiles: 'C:\\Program Files',
        'ProgramFiles(x86)': 'C:\\Program Files (x86)',
      }),
      'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
    ],
    [
      "the user's own Chrome on a Mac",
      with_('darwin', ['/Users/a/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'], {
        HOME: '/Users/a',
      }),
      '/Users/a/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    ],
    [
      'the one that CHROME_PATH names before all others',
      with_('linux', ['/usr/bin/chromium', '/x/chrome'], { PATH: '/usr/bin', CHROME_PATH: '/x/chrome' }),
      '/x/chrome',
    ],
  ])('finds %s', (_what, machine, executable) => {
    expect(findBrowser(machine)).toEqual({ kind: 'found', executable });
  });

  test('a CHROME_PATH without a file is reported, and no other browser is used', () => {
    const machine = with_('linux', ['/usr/bin/chromium'], { PATH: '/usr/bin', CHROME_PATH: '/x/chrome' });
    expect(findBrowser(machine)).toMatchObject({
      kind: 'missing',
      reason: expect.stringContaining('/x/chrome'),
    });
  });

  test('where there is none, the message says what to do', () => {
    expect(findBrowser(with_('linux', []))).toMatchObject({
      kind: 'missing',
      reason: expect.stringContaining('CHROME_PATH'),
    });
  });

  test('a PATH with relative folders starts no program of the working directory', () => {
    expect(findBrowser(with_('linux', ['chromium', './chromium'], { PATH: '.::' })).kind).toBe('missing');
  });
});
