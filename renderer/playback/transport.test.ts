import { beforeEach, expect, it, vi } from 'vitest';
import { MAX_GATEWAY_WORDS } from '../../shared/gateway-words.ts';
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

it('reads words as one line of a bounded length', () => {
  expect(wordsOfReason(encodeURIComponent('\u001b[2J Main\r\nsaid\u2028this '))).toBe('[2J Main said this');
  expect(wordsOfReason('%0d%0a')).toBeUndefined();
  const words = wordsOfReason(encodeURIComponent('\u{1f3a5}'.repeat(300)));
  expect(words).toHaveLength(MAX_GATEWAY_WORDS);
  expect(words?.isWellFormed()).toBe(true);
  expect(words?.endsWith('…')).toBe(true);
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
