import { beforeEach, expect, it, vi } from 'vitest';
import { FakeClock } from '../testing/fake-clock.ts';
import { GatewayTransport } from './transport.ts';

let cancelled = 0;
// Not a vi.fn(), which would handle the rejection itself.
function cancelBody(): Promise<void> {
  cancelled += 1;
  return Promise.reject(new TypeError('the body broke off'));
}
const OPTIONS = { deadlineMs: 1000, signal: new AbortController().signal };

beforeEach(() => {
  cancelled = 0;
  vi.stubGlobal('fetch', () =>
    Promise.resolve({ ok: false, status: 404, headers: new Headers(), body: { cancel: cancelBody } }),
  );
});

// A rejection that nobody handles fails the whole run.
it('gives up the body of a refusal, whether that is still there or not', async () => {
  const transport = new GatewayTransport(new FakeClock(), () => {});
  expect(await transport.fetchText('/sites/main/a.m3u8', OPTIONS)).toEqual({
    kind: 'failed',
    cause: 'http-404',
  });
  expect(cancelled).toBe(1);
});
