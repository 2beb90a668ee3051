import { beforeEach, describe, expect, it } from 'vitest';
import { MAX_DEADLINE_MS } from '../../shared/gateway/gateway-contract.ts';
import type {
  MediaAnswer,
  MediaRequest,
  PlaylistAnswer,
  PlaylistRequest,
} from '../../shared/gateway/gateway-exchange.ts';
import { MAX_GATEWAY_WORDS } from '../../shared/gateway/gateway-words.ts';
import { VirtualClock } from '../../shared/testing/virtual-clock.ts';
import { GATEWAY_GRACE_MS, GatewayTransport, gatewayOf, wordsOfReason } from './transport.ts';

const OPTIONS = { deadlineMs: 1000, signal: new AbortController().signal };
const PATHNAME = '/sites/main/a.m3u8';

let clock: VirtualClock;
let asked: PlaylistRequest[];
let cancelled: string[];
let media: Promise<MediaAnswer>;

beforeEach(() => {
  clock = new VirtualClock();
  asked = [];
  cancelled = [];
  media = new Promise(() => {});
});

/** @param answer to every request for a playlist; by default there is none */
function transport(answer: Promise<PlaylistAnswer> = new Promise(() => {})): GatewayTransport {
  const host = {
    playlist: (request: PlaylistRequest) => {
      asked.push(request);
      return answer;
    },
    media: (request: MediaRequest) => {
      asked.push(request);
      return media;
    },
    cancel: (requestId: string) => cancelled.push(requestId),
  };
  return new GatewayTransport(clock, gatewayOf(host, 'main'));
}

describe('a playlist', () => {
  it('is requested over the bridge, with a deadline that the gateway allows', async () => {
    const answer = Promise.resolve({ kind: 'text', text: '#EXTM3U' } as const);
    const fetched = await transport(answer).fetchText(PATHNAME, { ...OPTIONS, deadlineMs: 99_999.5 });
    expect(fetched).toEqual({ kind: 'body', body: '#EXTM3U', elapsedMs: 0 });
    expect(asked).toEqual([
      { site: 'main', pathname: PATHNAME, requestId: expect.any(String), deadlineMs: MAX_DEADLINE_MS },
    ]);
  });

  it('that failed carries the gateway’s words, whatever letters are in them', async () => {
    const words = 'the login at Großbaustelle was refused (401); the next try is in 30 s';
    const answer = { kind: 'failed', status: 403, reason: 'no-login', words } as const;
    expect(await transport(Promise.resolve(answer)).fetchText(PATHNAME, OPTIONS)).toEqual({
      kind: 'failed',
      cause: 'no-login',
      words,
    });
  });

  it('that a site refuses has the site’s own status as its cause', async () => {
    const answer = { kind: 'failed', status: 503, reason: null, words: null } as const;
    expect(await transport(Promise.resolve(answer)).fetchText(PATHNAME, OPTIONS)).toMatchObject({
      kind: 'failed',
      cause: 'http-503',
    });
  });

  it('that the gateway cancelled, as when its site was edited, is no answer of the site’s', async () => {
    const answer = { kind: 'failed', status: 503, reason: 'cancelled', words: null } as const;
    expect(await transport(Promise.resolve(answer)).fetchText(PATHNAME, OPTIONS)).toMatchObject({
      kind: 'failed',
      cause: 'reset',
    });
  });

  it('without an answer is cancelled when nobody wants it any more', async () => {
    const controller = new AbortController();
    const fetched = transport().fetchText(PATHNAME, { ...OPTIONS, signal: controller.signal });
    controller.abort();
    expect(await fetched).toEqual({ kind: 'aborted' });
    expect(cancelled).toEqual(asked.map(({ requestId }) => requestId));
  });

  it('is given up after the deadline, and cancelled, where the host does not answer', async () => {
    const fetched = transport().fetchText(PATHNAME, OPTIONS);
    await clock.advance(OPTIONS.deadlineMs + GATEWAY_GRACE_MS);
    expect(await fetched).toEqual({ kind: 'failed', cause: 'timeout' });
    expect(cancelled).toEqual(asked.map(({ requestId }) => requestId));
  });

  it('of a lost stream is requested as such', async () => {
    const pending = transport(Promise.resolve({ kind: 'text', text: '' }));
    await pending.fetchText(PATHNAME, { ...OPTIONS, doubted: true });
    await pending.fetchText(PATHNAME, OPTIONS);
    expect(asked.map(({ doubted }) => doubted)).toEqual([true, undefined]);
  });

  it('that the host could not request is no time-out', async () => {
    expect(await transport(Promise.reject(new Error('gone'))).fetchText(PATHNAME, OPTIONS)).toEqual({
      kind: 'failed',
      cause: 'reset',
    });
  });
});

it('reads words that are not percent-encoded as they are', () => {
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

describe('media', () => {
  it('is requested over the bridge, as a whole file or a range of it', async () => {
    const bytes = new Uint8Array([1, 2]);
    media = Promise.resolve({ kind: 'bytes', bytes, waitedMs: 5 });
    const range = { offset: 10, length: 2 };
    const fetched = await transport().fetchBytes(PATHNAME, { ...OPTIONS, range });
    expect(fetched).toEqual({ kind: 'body', body: bytes, elapsedMs: 0 });
    await transport().fetchBytes(PATHNAME, OPTIONS);
    const terms = {
      site: 'main',
      pathname: PATHNAME,
      requestId: expect.any(String),
      deadlineMs: 1000,
      firstByteMs: 1000,
      expects: 'media',
    };
    expect(asked).toEqual([
      { ...terms, range },
      { ...terms, range: null },
    ]);
  });

  it('is not called slow for the time that it took to connect to its site', async () => {
    let give: (answer: MediaAnswer) => void = () => {};
    media = new Promise((resolve) => {
      give = resolve;
    });
    const fetched = transport().fetchBytes(PATHNAME, OPTIONS);
    await clock.advance(800);
    give({ kind: 'bytes', bytes: new Uint8Array([1]), waitedMs: 750, connectMs: 700 });
    expect(await fetched).toMatchObject({ kind: 'body', elapsedMs: 100 });
  });

  it('that the site does not have has the site’s status as its cause', async () => {
    media = Promise.resolve({ kind: 'failed', status: 404, reason: null, words: null });
    expect(await transport().fetchBytes(PATHNAME, OPTIONS)).toEqual({ kind: 'failed', cause: 'http-404' });
  });
});
