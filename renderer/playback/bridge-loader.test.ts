import type { HlsConfig, LoaderConfiguration, LoaderContext, PlaylistLoaderContext } from 'hls.js/light';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { REASON_HEADER, REASON_TEXT_HEADER } from '../../shared/gateway-contract.ts';
import type {
  MediaAnswer,
  MediaRequest,
  PlaylistAnswer,
  PlaylistRequest,
} from '../../shared/gateway-exchange.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { createMediaLoader, createPlaylistLoader } from './bridge-loader.ts';

const CONTEXT = {
  type: 'level',
  url: 'app://holdfast/sites/main/gate/index.m3u8?_HLS_msn=12&_HLS_part=2',
} as PlaylistLoaderContext;
const CONFIGURATION = {
  loadPolicy: { maxTimeToFirstByteMs: 1000, maxLoadTimeMs: 3000, timeoutRetry: null, errorRetry: null },
} as LoaderConfiguration;

let clock: FakeClock;
let asked: PlaylistRequest[];
let cancelled: string[];
let answer: (answer: PlaylistAnswer) => void;
let refuse: (error: Error) => void;

beforeEach(() => {
  clock = new FakeClock();
  asked = [];
  cancelled = [];
});

function load() {
  const Loader = createPlaylistLoader(clock, {
    playlist: (request) => {
      asked.push(request);
      return new Promise((resolve, reject) => {
        answer = resolve;
        refuse = reject;
      });
    },
    media: () => new Promise(() => {}),
    cancel: (requestId) => cancelled.push(requestId),
  });
  const callbacks = { onSuccess: vi.fn(), onError: vi.fn(), onTimeout: vi.fn() };
  const loader = new Loader({} as HlsConfig);
  loader.load(CONTEXT, CONFIGURATION, callbacks);
  const calls = (): number =>
    Object.values(callbacks).reduce((sum, callback) => sum + callback.mock.calls.length, 0);
  return { loader, calls, ...callbacks };
}

const toldOf = (callback: ReturnType<typeof vi.fn>): Promise<void> =>
  vi.waitFor(() => expect(callback).toHaveBeenCalledOnce());

describe('a playlist', () => {
  it('is asked for by its path, its query and its deadline', () => {
    load();
    expect(asked).toEqual([
      {
        pathname: '/sites/main/gate/index.m3u8?_HLS_msn=12&_HLS_part=2',
        requestId: expect.any(String),
        deadlineMs: 3000,
      },
    ]);
  });

  it('arrives as text, with the times of its load', async () => {
    const { loader, onSuccess } = load();
    await clock.advance(40);
    answer({ kind: 'text', text: '#EXTM3U' });
    await toldOf(onSuccess);
    expect(onSuccess.mock.calls[0]?.[0]).toMatchObject({ url: CONTEXT.url, data: '#EXTM3U' });
    expect(loader.stats.loading.end - loader.stats.loading.start).toBe(40);
    await clock.advance(5000);
    expect(cancelled).toEqual([]);
  });

  it('that failed has its status, and the gateway’s reason and words', async () => {
    const { onError } = load();
    answer({ kind: 'failed', status: 502, reason: 'refused', words: 'Großbaustelle refused' });
    await toldOf(onError);
    const [response, , details] = onError.mock.calls[0] ?? [];
    expect(response).toMatchObject({ code: 502 });
    expect(details.headers.get(REASON_HEADER)).toBe('refused');
    expect(decodeURIComponent(details.headers.get(REASON_TEXT_HEADER))).toBe('Großbaustelle refused');
  });

  it('for which the gateway waited in vain is late for hls.js too, with the gateway’s words', async () => {
    const { onTimeout, onError } = load();
    answer({ kind: 'failed', status: 504, reason: 'timeout', words: 'Main did not answer' });
    await toldOf(onTimeout);
    const [, , details] = onTimeout.mock.calls[0] ?? [];
    expect(decodeURIComponent(details.headers.get(REASON_TEXT_HEADER))).toBe('Main did not answer');
    expect(onError).not.toHaveBeenCalled();
  });

  it('that the host could not ask for failed without a status', async () => {
    const { onError } = load();
    refuse(new Error('gone'));
    await toldOf(onError);
    expect(onError.mock.calls[0]?.[0]).toMatchObject({ code: 0 });
  });

  it('without an answer in time is cancelled, and a late answer told to nobody', async () => {
    const { onTimeout, calls } = load();
    await clock.advance(1000);
    expect(onTimeout).toHaveBeenCalledOnce();
    expect(cancelled).toEqual([asked[0]?.requestId]);
    answer({ kind: 'text', text: '#EXTM3U' });
    await Promise.resolve();
    expect(calls()).toBe(1);
  });

  it.each(['abort', 'destroy'] as const)('is cancelled by %s, and told to nobody', async (end) => {
    const { loader, calls } = load();
    loader[end]();
    expect(cancelled).toEqual([asked[0]?.requestId]);
    answer({ kind: 'text', text: '#EXTM3U' });
    await Promise.resolve();
    await clock.advance(5000);
    expect(calls()).toBe(0);
  });
});

describe('media', () => {
  const SEGMENT = {
    url: 'app://holdfast/sites/main/gate/12.m4s?token=a',
    responseType: 'arraybuffer',
  } as LoaderContext;
  const BYTES = new Uint8Array([1, 2, 3, 4]);
  let wanted: MediaRequest[];
  let give: (answer: MediaAnswer) => void;

  function loadMedia(context: LoaderContext = SEGMENT) {
    wanted = [];
    const Loader = createMediaLoader(clock, {
      playlist: () => new Promise(() => {}),
      media: (request) => {
        wanted.push(request);
        return new Promise((resolve) => {
          give = resolve;
        });
      },
      cancel: (requestId) => cancelled.push(requestId),
    });
    const callbacks = { onSuccess: vi.fn(), onError: vi.fn(), onTimeout: vi.fn(), onAbort: vi.fn() };
    const loader = new Loader();
    loader.load(context, CONFIGURATION, callbacks);
    return { loader, ...callbacks };
  }

  it('is asked for by its path, its query and both deadlines, as a whole or a piece of a file', () => {
    loadMedia();
    const asked = {
      pathname: '/sites/main/gate/12.m4s?token=a',
      requestId: expect.any(String),
      deadlineMs: 3000,
      firstByteMs: 1000,
    };
    expect(wanted).toEqual([{ ...asked, range: null }]);
    loadMedia({ ...SEGMENT, rangeStart: 100, rangeEnd: 150 });
    expect(wanted).toEqual([{ ...asked, range: { offset: 100, length: 50 } }]);
  });

  it('arrives as bytes, with the times and the rate of its load', async () => {
    const { loader, onSuccess } = loadMedia();
    await clock.advance(50);
    give({ kind: 'bytes', bytes: BYTES, waitedMs: 30 });
    await toldOf(onSuccess);
    const [{ data }] = onSuccess.mock.calls[0] ?? [];
    expect(new Uint8Array(data)).toEqual(BYTES);
    const { start, first, end } = loader.stats.loading;
    expect([first - start, end - start]).toEqual([30, 50]);
    expect(loader.stats).toMatchObject({ loaded: 4, bwEstimate: (4 * 8000) / 20 });
  });

  it('may take longer than its first byte, and no longer than its deadline', async () => {
    const { onTimeout } = loadMedia();
    await clock.advance(2900);
    expect(onTimeout).not.toHaveBeenCalled();
    await clock.advance(100);
    expect(onTimeout).toHaveBeenCalledOnce();
    expect(cancelled).toEqual([wanted[0]?.requestId]);
  });

  it('that is given up is cancelled, and hls.js told that it was', () => {
    const { loader, onAbort } = loadMedia();
    loader.abort();
    expect(cancelled).toEqual([wanted[0]?.requestId]);
    expect(onAbort).toHaveBeenCalledOnce();
  });
});
