import { expect, test } from 'vitest';
import { networkState } from './network-state.ts';

const loopback = { address: '127.0.0.1', internal: true };

test('a machine with an address of a network is in one', () => {
  expect(networkState(() => ({ lo: [loopback], eth0: [{ address: '192.0.2.7', internal: false }] }))).toBe(
    'up',
  );
});

test('loopback alone is no network', () => {
  expect(networkState(() => ({ lo: [loopback] }))).toBe('none');
});

test.each(['169.254.7.7', 'fe80::1'])(
  '%s, which the machine assigned to itself, is no network',
  (address) => {
    expect(networkState(() => ({ eth0: [{ address, internal: false }] }))).toBe('none');
  },
);

test('a machine that may not read its interfaces does not count as offline', () => {
  expect(
    networkState(() => {
      throw new Error('uv_interface_addresses returned Unknown system error 1');
    }),
  ).toBe('up');
});
