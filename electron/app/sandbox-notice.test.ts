import { expect, test } from 'vitest';
import { sandboxNotice } from './sandbox-notice.ts';

test('nothing is said while the sandbox is on', () => {
  expect(sandboxNotice('on', 1000)).toBeNull();
  expect(sandboxNotice('on', 0)).toBeNull();
});

test('switched off, it is said, with the reason as root and without one for anybody else', () => {
  expect(sandboxNotice('off', 0)).toBe('The browser sandbox is off (running as root).');
  expect(sandboxNotice('off', 1000)).toBe('The browser sandbox is off.');
  expect(sandboxNotice('off', undefined)).toBe('The browser sandbox is off.');
});
