import type { HlsConfig, LoaderConfiguration, PlaylistLoaderContext } from 'hls.js/light';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { REASON_HEADER, REASON_TEXT_HEADER } from '../../shared/gateway-contract.ts';
import type { PlaylistAnswer, PlaylistRequest } from '../../shared/playlist-exchange.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { createPlaylistLoader } from './playlist-loader.ts';

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
