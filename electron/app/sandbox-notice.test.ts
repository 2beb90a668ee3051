import { expect, test } from 'vitest';
import { sandboxNotice } from './sandbox-notice.ts';

test('there is no notice while the sandbox is on', () => {
  expect(sandboxNotice('on', 1000)).toBeNull();
  expect(sandboxNotice('on', 0)).toBeNull();
});

test('switched off, the notice says so, and as root also why', () => {
  expect(sandboxNotice('off', 0)).toBe('The browser sandbox is off (running as root).');
  expect(sandboxNotice('off', 1000)).toBe('The browser sandbox is off.');
  expect(sandboxNotice('off', undefined)).toBe('The browser sandbox is off.');
});
