import { describe, expect, test } from 'vitest';
import { ROOT } from './command.mjs';
import { electronArguments, isChromiumLog, onlyPrints, remedyFor } from './electron-start.mjs';

describe('Electron’s arguments', () => {
  test('the user’s options follow the application’s folder', () => {
    const options = ['--config', 'site.json'];
    expect(
      electronArguments({ options, sandbox: 'sandboxed', display: 'real', folder: '/home/ann' }),
    ).toEqual([ROOT, '--config', 'site.json']);
  });

  test('the sandbox is switched off ahead of it, and only on demand', () => {
    const start = { options: [], display: 'real', folder: '/home/ann' } as const;
    expect(electronArguments({ ...start, sandbox: 'no-sandbox' })).toEqual(['--no-sandbox', ROOT]);
    expect(electronArguments({ ...start, sandbox: 'sandboxed' })).toEqual([ROOT]);
  });

  test('a virtual display is watched by screenshots in the current folder', () => {
    expect(
      electronArguments({
        options: ['--dev'],
        sandbox: 'sandboxed',
        display: 'virtual',
        folder: '/home/ann',
      }),
    ).toEqual([ROOT, '--dev', '--screens', '/home/ann/holdfast-screens']);
  });

  test.each([[['--screens', 'here']], [['--screens=here']]])(
    'unless the user named a folder: %j',
    (options) => {
      const args = electronArguments({
        options,
        sandbox: 'sandboxed',
        display: 'virtual',
        folder: '/home/ann',
      });
      expect(args).toEqual([ROOT, ...options]);
    },
  );
});

test('help and version need no display, a configuration does', () => {
  expect([['--help'], ['--dev', '-h'], ['--version'], ['--config', 'x.json'], []].map(onlyPrints)).toEqual([
    true,
    true,
    true,
    false,
    false,
  ]);
});

test('Chromium’s own log is distinguished from the application’s words and from what ended it', () => {
  const lines = [
    '[613:1122/164113.403436:ERROR:bus.cc(407)] Failed to connect to the bus',
    '[613:1122/164113.790179:WARNING:components/viz/viz_main_impl.cc:85] not a warning',
    '[613:1122/164113.790179:FATAL:zygote_host_impl_linux.cc(127)] No usable sandbox!',
    'holdfast: cameras.3.name must not be empty',
  ];
  expect(lines.map(isChromiumLog)).toEqual([true, true, false, false]);
  expect(isChromiumLog('[16665:16701:1122/181226.082537:ERROR:dbus/bus.cc:405] Failed to connect')).toBe(
    true,
  );
});

describe('the remedy for a start that failed', () => {
  test.each([
    '[1:1122/1.2:FATAL:zygote_host_impl_linux.cc(127)] No usable sandbox! If you are running on Ubuntu 23.10+',
    'The SUID sandbox helper binary was found, but is not configured correctly.',
  ])('names the line that allows the sandbox: %s', (stderr) => {
    expect(remedyFor(stderr, '/opt/electron')).toContain("sudo chmod 4755 '/opt/electron/chrome-sandbox'");
  });

  test('tells a display that cannot be opened', () => {
    expect(remedyFor('ERROR:ozone_platform_x11.cc(245)] Missing X server or $DISPLAY', '/opt')).toContain(
      'DISPLAY',
    );
  });

  test('invents nothing for other errors', () => {
    expect(remedyFor('TypeError: undefined is not a function', '/opt')).toBeUndefined();
  });
});
