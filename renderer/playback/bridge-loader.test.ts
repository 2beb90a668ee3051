import type { HlsConfig, LoaderConfiguration, LoaderContext, PlaylistLoaderContext } from 'hls.js';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { REASON_HEADER, REASON_TEXT_HEADER } from '../../shared/gateway/gateway-contract.ts';
import type {
  MediaAnswer,
  MediaRequest,
  PlaylistAnswer,
  PlaylistRequest,
} from '../../shared/gateway/gateway-exchange.ts';
import { VirtualClock } from '../../shared/testing/virtual-clock.ts';
import { createMediaLoader, createPlaylistLoader } from './bridge-loader.ts';
import { PlaylistSession } from './playlist-session.ts';

const ROOT = '/sites/main/gate/index.m3u8';
const CONTEXT = {
  type: 'level',
  url: `app://holdfast${ROOT}?_HLS_msn=12&_HLS_part=2`,
  deliveryDirectives: { msn: 12, part: 2, skip: '' },
} as PlaylistLoaderContext;
const CONFIGURATION = {
  loadPolicy: { maxTimeToFirstByteMs: 1000, maxLoadTimeMs: 3000, timeoutRetry: null, errorRetry: null },
} as LoaderConfiguration;

let clock: VirtualClock;
let asked: Omit<PlaylistRequest, 'site'>[];
let cancelled: string[];
let unplayable: string[];
let answer: (answer: PlaylistAnswer) => void;
let refuse: (error: Error) => void;

beforeEach(() => {
  clock = new VirtualClock();
  asked = [];
  cancelled = [];
  unplayable = [];
});

function load(context = CONTEXT) {
  const gateway = {
    playlist: (request: Omit<PlaylistRequest, 'site'>) => {
      asked.push(request);
      return new Promise<PlaylistAnswer>((resolve, reject) => {
        answer = resolve;
        refuse = reject;
      });
    },
    media: () => new Promise<MediaAnswer>(() => {}),
    cancel: (requestId: string) => cancelled.push(requestId),
  };
  const Loader = createPlaylistLoader(clock, gateway, {
    session: new PlaylistSession(ROOT, 'main', () => true, clock),
    unplayable: (cause) => unplayable.push(cause),
  });
  const callbacks = { onSuccess: vi.fn(), onError: vi.fn(), onTimeout: vi.fn() };
  const loader = new Loader({} as HlsConfig);
  loader.load(context, CONFIGURATION, callbacks);
  const calls = (): number =>
    Object.values(callbacks).reduce((sum, callback) => sum + callback.mock.calls.length, 0);
  return { loader, calls, ...callbacks };
}

const toldOf = (callback: ReturnType<typeof vi.fn>): Promise<void> =>
  vi.waitFor(() => expect(callback).toHaveBeenCalledOnce());

describe('a playlist', () => {
  it('is requested by its path, its query and its deadline', () => {
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
    expect(onSuccess.mock.calls[0]?.[0]).toMatchObject({ url: `app://holdfast${ROOT}`, data: '#EXTM3U' });
    expect(loader.stats.loading.end - loader.stats.loading.start).toBe(40);
    await clock.advance(5000);
    expect(cancelled).toEqual([]);
  });

  it('that failed carries its status, and the gateway’s reason and words', async () => {
    const { onError } = load();
    answer({ kind: 'failed', status: 502, reason: 'refused', words: 'Großbaustelle refused' });
    await toldOf(onError);
    const [response, , details] = onError.mock.calls[0] ?? [];
    expect(response).toMatchObject({ code: 502 });
    expect(details.headers.get(REASON_HEADER)).toBe('refused');
    expect(decodeURIComponent(details.headers.get(REASON_TEXT_HEADER))).toBe('Großbaustelle refused');
  });

  it('is a time-out for hls.js where the gateway reports one, and carries the gateway’s words', async () => {
    const { onTimeout, onError } = load();
    answer({ kind: 'failed', status: 504, reason: 'timeout', words: 'Main did not answer' });
    await toldOf(onTimeout);
    const [, , details] = onTimeout.mock.calls[0] ?? [];
    expect(decodeURIComponent(details.headers.get(REASON_TEXT_HEADER))).toBe('Main did not answer');
    expect(onError).not.toHaveBeenCalled();
  });

  it('failed without a status where the host itself could not carry out the request', async () => {
    const { onError } = load();
    refuse(new Error('gone'));
    await toldOf(onError);
    expect(onError.mock.calls[0]?.[0]).toMatchObject({ code: 0 });
  });

  it('is cancelled when no answer came in time, and a late answer is dropped', async () => {
    const { onTimeout, calls } = load();
    await clock.advance(1000);
    expect(onTimeout).toHaveBeenCalledOnce();
    expect(cancelled).toEqual([asked[0]?.requestId]);
    answer({ kind: 'text', text: '#EXTM3U' });
    await Promise.resolve();
    expect(calls()).toBe(1);
  });

  it('that takes several requests gives each its own deadline, and is found at the address of the last one', async () => {
    const { onSuccess } = load();
    const master = '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nlist.m3u8?id=2';
    for (const [index, text] of [master, master, '#EXTM3U\n#EXT-X-TARGETDURATION:1'].entries()) {
      await vi.waitFor(() => expect(asked).toHaveLength(index + 1));
      await clock.advance(900);
      answer({ kind: 'text', text });
    }
    await toldOf(onSuccess);
    const url = 'app://holdfast/sites/main/gate/list.m3u8?id=2';
    expect(onSuccess.mock.calls[0]?.[0]).toMatchObject({ url });
    expect(new Set(asked.map(({ requestId }) => requestId)).size).toBe(3);
    expect(clock.pending()).toBe(0);
  });

  it('that cannot be played here is not given to hls.js', async () => {
    const { calls } = load({ ...CONTEXT, type: 'manifest' } as PlaylistLoaderContext);
    answer({ kind: 'text', text: '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1,CODECS="mp4a.40.2"\na.m3u8' });
    await vi.waitFor(() => expect(unplayable).toEqual(['no-video']));
    await clock.advance(5000);
    expect(calls()).toBe(0);
    expect(clock.pending()).toBe(0);
  });

  it('that cannot be played here is not held against the stream when the load was given up', async () => {
    const { loader } = load({ ...CONTEXT, type: 'manifest' } as PlaylistLoaderContext);
    loader.abort();
    answer({ kind: 'text', text: '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1,CODECS="mp4a.40.2"\na.m3u8' });
    await clock.advance(0);
    expect(unplayable).toEqual([]);
  });

  it.each(['abort', 'destroy'] as const)('is cancelled by %s, and hls.js gets no answer', async (end) => {
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
    frag: { encrypted: false, sn: 12 },
  } as unknown as LoaderContext;
  const BYTES = new Uint8Array([1, 2, 3, 4]);
  let wanted: Omit<MediaRequest, 'site'>[];
  /** Bytes that the player was given. */
  let taken: number;
  let isMadeOnDemand = false;
  /** Whether the player refuses media under a key. */
  let isRefused = false;
  let give: (answer: MediaAnswer) => void;

  /** The player adds 1 to each byte of clear media before it hands the media to hls.js. */
  function loadMedia(context: LoaderContext = SEGMENT) {
    wanted = [];
    taken = 0;
    const gateway = {
      playlist: () => new Promise<PlaylistAnswer>(() => {}),
      media: (request: Omit<MediaRequest, 'site'>) => {
        wanted.push(request);
        return new Promise<MediaAnswer>((resolve) => {
          give = resolve;
        });
      },
      cancel: (requestId: string) => cancelled.push(requestId),
    };
    const session = { isMadeOnDemand: () => isMadeOnDemand } as PlaylistSession;
    const Loader = createMediaLoader(clock, gateway, {
      siteUrl: 'app://holdfast/sites/main/',
      session,
      media: async (bytes) => {
        taken += bytes.length;
        return bytes.map((byte) => byte + 1);
      },
      encryptedMedia: async (bytes) => (isRefused ? null : bytes),
    });
    const callbacks = { onSuccess: vi.fn(), onError: vi.fn(), onTimeout: vi.fn(), onAbort: vi.fn() };
    const loader = new Loader();
    loader.load(context, CONFIGURATION, callbacks);
    return { Loader, loader, callbacks, ...callbacks };
  }

  it('made on request gets time to gather, and is not requested when the load was given up', async () => {
    isMadeOnDemand = true;
    const halfASecond = { ...SEGMENT, frag: { encrypted: false, sn: 12, duration: 0.5 } };
    const { Loader, callbacks } = loadMedia(halfASecond as unknown as LoaderContext);
    const [second, third] = [new Loader(), new Loader()];
    second.load(halfASecond as unknown as LoaderContext, CONFIGURATION, callbacks);
    third.load(halfASecond as unknown as LoaderContext, CONFIGURATION, callbacks);
    third.abort();
    isMadeOnDemand = false;
    await clock.advance(399);
    expect(wanted).toHaveLength(1);
    await clock.advance(1);
    expect(wanted).toHaveLength(2);
    expect(second.stats.loading.start).toBe(clock.now());
    await clock.advance(1000);
    expect(wanted).toHaveLength(2);
  });

  it('is requested by its path, its range and both deadlines', () => {
    loadMedia();
    const asked = {
      pathname: '/sites/main/gate/12.m4s?token=a',
      requestId: expect.any(String),
      deadlineMs: 3000,
      firstByteMs: 1000,
      expects: 'media',
    };
    expect(wanted).toEqual([{ ...asked, range: null }]);
    loadMedia({ ...SEGMENT, rangeStart: 100, rangeEnd: 150 });
    expect(wanted).toEqual([{ ...asked, range: { offset: 100, length: 50 } }]);
  });

  it.each([
    'app://holdfast/sites/south/api/ptz?move=left',
    'app://holdfast/sites/main2/12.m4s',
    'app://other/sites/main/12.m4s',
    'http://127.0.0.1/sites/main/12.m4s',
    'data:application/octet-stream;base64,AAAA',
  ])('outside of the site is not requested: %s', async (url) => {
    const { onError } = loadMedia({ ...SEGMENT, url });
    await toldOf(onError);
    const [error, , response] = onError.mock.calls[0] ?? [];
    expect([error.code, response.headers.get(REASON_HEADER)]).toEqual([403, 'not-allowed']);
    expect(wanted).toEqual([]);
  });

  it('arrives as the player returns it, with the times and the rate of its load', async () => {
    const { loader, onSuccess } = loadMedia();
    await clock.advance(50);
    give({ kind: 'bytes', bytes: BYTES, waitedMs: 30 });
    await toldOf(onSuccess);
    const [{ data }] = onSuccess.mock.calls[0] ?? [];
    expect([...new Uint8Array(data)]).toEqual([2, 3, 4, 5]);
    const { start, first, end } = loader.stats.loading;
    expect([first - start, end - start]).toEqual([30, 50]);
    expect(loader.stats).toMatchObject({ loaded: 4, bwEstimate: (4 * 8000) / 20 });
  });

  it('is not called slow for the time that it took to connect to its site', async () => {
    const { loader, onSuccess } = loadMedia();
    await clock.advance(900);
    give({ kind: 'bytes', bytes: BYTES, waitedMs: 850, connectMs: 800 });
    await toldOf(onSuccess);
    const { start, first, end } = loader.stats.loading;
    expect([first - start, end - start]).toEqual([50, 100]);
  });

  it.each([
    ['that is encrypted', { frag: { encrypted: true, sn: 12 } }, 'encrypted-media'],
    ['and a key', { frag: { encrypted: true, sn: 12 }, keyInfo: {} }, 'key'],
  ])('%s arrives unchanged', async (_words, more, expects) => {
    const { onSuccess } = loadMedia({ ...SEGMENT, ...more } as unknown as LoaderContext);
    give({ kind: 'bytes', bytes: BYTES, waitedMs: 30 });
    await toldOf(onSuccess);
    expect([...new Uint8Array(onSuccess.mock.calls[0]?.[0].data)]).toEqual([1, 2, 3, 4]);
    expect(wanted).toMatchObject([{ expects }]);
  });

  it('under a key that the player refuses is not given to hls.js', async () => {
    isRefused = true;
    const { onSuccess, onError } = loadMedia({
      ...SEGMENT,
      frag: { encrypted: true, sn: 12 },
    } as unknown as LoaderContext);
    give({ kind: 'bytes', bytes: BYTES, waitedMs: 30 });
    await clock.advance(0);
    isRefused = false;
    expect(onSuccess).not.toHaveBeenCalled();
    expect(onError).not.toHaveBeenCalled();
  });

  it('may take longer than the deadline of its first byte, but not longer than its own deadline', async () => {
    const { onTimeout } = loadMedia();
    await clock.advance(2900);
    expect(onTimeout).not.toHaveBeenCalled();
    await clock.advance(100);
    expect(onTimeout).toHaveBeenCalledOnce();
    expect(cancelled).toEqual([wanted[0]?.requestId]);
  });

  it('that is given up is cancelled and reported to hls.js, and the player does not get its late answer', async () => {
    const { loader, onAbort } = loadMedia();
    loader.abort();
    expect(cancelled).toEqual([wanted[0]?.requestId]);
    expect(onAbort).toHaveBeenCalledOnce();
    give({ kind: 'bytes', bytes: BYTES, waitedMs: 30 });
    await clock.advance(0);
    expect(taken).toBe(0);
  });
});
