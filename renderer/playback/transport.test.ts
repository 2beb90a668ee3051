import { beforeEach, expect, it, vi } from 'vitest';
import { FakeClock } from '../testing/fake-clock.ts';
import { GatewayTransport, wordsOfReason } from './transport.ts';

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

it('has the gateway’s words of a failure, whatever letters are in them', async () => {
  const words = 'the login at Großbaustelle was refused (401); the next try is in 30 s';
  const headers = { 'x-holdfast-reason': 'no-login', 'x-holdfast-reason-text': encodeURIComponent(words) };
  vi.stubGlobal('fetch', () =>
    Promise.resolve({ ok: false, status: 403, headers: new Headers(headers), body: null }),
  );
  const transport = new GatewayTransport(new FakeClock(), () => {});
  expect(await transport.fetchText('/sites/main/a.m3u8', OPTIONS)).toEqual({
    kind: 'failed',
    cause: 'no-login',
    words,
  });
});

it('reads words that are no encoding as they are', () => {
  expect(wordsOfReason('100 % wrong')).toBe('100 % wrong');
  expect(wordsOfReason(null)).toBeUndefined();
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
