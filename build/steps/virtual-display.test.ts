import { expect, test } from 'vitest';
import { cookieEntry, hasDisplay } from './virtual-display.mjs';

test('a display is real when X or Wayland names one, and always outside of Linux', () => {
  expect(hasDisplay({ DISPLAY: ':0' }, 'linux')).toBe(true);
  expect(hasDisplay({ WAYLAND_DISPLAY: 'wayland-0' }, 'linux')).toBe(true);
  expect(hasDisplay({ DISPLAY: '' }, 'linux')).toBe(false);
  expect(hasDisplay({}, 'darwin')).toBe(true);
});

test('the cookie’s entry is laid out as libXau reads it', () => {
  const cookie = Buffer.from('00112233445566778899aabbccddeeff', 'hex');
  // The family "wild", no address, no display number, the protocol's name, the cookie. Each field follows its length.
  expect(cookieEntry(cookie).toString('hex')).toBe(
    `ffff00000000${'0012'}${Buffer.from('MIT-MAGIC-COOKIE-1').toString('hex')}0010${cookie.toString('hex')}`,
  );
});
