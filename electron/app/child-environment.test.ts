import { expect, test } from 'vitest';
import { childEnvironment } from './child-environment.ts';

const keptOf = (environment: Record<string, string | undefined>): string[] =>
  Object.keys(childEnvironment(environment));

test.each([
  'HOLDFAST_NORTH_TOKEN',
  'HOLDFAST_KEEPER',
  'NORTH_PASSWORD',
  'AWS_SECRET_ACCESS_KEY',
  'GITHUB_TOKEN',
  'SSH_AUTH_SOCK',
  'https_proxy',
  'HTTPS_PROXY',
  'NODE_OPTIONS',
  'ELECTRON_RUN_AS_NODE',
  'LD_PRELOAD',
  'CHROME_PATH',
  // These only begin like the names of a family.
  'PATH_TOKEN',
  'HOME_PASSWORD',
  'XDGTOKEN',
  'PROGRAMFILES_TOKEN',
])('%s is not given to a child', (name) => {
  expect(keptOf({ [name]: 'secret' })).toEqual([]);
});

test('a browser finds its display, session, folders and fonts on Linux', () => {
  const environment = {
    PATH: '/usr/bin',
    HOME: '/home/ann',
    DISPLAY: ':0',
    XAUTHORITY: '/run/user/1000/xauth',
    WAYLAND_DISPLAY: 'wayland-0',
    XDG_RUNTIME_DIR: '/run/user/1000',
    DBUS_SESSION_BUS_ADDRESS: 'unix:path=/run/user/1000/bus',
    LANG: 'de_DE.UTF-8',
    LC_TIME: 'C',
    TMPDIR: '/tmp',
    GTK_THEME: 'Adwaita',
    FONTCONFIG_FILE: '/etc/fonts/fonts.conf',
    LIBVA_DRIVER_NAME: 'iHD',
  };
  expect(childEnvironment({ ...environment, HOLDFAST_TOKEN: 'secret' })).toEqual(environment);
});

test('and on Windows, whatever the case of its variables', () => {
  const names = [
    'SystemRoot',
    'Path',
    'APPDATA',
    'LOCALAPPDATA',
    'USERPROFILE',
    'ProgramFiles',
    'ProgramFiles(x86)',
    'ProgramW6432',
    'CommonProgramFiles(x86)',
    'ProgramData',
    'TEMP',
  ];
  expect(keptOf(Object.fromEntries(names.map((name) => [name, 'C:\\x'])))).toEqual(names);
});

test('an unset variable does not become the text "undefined"', () => {
  expect(childEnvironment({ PATH: undefined })).toEqual({});
});
