import { expect, test, vi } from 'vitest';
import { hostTransport } from './host-transport.ts';
import * as httpBridge from './http-bridge.ts';

const pageAt = (address: string, holdfast?: unknown): Window =>
  ({ location: new URL(address), ...(holdfast !== undefined && { holdfast }) }) as unknown as Window;

test("the preload script's bridge comes first", () => {
  const own = { request: vi.fn(), on: vi.fn() };
  expect(hostTransport(pageAt('https://b1946ac9.localhost:4000/', own))).toBe(own);
});

test('without it, a page that this computer serves talks to its server', () => {
  const http = { request: vi.fn(), on: vi.fn() };
  const open = vi.spyOn(httpBridge, 'openHttpBridge').mockReturnValue(http);
  expect(hostTransport(pageAt('https://b1946ac9.localhost:4000/'))).toBe(http);
  open.mockRestore();
});

test.each([
  'https://example.org/',
  'http://127.0.0.1:5173/',
  'http://b1946ac9.localhost:5173/',
  'file:///index.html',
  'app://holdfast/',
])('a page at %s has no host', (address) => {
  expect(hostTransport(pageAt(address))).toBeNull();
});
