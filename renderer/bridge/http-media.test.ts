import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  CONNECT_HEADER,
  DEADLINE_HEADER,
  EXPECTS_HEADER,
  REASON_HEADER,
  REASON_TEXT_HEADER,
  REQUEST_ID_HEADER,
  SITE_HEADER,
} from '../../shared/gateway/gateway-contract.ts';
import { loadMedia } from './http-media.ts';

const REQUEST = {
  site: 'main',
  pathname: '/sites/main/1.ts',
  requestId: 'one',
  deadlineMs: 3000,
  firstByteMs: 1000,
  range: null,
  expects: 'media' as const,
};

const answer = vi.fn<(address: string, init: RequestInit) => Promise<Response>>();
beforeEach(() => {
  answer.mockReset();
  vi.stubGlobal('fetch', answer);
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Never answers; its signal ends it. */
const silence = (_address: string, { signal }: RequestInit): Promise<Response> =>
  new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));

describe('media of a page in an ordinary browser', () => {
  it('is requested from the host that served the page, with its deadline, its id and its expectation', async () => {
    answer.mockResolvedValue(new Response(new Uint8Array([1, 2])));
    const range = { offset: 10, length: 2 };
    expect(await loadMedia({ ...REQUEST, range, expects: 'encrypted-media' })).toEqual({
      kind: 'bytes',
      bytes: new Uint8Array([1, 2]),
      waitedMs: expect.any(Number),
      hasMore: false,
    });
    const [address, { headers } = {}] = answer.mock.calls[0] ?? [];
    expect(address).toBe('/sites/main/1.ts');
    expect(headers).toEqual({
      range: 'bytes=10-11',
      [SITE_HEADER]: 'main',
      [DEADLINE_HEADER]: '3000',
      [REQUEST_ID_HEADER]: 'one',
      [EXPECTS_HEADER]: 'encrypted-media',
    });
  });

  it('reports how long connecting to its site took, where a connection had to be made', async () => {
    answer.mockResolvedValueOnce(new Response('1', { headers: { [CONNECT_HEADER]: '700' } }));
    expect(await loadMedia(REQUEST)).toMatchObject({ connectMs: 700 });
  });

  it('that failed carries its status, and the gateway’s reason and words', async () => {
    const headers = {
      [REASON_HEADER]: 'refused',
      [REASON_TEXT_HEADER]: encodeURIComponent('Großbaustelle refused the connection'),
    };
    answer.mockResolvedValue(new Response('', { status: 502, headers }));
    expect(await loadMedia(REQUEST)).toEqual({
      kind: 'failed',
      status: 502,
      reason: 'refused',
      words: 'Großbaustelle refused the connection',
    });
  });

  // A rejection that nobody handles fails the whole run.
  it('that failed is not read, whether its body is still there or not', async () => {
    // Not a vi.fn(), which would handle the rejection itself.
    let bodiesGivenUp = 0;
    const cancel = (): Promise<void> => {
      bodiesGivenUp += 1;
      return Promise.reject(new TypeError('the body broke off'));
    };
    answer.mockResolvedValue({
      ok: false,
      status: 404,
      headers: new Headers(),
      body: { cancel },
    } as unknown as Response);
    expect(await loadMedia(REQUEST)).toMatchObject({ kind: 'failed', status: 404, reason: null });
    expect(bodiesGivenUp).toBe(1);
  });

  it('that does not begin in time is given up, whatever time is left for all of it', async () => {
    answer.mockImplementation(silence);
    const loaded = loadMedia(REQUEST);
    await vi.advanceTimersByTimeAsync(1000);
    expect(await loaded).toMatchObject({ kind: 'failed', reason: 'timeout' });
  });

  it('is given up at the deadline when the host hangs in its middle', async () => {
    answer.mockImplementation(async (_address, { signal }) => {
      const body = new Promise<ArrayBuffer>((_resolve, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason));
      });
      return { ok: true, arrayBuffer: () => body } as Response;
    });
    const loaded = loadMedia(REQUEST);
    await vi.advanceTimersByTimeAsync(3000);
    expect(await loaded).toMatchObject({ kind: 'failed', reason: 'timeout' });
  });

  it.each([
    [500, 'reset'],
    [3000, 'timeout'],
  ] as const)('that broke off after %i ms failed with %s', async (afterMs, reason) => {
    const body = new Promise<ArrayBuffer>((_resolve, reject) => {
      setTimeout(() => reject(new TypeError('network error')), afterMs);
    });
    answer.mockResolvedValue({ ok: true, arrayBuffer: () => body } as Response);
    const loaded = loadMedia(REQUEST);
    await vi.advanceTimersByTimeAsync(afterMs);
    expect(await loaded).toMatchObject({ kind: 'failed', reason });
  });
});
