import { expect, test } from 'vitest';
import { profileFolder, userDataFolder } from './user-data-folder.ts';

test.each<[NodeJS.Platform, Record<string, string>, string, string]>([
  ['linux', {}, '/home/a', '/home/a/.config/Holdfast'],
  ['linux', { XDG_CONFIG_HOME: '/etc/a' }, '/home/a', '/etc/a/Holdfast'],
  ['darwin', {}, '/Users/a', '/Users/a/Library/Application Support/Holdfast'],
  ['win32', { APPDATA: 'C:\\R' }, 'C:\\Users\\a', 'C:\\R\\Holdfast'],
  ['win32', {}, 'C:\\Users\\a', 'C:\\Users\\a\\AppData\\Roaming\\Holdfast'],
])('the data is where the platform’s applications keep it (%s, %o)', (platform, env, home, folder) => {
  expect(userDataFolder(platform, env, home)).toBe(folder);
});

test('the profile is with the data, except for a snap, which could not write there', () => {
  expect(profileFolder('/data', '/usr/bin/chromium', '/home/a')).toBe('/data/chromium-profile');
  expect(profileFolder('/data', '/snap/bin/chromium', '/home/a')).toBe(
    '/home/a/snap/chromium/common/holdfast',
  );
});
