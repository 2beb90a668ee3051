import { readFileSync } from 'node:fs';
import {
  ErrorDetails,
  ErrorTypes,
  Events,
  type FragmentLoaderContext,
  type HlsConfig,
  type LoaderConfiguration,
  type PlaylistLoaderContext,
} from 'hls.js';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Stream } from '../../shared/config/config.ts';
import { REASON_HEADER, REASON_TEXT_HEADER } from '../../shared/gateway/gateway-contract.ts';
import { VirtualClock } from '../../shared/testing/virtual-clock.ts';
import { FakeHls } from '../testing/fake-hls.ts';
import { FakeVideo } from '../testing/fake-video.ts';
import { CatchUpTurns } from './catch-up-turns.ts';
import { createHlsPlayerFactory } from './hls-player.ts';
import { LinkMeter } from './link-meter.ts';
import type { Player, PlayerOptions, PlayerReport } from './player.ts';

const STREAM: Stream = {
  id: 'main/main',
  siteId: 'main',
  siteName: 'Main',
  route: 'main',
  quality: 'main',
  path: 'gate/index.m3u8',
  variant: 'main',
};
const EPOCH_MS = Date.UTC(2031, 3, 9);

let clock: VirtualClock;
let video: FakeVideo;
let hls: FakeHls;
let reports: PlayerReport[];
let catchUpTurns: CatchUpTurns;
let linkMeter: LinkMeter;
/** What the site answers to each request of hls.js for a playlist or media. */
let served: { playlist: string; media: Uint8Array<ArrayBuffer> };
/** Answers to the next requests for media instead, in order. */
let inTurn: Uint8Array<ArrayBuffer>[];
let canShow: boolean;

beforeEach(() => {
  clock = new VirtualClock();
  video = new FakeVideo();
  catchUpTurns = new CatchUpTurns(clock, 1);
  linkMeter = new LinkMeter(clock);
  reports = [];
  served = { playlist: '', media: new Uint8Array(8) };
  inTurn = [];
  canShow = true;
  vi.stubGlobal('document', { createElement: () => video });
  vi.stubGlobal('location', { href: 'app://holdfast/index.html' });
});

function play(options: Partial<PlayerOptions> = {}): Player {
  const create = createHlsPlayerFactory({
    clock,
    catchUpTurns,
    linkMeter,
    canShow: () => canShow,
    gateway: {
      playlist: () => Promise.resolve({ kind: 'text', text: served.playlist }),
      media: () => Promise.resolve({ kind: 'bytes', bytes: inTurn.shift() ?? served.media, waitedMs: 1 }),
      cancel: () => {},
    },
    createHls: (config) => {
      hls = new FakeHls(config as HlsConfig);
      return hls.asHls();
    },
  });
  return create(
    STREAM,
    { startAtProgramDateTimeMs: null, latency: 'low', use: () => 'shown', ...options },
    (report) => reports.push(report),
  );
}

const LOAD = {
  loadPolicy: { maxTimeToFirstByteMs: 1000, maxLoadTimeMs: 1000, timeoutRetry: null, errorRetry: null },
} as LoaderConfiguration;

/** Lets hls.js load a playlist. @returns the text that hls.js is given; `null` where it gets no answer */
async function loadPlaylist(type: 'manifest' | 'level', text: string): Promise<string | null> {
  served.playlist = text;
  let given: string | null = null;
  const callbacks = {
    onSuccess: ({ data }: { data?: unknown }) => {
      given = data as string;
    },
    onError: () => {},
    onTimeout: () => {},
  };
  const { pLoader } = hls.config;
  if (pLoader === undefined) throw new Error('has no loader of playlists');
  const context = { type, url: hls.url, deliveryDirectives: null } as PlaylistLoaderContext;
  new pLoader(hls.config).load(context, LOAD, callbacks);
  await clock.advance(0);
  return given;
}

/** Lets hls.js load a segment. @returns the bytes that hls.js is given; empty where it gets no answer */
async function loadMedia(bytes: Uint8Array<ArrayBuffer>, frag: object = {}): Promise<Uint8Array> {
  served.media = bytes;
  let given = new Uint8Array();
  const callbacks = {
    onSuccess: ({ data }: { data?: unknown }) => {
      given = new Uint8Array(data as ArrayBuffer);
    },
    onError: () => {},
    onTimeout: () => {},
  };
  const whole = Object.assign(frag, { sn: 7, cc: 0, duration: 1, encrypted: false, ...frag });
  const context = { url: 'app://holdfast/sites/main/gate/7.ts', frag: whole, part: null };
  new hls.config.loader(hls.config).load(context as unknown as FragmentLoaderContext, LOAD, callbacks);
  await clock.advance(0);
  return given;
}

function fixture(name: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(new URL(`../../shared/media/fixtures/${name}`, import.meta.url)));
}

/** Appends a second of video that begins with its only key frame. */
function appends(startS: number, { sn = 20, cc = 0, listedS = startS, type = 'video' } = {}): void {
  const piece = { type, part: null, offset: startS };
  const init = { ...piece, frag: { sn: 'initSegment', cc }, data: fixture('cmaf-init.mp4') };
  const media = { ...piece, frag: { sn, cc, start: listedS, duration: 1 }, data: fixture('cmaf.m4s') };
  for (const data of [init, media]) hls.trigger(Events.BUFFER_APPENDING, data);
}

/**
 * Ten segments of 1 s up to number `endSN`. A segment's number is also the time at which it began, in seconds after the
 * epoch.
 */
function playlist(
  endSN: number,
  {
    dated = true,
    partTargetS = 0,
    partHoldBackS = 0,
    partList = null as object[] | null,
    canBlockReload = false,
    discontinuity = 0,
    targetS = 1,
  } = {},
): { requestScheduled: number } {
  const fragments = Array.from({ length: 10 }, (_, index) => ({
    sn: endSN - 9 + index,
    cc: discontinuity,
    start: endSN - 9 + index,
    duration: 1,
    programDateTime: dated ? EPOCH_MS + 1000 * (endSN - 9 + index) : null,
  }));
  hls.levels = [{}];
  const details = {
    fragments,
    totalduration: 10,
    fragmentStart: endSN - 9,
    requestScheduled: 5000,
    endCC: discontinuity,
    endSN,
    lastPartSn: endSN,
    lastPartIndex: -1,
    edge: endSN + 1,
    fragmentEnd: endSN + 1,
    targetduration: targetS,
    partTarget: partTargetS,
    partHoldBack: partHoldBackS,
    holdBack: 0,
    partList,
    canBlockReload,
  };
  hls.trigger(Events.LEVEL_UPDATED, { details });
  return details;
}

function fails(details: ErrorDetails, more: object = {}): void {
  hls.trigger(Events.ERROR, { type: ErrorTypes.NETWORK_ERROR, details, fatal: true, ...more });
}

const answered = (code: number, headers: Readonly<Record<string, string>> = {}) => ({
  response: { code },
  networkDetails: new Response(null, { headers }),
});
const segment = (sn: number) => ({ frag: { sn } });
const evidence = () => reports.filter((report) => report.type === 'evidence');

describe('errors as evidence', () => {
  it.each([
    ['a playlist without an answer', ErrorDetails.LEVEL_LOAD_TIMEOUT, {}, 'playlist', 'timeout'],
    ['a segment without an answer', ErrorDetails.FRAG_LOAD_TIMEOUT, segment(7), 'media', 'timeout'],
    ['a page instead of a playlist', ErrorDetails.MANIFEST_PARSING_ERROR, {}, 'playlist', 'not-a-playlist'],
    ['an empty playlist', ErrorDetails.LEVEL_EMPTY_ERROR, {}, 'playlist', 'no-media-yet'],
    ['403 for a key', ErrorDetails.KEY_LOAD_ERROR, { ...answered(403), ...segment(7) }, 'media', 'no-key'],
    ['503 for a playlist', ErrorDetails.LEVEL_LOAD_ERROR, answered(503), 'playlist', 'http-503'],
    [
      '404 for a segment',
      ErrorDetails.FRAG_LOAD_ERROR,
      { ...answered(404), ...segment(7) },
      'media',
      'http-404',
    ],
    [
      'an interrupted answer',
      ErrorDetails.FRAG_LOAD_ERROR,
      { ...answered(0), ...segment(7) },
      'media',
      'reset',
    ],
  ] as const)('include %s, at once', (_words, details, more, channel, cause) => {
    play();
    fails(details, more);
    expect(evidence()).toMatchObject([{ evidence: { channel, cause, sinceMs: clock.now() } }]);
  });

  it('carry the gateway’s reason and its words', () => {
    play();
    const words = 'the login at Main was refused (401); the next try is in 30 s';
    const headers = { [REASON_HEADER]: 'no-login', [REASON_TEXT_HEADER]: encodeURIComponent(words) };
    fails(ErrorDetails.LEVEL_LOAD_ERROR, answered(403, headers));
    expect(evidence()).toMatchObject([{ evidence: { cause: 'no-login' }, words }]);
  });

  it('do not include loads that hls.js gave up itself', () => {
    play();
    fails(ErrorDetails.INTERNAL_ABORTED, { ...segment(7), fatal: false });
    expect(reports).toEqual([]);
  });

  it('report media that cannot be parsed as not-media', () => {
    play();
    fails(ErrorDetails.FRAG_PARSING_ERROR, { type: ErrorTypes.MEDIA_ERROR, fatal: false });
    expect(evidence()).toMatchObject([{ evidence: { channel: 'media', cause: 'not-media' } }]);
  });

  it('do not include a segment whose parts are in the buffer', () => {
    play();
    const partList = [{ fragment: { sn: 20 }, loaded: true, start: 20, end: 20.3 }];
    playlist(20, { partTargetS: 0.333, partList });
    const unparsed = { type: ErrorTypes.MEDIA_ERROR, fatal: false };
    fails(ErrorDetails.FRAG_PARSING_ERROR, { ...unparsed, ...segment(20) });
    expect(evidence()).toEqual([]);
    fails(ErrorDetails.FRAG_PARSING_ERROR, { ...unparsed, ...segment(21) });
    expect(evidence()).toMatchObject([{ evidence: { cause: 'not-media' } }]);
  });

  it('wait for the first key frame while nothing of its discontinuity could be shown', async () => {
    play();
    playlist(20, { targetS: 3 });
    const unshown = (sn: number, cc: number, more: object = {}): void =>
      fails(ErrorDetails.FRAG_PARSING_ERROR, {
        type: ErrorTypes.MEDIA_ERROR,
        fatal: false,
        frag: { sn, cc },
        reason: `Found no media in msn ${sn} of main playlist`,
        ...more,
      });
    unshown(18, 0);
    hls.calls.length = 0;
    unshown(18, 0, { fatal: true });
    await clock.advance(2999);
    expect(hls.calls).toEqual([]);
    await clock.advance(1);
    expect(hls.calls).toEqual(['startLoad -1']);
    appends(19, { sn: 19 });
    unshown(21, 1);
    expect(evidence()).toEqual([]);
    unshown(20, 0);
    unshown(21, 1, { reason: 'Failed to find demuxer by probing fragment data' });
    expect(evidence().map(({ evidence: { cause } }) => cause)).toEqual(['not-media', 'not-media']);
  });

  it('report encrypted media that cannot be parsed as media without its key', () => {
    play();
    const frag = { sn: 7, encrypted: true };
    fails(ErrorDetails.FRAG_PARSING_ERROR, { type: ErrorTypes.MEDIA_ERROR, fatal: false, frag });
    expect(evidence()).toMatchObject([{ evidence: { channel: 'media', cause: 'no-key' } }]);
  });

  it('make the player fail when the decoder gave up, which is reported once', () => {
    play();
    fails(ErrorDetails.MEDIA_SOURCE_REQUIRES_RESET, { type: ErrorTypes.MEDIA_ERROR });
    fails(ErrorDetails.BUFFER_APPEND_ERROR, { type: ErrorTypes.MEDIA_ERROR });
    expect(reports).toEqual([{ type: 'failed', cause: 'decode' }]);
  });

  it('make the player fail, and end its loads, with a codec that this workstation does not have', () => {
    play();
    canShow = false;
    const mimeType = 'video/mp4;codecs=hvc1.1.6.L120.90';
    fails(ErrorDetails.BUFFER_ADD_CODEC_ERROR, { type: ErrorTypes.MEDIA_ERROR, mimeType });
    expect(reports).toEqual([{ type: 'failed', cause: 'codec-h265' }]);
    expect(hls.calls.at(-1)).toBe('stopLoad');
  });

  it('make the player fail with media that needs a DRM system', () => {
    play();
    fails(ErrorDetails.KEY_SYSTEM_NO_KEYS, { type: ErrorTypes.KEY_SYSTEM_ERROR, fatal: false });
    expect(reports).toEqual([{ type: 'failed', cause: 'encryption' }]);
  });

  it('do not include a stalled picture: the tile judges it by its frames', () => {
    play();
    fails(ErrorDetails.BUFFER_STALLED_ERROR, { type: ErrorTypes.MEDIA_ERROR });
    expect(reports).toEqual([]);
  });
});

describe('an initialisation section that the site replaced under its name', () => {
  const INIT = 'cmaf-init.mp4';
  const OTHER = 'h264-aac-init.mp4';
  /** Position of the first sample's size in the recorded segment, behind the type of its first trun box. */
  const FIRST_SAMPLE_SIZE = 20;
  const loadInit = () => loadMedia(fixture(INIT), { sn: 'initSegment' });
  const decoderGivesUp = async (): Promise<void> => {
    fails(ErrorDetails.MEDIA_SOURCE_REQUIRES_RESET, { type: ErrorTypes.MEDIA_ERROR });
    await clock.advance(0);
  };
  /** The key frame is half as long as in the recorded segment. */
  const halved = (): Uint8Array<ArrayBuffer> => {
    const media = Buffer.from(fixture('cmaf.m4s'));
    const size = media.indexOf('trun') + FIRST_SAMPLE_SIZE;
    media.writeUInt32BE(media.readUInt32BE(size) >> 1, size);
    return new Uint8Array(media);
  };

  it('ages the player, so that another one replaces it, when its decoder gave up', async () => {
    const player = play();
    await loadInit();
    playlist(20);
    video.present(clock.now(), 17.5);
    reports.length = 0;
    served.media = fixture(OTHER);
    await decoderGivesUp();
    expect(reports).toEqual([{ type: 'ageing' }]);
    expect(hls.calls.at(-1)).toBe('stopLoad');
    // The next player begins with the segment behind the newest picture, in which the other encoding begins.
    expect(player.programDateTimeMs(17.5)).toBe(EPOCH_MS + 18_000);
  });

  it('lets a player begin anew that has not shown a picture yet', async () => {
    play();
    await loadInit();
    served.media = fixture(OTHER);
    await decoderGivesUp();
    expect(reports.filter(({ type }) => type !== 'progress')).toEqual([]);
    expect(hls.calls.at(-1)).toMatch(/^loadSource /);
  });

  it('excuses media that cannot be parsed', async () => {
    play();
    await loadInit();
    playlist(20);
    video.present(clock.now(), 17.5);
    served.media = fixture(OTHER);
    fails(ErrorDetails.FRAG_PARSING_ERROR, { type: ErrorTypes.MEDIA_ERROR, ...segment(7), fatal: false });
    await clock.advance(0);
    expect(evidence()).toEqual([]);
    expect(reports.at(-1)).toEqual({ type: 'ageing' });
  });

  it('excuses nothing where the section is unchanged', async () => {
    play();
    await loadInit();
    served.media = fixture(INIT);
    fails(ErrorDetails.FRAG_PARSING_ERROR, { type: ErrorTypes.MEDIA_ERROR, ...segment(7), fatal: false });
    await decoderGivesUp();
    expect(evidence()).toMatchObject([{ evidence: { channel: 'media', cause: 'not-media' } }]);
    expect(reports.at(-1)).toEqual({ type: 'failed', cause: 'decode' });
  });

  it('is given to hls.js before its media when the length of the key frame has changed', async () => {
    play();
    await loadInit();
    playlist(20);
    const initSegment = { url: 'app://holdfast/init.mp4', relurl: 'init.mp4', data: fixture(INIT) };
    await loadMedia(fixture('cmaf.m4s'), { initSegment });
    inTurn = [halved(), fixture(OTHER)];
    const frag = { sn: 8, cc: 0, duration: 1, encrypted: false, initSegment };
    expect(await loadMedia(halved(), frag)).not.toHaveLength(0);
    const data = expect.objectContaining({ length: fixture(OTHER).length });
    expect(initSegment.data).toEqual(data);
    expect(frag.initSegment).toEqual({ url: 'app://holdfast/init.mp4#', relurl: 'init.mp4', data });
  });

  it('is not requested behind a key frame of the same length', async () => {
    play();
    await loadInit();
    const initSegment = { data: fixture(INIT) };
    await loadMedia(fixture('cmaf.m4s'), { initSegment });
    inTurn = [fixture('cmaf.m4s'), fixture(OTHER)];
    expect(await loadMedia(fixture('cmaf.m4s'), { sn: 8, initSegment })).not.toHaveLength(0);
    expect(initSegment.data).toHaveLength(fixture(INIT).length);
  });
});

describe('a load that failed', () => {
  it('is tried again every 500 ms, however many errors come meanwhile', async () => {
    play();
    playlist(20);
    hls.calls.length = 0;
    for (const details of [ErrorDetails.LEVEL_LOAD_ERROR, ErrorDetails.LEVEL_LOAD_TIMEOUT])
      fails(details, answered(503));
    await clock.advance(499);
    expect(hls.calls).toEqual([]);
    await clock.advance(1);
    expect(hls.calls).toEqual(['startLoad -1']);
    fails(ErrorDetails.LEVEL_LOAD_ERROR, answered(503));
    await clock.advance(5000);
    expect(hls.calls).toEqual(['startLoad -1', 'startLoad -1']);
  });

  it('is tried from the beginning while there is no playlist yet', async () => {
    play();
    fails(ErrorDetails.MANIFEST_LOAD_ERROR, answered(503));
    await clock.advance(500);
    const load = 'loadSource app://holdfast/sites/main/gate/index.m3u8';
    expect(hls.calls).toEqual(['attachMedia', load, load]);
  });

  it('is tried at the live position while there is no media: hls.js would start where the playlist begins', async () => {
    play();
    playlist(20);
    hls.liveSyncPosition = 18.2;
    fails(ErrorDetails.FRAG_LOAD_ERROR, { ...answered(503), ...segment(18) });
    await clock.advance(500);
    expect(hls.calls.at(-1)).toBe('startLoad 18.2');
    appends(18, { sn: 18 });
    fails(ErrorDetails.FRAG_LOAD_ERROR, { ...answered(503), ...segment(19) });
    await clock.advance(500);
    expect(hls.calls.at(-1)).toBe('startLoad -1');
  });

  it('is not tried again by a player that has failed', async () => {
    const player = play();
    playlist(20);
    fails(ErrorDetails.FRAG_LOAD_ERROR, { ...answered(503), ...segment(7) });
    fails(ErrorDetails.MEDIA_SOURCE_REQUIRES_RESET, { type: ErrorTypes.MEDIA_ERROR });
    await clock.advance(0);
    hls.calls.length = 0;
    fails(ErrorDetails.FRAG_LOAD_ERROR, { ...answered(503), ...segment(8) });
    player.goLive();
    await clock.advance(5000);
    expect(hls.calls).toEqual([]);
  });

  it('is left to hls.js while hls.js still tries', async () => {
    play();
    playlist(20);
    hls.calls.length = 0;
    fails(ErrorDetails.FRAG_LOAD_ERROR, { ...answered(503), ...segment(7), fatal: false });
    await clock.advance(5000);
    expect(hls.calls).toEqual([]);
  });
});

describe('a segment that is missing', () => {
  const goesOnBehind = (): boolean => hls.config.fragLoadPolicy.default.errorRetry !== null;

  it('is skipped when it is missing a second time', () => {
    play();
    playlist(20);
    expect(goesOnBehind()).toBe(false);
    fails(ErrorDetails.FRAG_LOAD_ERROR, { ...answered(404), ...segment(20) });
    expect(goesOnBehind()).toBe(true);
    fails(ErrorDetails.FRAG_LOAD_ERROR, { ...answered(404), ...segment(20), fatal: false });
    expect(goesOnBehind()).toBe(false);
  });

  it('may still come: then the next missing one gets a second try of its own', () => {
    play();
    playlist(20);
    fails(ErrorDetails.FRAG_LOAD_ERROR, { ...answered(404), ...segment(20) });
    const loaded = { duration: 1, stats: { loading: { start: 0, end: 10 } } };
    hls.trigger(Events.FRAG_LOADED, { frag: { sn: 20, ...loaded }, part: null, payload: { byteLength: 9 } });
    expect(goesOnBehind()).toBe(false);
  });

  it('keeps its deadlines', () => {
    play();
    playlist(20);
    const before = hls.config.fragLoadPolicy.default;
    fails(ErrorDetails.FRAG_LOAD_ERROR, { ...answered(404), ...segment(20) });
    const { maxTimeToFirstByteMs, maxLoadTimeMs } = hls.config.fragLoadPolicy.default;
    expect({ maxTimeToFirstByteMs, maxLoadTimeMs }).toEqual({
      maxTimeToFirstByteMs: before.maxTimeToFirstByteMs,
      maxLoadTimeMs: before.maxLoadTimeMs,
    });
  });

  it.each([0, 500, 503])(
    'is not assumed from the answer %i: the site may be back at any moment',
    (status) => {
      play();
      playlist(20);
      fails(ErrorDetails.FRAG_LOAD_ERROR, { ...answered(status), ...segment(20) });
      expect(goesOnBehind()).toBe(false);
    },
  );
});

describe('a part that is missing', () => {
  const part = (index: number, independent: boolean) => ({
    fragment: { sn: 21 },
    index,
    independent,
    start: 21 + index / 4,
    end: 21.25 + index / 4,
    duration: 0.25,
    elementaryStreams: { audio: null, video: null as object | null, audiovideo: null },
    get loaded() {
      return this.elementaryStreams.video !== null;
    },
  });
  const listed = (count: number) => Array.from({ length: count }, (_, index) => part(index, index === 0));
  const isMissing = (lost: object, status = 404): void =>
    fails(ErrorDetails.FRAG_LOAD_ERROR, { ...answered(status), ...segment(21), part: lost, fatal: false });

  it('is evidence, and is skipped from then on and in each new playlist', () => {
    play();
    const parts = listed(2);
    playlist(20, { partTargetS: 0.25, partList: parts });
    isMissing(part(1, false));
    expect(evidence()).toMatchObject([{ evidence: { channel: 'media', cause: 'http-404' } }]);
    expect(parts.map(({ loaded }) => loaded)).toEqual([false, true]);
    const next = listed(3);
    playlist(20, { partTargetS: 0.25, partList: next });
    expect(next.map(({ loaded }) => loaded)).toEqual([false, true, true]);
  });

  it('ends no load, and does not count as late', async () => {
    const player = play();
    playlist(20, { partTargetS: 0.25, partList: listed(2) });
    hls.trigger(Events.FRAG_LOADING, { frag: { sn: 21 }, part: part(1, false) });
    hls.calls.length = 0;
    isMissing(part(1, false));
    await clock.advance(5000);
    expect(hls.calls).toEqual([]);
    expect(player.mediaIsLate()).toBe(false);
  });

  it('is not assumed from the answer 503', () => {
    play();
    const parts = listed(2);
    playlist(20, { partTargetS: 0.25, partList: parts });
    isMissing(part(1, false), 503);
    expect(parts.some(({ loaded }) => loaded)).toBe(false);
  });
});

describe('a hole in the media', () => {
  beforeEach(() => {
    play();
    playlist(20);
    Object.assign(video, { currentTime: 17, bufferedFromS: 15, bufferedToS: 18, behindHole: [18.5, 19] });
  });
  const buffers = (): void => hls.trigger(Events.FRAG_BUFFERED, { frag: { sn: 20 }, part: null });

  it('is skipped when the last picture before it is on the screen', () => {
    buffers();
    video.present(clock.now(), 17.8);
    expect(video.currentTime).toBe(17);
    video.present(clock.now(), 17.93);
    expect(video.currentTime).toBe(18.5);
  });

  it('is skipped as soon as there is media behind it', () => {
    video.behindHole = null;
    video.currentTime = 17.97;
    buffers();
    expect(video.currentTime).toBe(17.97);
    video.behindHole = [18.5, 19];
    buffers();
    expect(video.currentTime).toBe(18.5);
  });

  it('is skipped when the picture waits in it', () => {
    video.currentTime = 18.2;
    video.emit('waiting');
    expect(video.currentTime).toBe(18.5);
  });

  it('is not skipped by a picture that seeks, or is past it', () => {
    Object.assign(video, { currentTime: 17.97, seeking: true });
    buffers();
    expect(video.currentTime).toBe(17.97);
    Object.assign(video, { currentTime: 18.6, seeking: false });
    buffers();
    expect(video.currentTime).toBe(18.6);
  });

  it('counts for hls.js as media ahead up to two target durations, so that it does not load skipped media', () => {
    expect(hls.config.maxBufferHole).toBe(2);
  });

  it('is followed by a slower pace, so that the picture does not stay too close to the live edge', () => {
    Object.assign(hls, { targetLatency: 1, latency: 1 });
    buffers();
    video.emit('timeupdate');
    expect(video.playbackRate).toBe(1);
    video.present(clock.now(), 17.97);
    hls.latency = 0.5;
    video.emit('timeupdate');
    expect(video.playbackRate).toBe(0.9);
  });
});

describe('the start position', () => {
  it('is the shown picture’s moment, where the playlist contains it', () => {
    play({ startAtProgramDateTimeMs: EPOCH_MS + 15_500 });
    hls.liveSyncPosition = 18;
    playlist(20);
    expect(hls.calls.slice(-2)).toEqual(['stopLoad', 'startLoad 15.5']);
  });

  it('is no closer to the live edge than a segment and a cushion', () => {
    play({ startAtProgramDateTimeMs: EPOCH_MS + 20_900 });
    playlist(20);
    expect(hls.calls.at(-1)).toBe('startLoad 19.65');
  });

  it('may be as close as two parts', () => {
    play({ startAtProgramDateTimeMs: EPOCH_MS + 20_900 });
    playlist(20, { partTargetS: 0.25 });
    expect(hls.calls.at(-1)).toBe('startLoad 20.5');
  });

  it.each([
    ['the playlist is past that moment', { startAtProgramDateTimeMs: EPOCH_MS + 2000 }, true],
    ['there are no date-times', { startAtProgramDateTimeMs: EPOCH_MS + 15_500 }, false],
    ['there is no shown picture', {}, true],
  ] as const)('is the live position where %s', (_words, options, dated) => {
    play(options);
    hls.liveSyncPosition = 18;
    playlist(20, { dated });
    expect(hls.calls.at(-1)).toBe('startLoad 18');
  });

  it('is too close to the live edge in a short playlist: the picture falls back', () => {
    play();
    Object.assign(hls, { targetLatency: 12, latency: 10 });
    Object.assign(video, { currentTime: 12, bufferedToS: 20 });
    playlist(20);
    video.emit('timeupdate');
    expect(video.playbackRate).toBe(0.9);
    hls.latency = 12;
    video.emit('timeupdate');
    expect(video.playbackRate).toBe(1);
  });

  it('is chosen once', () => {
    play();
    hls.liveSyncPosition = 18;
    playlist(20);
    hls.calls.length = 0;
    playlist(21);
    expect(hls.calls).toEqual([]);
  });
});

describe('the start position in a stream with key frames far apart', () => {
  const without = (sn: number) => loadMedia(fixture('h264-no-key-frame.ts'), { sn, start: sn });
  beforeEach(() => {
    play();
    hls.liveSyncPosition = 18.2;
    playlist(20);
  });

  it('is at the nearest earlier key frame, and the picture goes to its own place as soon as there is media', async () => {
    expect(await without(18)).toHaveLength(0);
    expect(hls.calls.at(-1)).toBe('startLoad 17.5');
    expect(await without(17)).toHaveLength(0);
    expect(hls.calls.at(-1)).toBe('startLoad 16.5');
    expect((await loadMedia(fixture('h264-aac.ts'), { sn: 16, start: 16 })).length).toBeGreaterThan(0);
    for (const sn of [16, 17, 18]) {
      appends(sn, { sn });
      Object.assign(video, { bufferedFromS: 16, bufferedToS: sn + 1, currentTime: 16.5 });
      hls.trigger(Events.FRAG_BUFFERED, { frag: { sn }, part: null });
      expect(video.currentTime).toBe(sn === 18 ? 18.2 : 16.5);
    }
    Object.assign(video, { bufferedToS: 22, currentTime: 17 });
    hls.trigger(Events.FRAG_BUFFERED, { frag: { sn: 21 }, part: null });
    expect(video.currentTime).toBe(17);
  });

  it('shows no picture before its own place, and loads everything in between', async () => {
    const usualS = hls.config.maxBufferLength;
    await without(18);
    appends(16, { sn: 16 });
    Object.assign(video, { bufferedFromS: 16, bufferedToS: 17, currentTime: 16 });
    hls.trigger(Events.FRAG_BUFFERED, { frag: { sn: 16 }, part: null });
    video.present(clock.now(), 16);
    expect(hls.config.maxBufferLength).toBeCloseTo(usualS + 2.2);
    Object.assign(video, { bufferedToS: 19 });
    hls.trigger(Events.FRAG_BUFFERED, { frag: { sn: 18 }, part: null });
    expect(hls.config.maxBufferLength).toBe(usualS);
    expect(reports.filter(({ type }) => type === 'frame')).toEqual([]);
    video.present(clock.now(), 18.2);
    expect(reports.filter(({ type }) => type === 'frame')).toHaveLength(1);
  });

  it('is at the next key frame that comes, where the playlist has none', async () => {
    for (let sn = 18; sn >= 11; sn -= 1) await without(sn);
    await without(19);
    await without(20);
    hls.calls.length = 0;
    playlist(20);
    expect(hls.calls).toEqual([]);
    playlist(21);
    expect(hls.calls).toEqual(['startLoad 21.5']);
    expect(evidence()).toEqual([]);
  });

  it('waits at a key frame that has just come for the next segment, so that the picture does not stall', async () => {
    for (let sn = 18; sn >= 11; sn -= 1) await without(sn);
    await without(19);
    appends(20, { sn: 20 });
    Object.assign(video, { bufferedFromS: 20.6, bufferedToS: 21 });
    hls.trigger(Events.FRAG_BUFFERED, { frag: { sn: 20 }, part: null });
    expect(video.paused).toBe(true);
    video.currentTime = 20.6;
    video.present(clock.now(), 20.6);
    expect(reports.filter(({ type }) => type === 'frame')).toEqual([]);
    video.bufferedToS = 22;
    hls.trigger(Events.FRAG_BUFFERED, { frag: { sn: 21 }, part: null });
    expect(video).toMatchObject({ paused: false, currentTime: 20.6 });
    video.present(clock.now(), 20.64);
    expect(reports.filter(({ type }) => type === 'frame')).toHaveLength(1);
  });

  it('is searched for again behind a hole, from where the picture continues', async () => {
    await loadMedia(fixture('h264-aac.ts'), { sn: 16, start: 16 });
    appends(16, { sn: 16 });
    expect(await without(18)).toHaveLength(0);
    expect(hls.calls.at(-1)).toBe('startLoad 19.5');
    expect(evidence()).toEqual([]);
  });

  it('is not searched for in media that follows what hls.js already has', async () => {
    expect((await loadMedia(fixture('h264-aac.ts'), { sn: 18, start: 18 })).length).toBeGreaterThan(0);
    expect((await without(19)).length).toBeGreaterThan(0);
  });
});

describe('loaded parts that hls.js forgot', () => {
  const part = (start: number, loaded: boolean) => ({ start, end: start + 0.25, loaded, gap: false });
  /** The second part was loaded and is in the buffer, the last one is new. */
  const newPlaylist = (endSN: number) => {
    const parts = [part(20.5, true), part(20.75, false), part(21, false)];
    playlist(endSN, { partTargetS: 0.25, partList: parts });
    return parts.map(({ gap }) => gap);
  };
  const asks = (): void => {
    hls.trigger(Events.FRAG_LOADING, { frag: { sn: 20 }, part: { duration: 0.25 } });
    hls.trigger(Events.FRAG_LOADED, {
      frag: { sn: 20 },
      part: { duration: 0.25, stats: { loading: { start: 0, end: 10 } } },
      payload: new ArrayBuffer(8),
    });
  };
  beforeEach(() => {
    play();
    playlist(20, { partTargetS: 0.25 });
    video.bufferedFromS = 15;
    video.bufferedToS = 20.999_999;
    asks();
  });

  it('are skipped with the second playlist after which nothing is requested', () => {
    expect(newPlaylist(21)).toEqual([false, false, false]);
    expect(newPlaylist(22)).toEqual([false, true, false]);
  });

  it('are left alone while media is requested or being loaded', () => {
    for (let sn = 21; sn < 25; sn += 1) {
      expect(newPlaylist(sn)).toEqual([false, false, false]);
      asks();
    }
    hls.trigger(Events.FRAG_LOADING, { frag: { sn: 21 }, part: { duration: 0.25 } });
    for (let sn = 25; sn < 28; sn += 1) expect(newPlaylist(sn)).toEqual([false, false, false]);
  });
});

describe('media behind the picture', () => {
  let removed: object[];
  const loads = (): void => hls.trigger(Events.FRAG_LOADING, { frag: { sn: 20 }, part: { duration: 0.25 } });
  const buffers = (): void => hls.trigger(Events.FRAG_BUFFERED, { frag: { sn: 20 }, part: null });
  beforeEach(() => {
    play();
    removed = [];
    hls.on(Events.BUFFER_FLUSHING, (_event, data) => removed.push(data as object));
    playlist(30);
    Object.assign(video, { currentTime: 29.6, bufferedFromS: 20, bufferedToS: 31 });
  });

  it('is removed up to a key frame except for the last seconds, and not by hls.js itself', () => {
    for (let startS = 20; startS <= 30; startS += 1) appends(startS);
    buffers();
    expect(removed).toEqual([{ startOffset: 0, endOffset: 24.9, type: null }]);
    video.bufferedFromS = 25;
    buffers();
    expect(removed).toHaveLength(1);
    expect(hls.config.backBufferLength).toBe(Number.POSITIVE_INFINITY);
  });

  it('is judged by the key frames that were appended since the player began anew', async () => {
    const player = play();
    const removals: unknown[] = [];
    hls.on(Events.BUFFER_FLUSHING, (_event, data) => removals.push(data));
    await loadPlaylist(
      'manifest',
      '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1,RESOLUTION=320x180\na.m3u8\n#EXT-X-STREAM-INF:BANDWIDTH=2,RESOLUTION=640x360\nb.m3u8',
    );
    playlist(30);
    for (let startS = 20; startS <= 30; startS += 1) appends(startS);
    player.setVariant('sub');
    playlist(30);
    video.currentTime = 30;
    video.bufferedFromS = 20;
    hls.trigger(Events.FRAG_BUFFERED, { frag: { sn: 30 } });
    expect(removals).toEqual([]);
  });

  it('stays where the picture on the screen could not be decoded without it', () => {
    appends(20);
    buffers();
    expect(removed).toEqual([]);
  });

  it('stays while media is being loaded: hls.js would forget that media', () => {
    for (let startS = 20; startS <= 30; startS += 1) appends(startS);
    loads();
    buffers();
    expect(removed).toEqual([]);
  });
});

describe('a clock that jumps', () => {
  it('ages the player once, while the media before the jump still plays', () => {
    play();
    playlist(20);
    appends(20);
    expect(reports.filter(({ type }) => type === 'ageing')).toEqual([]);
    appends(3621, { listedS: 21, sn: 21 });
    appends(7222, { listedS: 22, sn: 22 });
    expect(reports.filter(({ type }) => type === 'ageing')).toEqual([{ type: 'ageing' }]);
  });

  it('only in the audio does not count', () => {
    play();
    playlist(20);
    appends(3620, { listedS: 20, type: 'audio' });
    expect(reports.filter(({ type }) => type === 'ageing')).toEqual([]);
  });
});

describe('what hls.js is given', () => {
  const MASTER = [
    '#EXTM3U',
    '#EXT-X-STREAM-INF:BANDWIDTH=1,RESOLUTION=320x180\nsmall.m3u8',
    '#EXT-X-STREAM-INF:BANDWIDTH=2,RESOLUTION=640x360\nlarge.m3u8',
  ].join('\n');

  it('is the variant that fits the tile, and before there is a picture a new variant as soon as that changes', async () => {
    const player = play();
    expect(await loadPlaylist('manifest', MASTER)).toMatch(/large/);
    player.setVariant('sub');
    expect(hls.calls.at(-1)).toBe('loadSource app://holdfast/sites/main/gate/index.m3u8');
    expect(await loadPlaylist('manifest', MASTER)).toMatch(/small/);
    expect(reports).toEqual([]);
  });

  it('stays the same once there is a picture: another player shows the new variant before this one is removed', async () => {
    const player = play();
    await loadPlaylist('manifest', MASTER);
    video.present(clock.now(), 18);
    reports = [];
    hls.calls.length = 0;
    player.setVariant('main');
    expect(reports).toEqual([]);
    player.setVariant('sub');
    expect(reports).toEqual([{ type: 'ageing' }]);
    expect(hls.calls).toEqual([]);
  });

  it('is refused without evidence after the session has ended, until the playlist has renewed the session', async () => {
    play();
    await loadPlaylist('manifest', MASTER);
    playlist(20);
    reports = [];
    hls.calls.length = 0;
    const refused = (): void => fails(ErrorDetails.FRAG_LOAD_ERROR, { ...answered(401), ...segment(7) });
    refused();
    refused();
    expect(evidence()).toEqual([]);
    expect(hls.calls).toEqual(['stopLoad', 'startLoad -1']);
    playlist(21);
    refused();
    expect(evidence()).toMatchObject([{ evidence: { channel: 'media', cause: 'http-401' } }]);
  });

  it('is refused without evidence where the key is that of an ended session', async () => {
    play();
    await loadPlaylist('manifest', MASTER);
    playlist(20);
    reports = [];
    hls.calls.length = 0;
    const refused = (): void => fails(ErrorDetails.KEY_LOAD_ERROR, { ...answered(403), ...segment(7) });
    refused();
    expect(evidence()).toEqual([]);
    expect(hls.calls).toEqual(['stopLoad', 'startLoad -1']);
    playlist(21);
    refused();
    expect(evidence()).toMatchObject([{ evidence: { channel: 'media', cause: 'no-key' } }]);
  });

  it('is refused with evidence where the session is not renewed in time', async () => {
    play();
    await loadPlaylist('manifest', MASTER);
    playlist(20);
    reports = [];
    const refused = (): void => fails(ErrorDetails.FRAG_LOAD_ERROR, { ...answered(403), ...segment(7) });
    refused();
    await clock.advance(3000);
    refused();
    expect(evidence()).toMatchObject([{ evidence: { channel: 'media', cause: 'http-403' } }]);
  });

  it('is nothing where no variant has video', async () => {
    play();
    const sound = '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1,CODECS="mp4a.40.2"\na.m3u8';
    expect(await loadPlaylist('manifest', sound)).toBeNull();
    expect(reports).toEqual([{ type: 'failed', cause: 'no-video' }]);
  });

  it('is only the video, and no media without video', async () => {
    play();
    await loadMedia(fixture('h264-aac-init.mp4'), { sn: 'initSegment' });
    const given = await loadMedia(fixture('h264-aac.m4s'));
    expect(Buffer.from(given).toString('latin1').match(/traf/g)).toHaveLength(1);
    expect(reports).toEqual([]);
    expect(await loadMedia(fixture('aac-only.ts'), { sn: 8, cc: 1 })).toHaveLength(0);
    expect(reports).toEqual([{ type: 'failed', cause: 'no-video' }]);
    expect(hls.calls.at(-1)).toBe('stopLoad');
  });

  it('is unchanged while the playlist names a key', async () => {
    play();
    await loadPlaylist('manifest', '#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXT-X-KEY:METHOD=AES-128,URI="k"');
    const init = fixture('h264-aac-init.mp4');
    expect(await loadMedia(init.slice(), { sn: 'initSegment' })).toEqual(init);
  });

  it('seems to have its sound elsewhere, so that hls.js drops the rest of the sound', () => {
    play();
    const switched: unknown[] = [];
    hls.on(Events.AUDIO_TRACK_SWITCHED, (_event, data) => switched.push(data));
    hls.trigger(Events.MANIFEST_PARSED, {});
    expect(switched).toMatchObject([{ type: 'AUDIO', url: 'elsewhere:' }]);
  });
});

describe('goLive', () => {
  it('jumps within the buffered media when the target is near, so that the picture continues at once', () => {
    const player = play();
    playlist(30);
    appends(20);
    hls.liveSyncPosition = 30;
    Object.assign(video, { currentTime: 25, bufferedFromS: 20, bufferedToS: 28.3 });
    player.goLive();
    expect(video.currentTime).toBeCloseTo(28);
    expect(hls.calls.at(-1)).toBe('startLoad -1');
    expect(video.calls).toEqual(['play']);
  });

  it('jumps to the live position when that is far away', () => {
    const player = play();
    playlist(90);
    hls.liveSyncPosition = 90;
    Object.assign(video, { currentTime: 25, bufferedFromS: 20, bufferedToS: 28.3 });
    player.goLive();
    expect(video.currentTime).toBe(90);
  });

  it('loads at the live position while there is no media: hls.js would start where the playlist begins', () => {
    const player = play();
    playlist(20);
    hls.liveSyncPosition = 18.2;
    player.goLive();
    expect(hls.calls.at(-1)).toBe('startLoad 18.2');
  });

  it('requests the playlist anew before the first one came, which may have been requested before the standstill', () => {
    const player = play();
    const begins = hls.calls.at(-1);
    player.goLive();
    expect(hls.calls.slice(-2)).toEqual([begins, begins]);
  });
});

describe('a picture from before a jump to the live edge', () => {
  it('is not reported as live: its distance behind the live edge is not known before a playlist has come', () => {
    const player = play();
    const details = playlist(20);
    video.present(clock.now(), 18.5);
    hls.calls.length = 0;
    player.goLive();
    expect(player.behindLiveMs()).toBeNull();
    // An answer to an earlier request does not count, and the next request is sent at once.
    expect(hls.calls).toEqual(['stopLoad', 'startLoad -1']);
    expect(details.requestScheduled).toBe(-1);
    playlist(60);
    expect(player.behindLiveMs()).toBe(42_500);
  });

  it('is not reported as live where the server restarts its numbering: its place does not say how old it is', () => {
    const player = play();
    playlist(20);
    video.present(clock.now(), 20.5);
    playlist(30, { discontinuity: 1 });
    expect(player.behindLiveMs()).toBeNull();
    video.present(clock.now(), 29);
    expect(player.behindLiveMs()).toBe(2000);
    playlist(31, { discontinuity: 1 });
    expect(player.behindLiveMs()).toBe(3000);
  });
});

describe('a picture that the browser paused', () => {
  it('continues when media comes', () => {
    play();
    playlist(20);
    const buffers = (): void => hls.trigger(Events.FRAG_BUFFERED, { frag: { sn: 20 }, part: null });
    buffers();
    expect(video.calls).toEqual([]);
    video.paused = true;
    buffers();
    expect(video.calls).toEqual(['play']);
  });
});

describe('a playlist with an EXT-X-ENDLIST', () => {
  const ended = (sn: number): string =>
    `#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n${sn}.ts\n#EXT-X-ENDLIST`;
  const answers = async (sn: number, type: 'manifest' | 'level' = 'level'): Promise<void> => {
    await loadPlaylist(type, ended(sn));
    playlist(sn);
  };

  it('is evidence each time that it is requested and nothing has followed', async () => {
    play();
    await answers(20, 'manifest');
    expect(evidence()).toEqual([]);
    await answers(20);
    await answers(20);
    expect(evidence().map(({ evidence: { cause } }) => cause)).toEqual(['ended', 'ended']);
  });

  it('is continued by some servers', async () => {
    play();
    await answers(20, 'manifest');
    await answers(21);
    expect(evidence()).toEqual([]);
    // Requested again before the next segment is there.
    await answers(21);
    expect(evidence()).toEqual([]);
  });
});

describe('what the player measures', () => {
  it('uses the longest segment as target duration, for deadlines and distances too', async () => {
    const player = play();
    await loadPlaylist('manifest', '#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:5.4,\n20.ts');
    playlist(20, { targetS: 5 });
    expect(player.targetDurationMs()).toBe(5400);
    expect(hls.config.fragLoadPolicy.default.maxTimeToFirstByteMs).toBe(7500);
    playlist(21, { targetS: 6 });
    expect(hls.config.playlistLoadPolicy.default.maxTimeToFirstByteMs).toBe(9000);
  });

  it('reports the live edge by the server’s own numbers', async () => {
    play();
    const counted = (from: number): string =>
      `#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXT-X-MEDIA-SEQUENCE:${from}\n#EXTINF:1,\n${from}.ts`;
    await loadPlaylist('manifest', counted(20));
    playlist(20);
    await loadPlaylist('level', counted(3));
    playlist(21, { discontinuity: 1 });
    expect(reports.findLast(({ type }) => type === 'proof')).toMatchObject({ edge: { sequence: 3 } });
  });

  it('reports a live edge that moved, but neither the first one nor one that went back', () => {
    play();
    playlist(20);
    playlist(20);
    playlist(19);
    expect(reports.filter(({ type }) => type === 'proof')).toEqual([]);
    playlist(21);
    expect(reports.filter(({ type }) => type === 'proof')).toEqual([
      { type: 'proof', channel: 'playlist', edge: { sequence: 21, part: null } },
    ]);
  });

  it('says how long the playlist has not been answered, beyond the time that the site may delay it', async () => {
    const player = play();
    const asks = () => hls.trigger(Events.LEVEL_LOADING, {});
    asks();
    await clock.advance(300);
    expect(player.playlistLoads().unansweredMs).toBe(300);
    playlist(20, { partTargetS: 0.2, canBlockReload: true });
    await clock.advance(300);
    expect(player.playlistLoads().unansweredMs).toBe(0);
    asks();
    await clock.advance(300);
    expect(player.playlistLoads().unansweredMs).toBe(100);
    fails(ErrorDetails.LEVEL_LOAD_TIMEOUT);
    expect(player.playlistLoads().unansweredMs).toBe(0);
  });

  it('says how long the live edge had been stalled when the playlist was last answered', async () => {
    const player = play();
    playlist(20);
    await clock.advance(1000);
    playlist(20);
    await clock.advance(300);
    expect(player.playlistLoads().unmovedMs).toBe(1000);
    playlist(21);
    expect(player.playlistLoads().unmovedMs).toBe(0);
  });

  it('adds the time since the live edge’s last move to the distance behind it', async () => {
    const player = play();
    playlist(20);
    expect(player.behindLiveMs()).toBeNull();
    video.present(clock.now(), 18.5);
    expect(player.behindLiveMs()).toBe(2500);
    await clock.advance(4000);
    playlist(20);
    expect(player.behindLiveMs()).toBe(6500);
  });

  it('has no media ahead where the picture is outside of its media', () => {
    const player = play();
    Object.assign(video, { currentTime: 5, bufferedFromS: 6, bufferedToS: 9 });
    expect(player.bufferAheadMs()).toBe(0);
    video.currentTime = 6.5;
    expect(player.bufferAheadMs()).toBe(2500);
  });

  it('has no media ahead once its decoder has given up: the buffered media will not be shown', () => {
    const player = play();
    Object.assign(video, { currentTime: 5, bufferedFromS: 4, bufferedToS: 9 });
    video.error = { code: 3 };
    expect(player.bufferAheadMs()).toBe(0);
  });

  it('knows the date of a picture by its segment', () => {
    const player = play();
    playlist(20);
    expect(player.programDateTimeMs(15.25)).toBe(EPOCH_MS + 15_250);
    expect(player.programDateTimeMs(3)).toBeNull();
  });

  it('calls media late that takes longer to load than to play', async () => {
    const player = play();
    playlist(20);
    hls.trigger(Events.FRAG_LOADING, { frag: { sn: 20, duration: 1 }, part: null });
    await clock.advance(1000);
    expect(player.mediaIsLate()).toBe(false);
    await clock.advance(1);
    expect(player.mediaIsLate()).toBe(true);
  });
});

describe('on a workstation without time for low latency', () => {
  const PARTS = { partTargetS: 0.333, partList: [] };

  it('begins with whole segments, a cushion of two seconds behind the segment that is being made', () => {
    const player = play({ latency: 'relaxed' });
    playlist(20, PARTS);
    expect(hls.config.lowLatencyMode).toBe(false);
    expect(hls.targetLatency).toBe(3);
    expect(player.isRelaxed()).toBe(true);
  });

  it('aligns its start no closer to the live edge than a whole segment and a cushion', () => {
    play({ latency: 'relaxed', startAtProgramDateTimeMs: EPOCH_MS + 20_500 });
    playlist(20, PARTS);
    expect(hls.calls.at(-1)).toBe('startLoad 19.65');
  });

  it('falls back at a slower pace first, and only then stops to play by parts', () => {
    const player = play();
    playlist(20, PARTS);
    player.setLatency('relaxed');
    Object.assign(video, { bufferedToS: 20, currentTime: 19.2 });
    hls.latency = 1.1;
    video.emit('timeupdate');
    expect(video.playbackRate).toBe(0.9);
    expect(player.isRelaxed()).toBe(false);
    hls.latency = 2.75;
    video.emit('timeupdate');
    expect(player.isRelaxed()).toBe(true);
    hls.latency = 2.95;
    video.emit('timeupdate');
    expect(video.playbackRate).toBe(1);
  });

  it('plays by parts again, as close to the live edge as the stream asks for, when there is time', () => {
    const player = play({ latency: 'relaxed' });
    playlist(20, { ...PARTS, partHoldBackS: 1 });
    player.setLatency('low');
    expect(player.isRelaxed()).toBe(false);
    expect(hls.targetLatency).toBe(1);
    Object.assign(video, { bufferedToS: 20, currentTime: 17 });
    hls.latency = 3;
    video.emit('timeupdate');
    expect(video.playbackRate).toBeGreaterThan(1);
  });

  it('has nothing to relax in a stream without parts', () => {
    const player = play();
    hls.targetLatency = 2;
    playlist(20);
    player.setLatency('relaxed');
    hls.latency = 1.5;
    video.emit('timeupdate');
    expect([player.isRelaxed(), hls.targetLatency, video.playbackRate]).toEqual([false, 2, 1]);
  });
});

describe('the beat of the window', () => {
  /** Plays at 15 frames a second, and is 25 ms late for the beat. */
  function playsBesideTheBeat(): Player {
    const player = play();
    playlist(20);
    Object.assign(hls, { targetLatency: 2, latency: 2.1 });
    for (let frame = 0; frame < 40; frame += 1) video.present(clock.now(), 17 + frame / 15);
    Object.assign(video, { currentTime: (clock.now() - 25) / 1000, bufferedToS: 20 });
    return player;
  }

  it('is reached at a slightly different rate, for as long as that takes', async () => {
    playsBesideTheBeat();
    video.emit('timeupdate');
    expect(video.playbackRate).toBeCloseTo(1.05);
    await clock.advance(490);
    video.emit('timeupdate');
    expect(video.playbackRate).toBeCloseTo(1.05);
    await clock.advance(20);
    expect(video.playbackRate).toBe(1);
  });

  it('waits for a picture that has to catch up', async () => {
    playsBesideTheBeat();
    video.emit('timeupdate');
    hls.latency = 2.6;
    video.emit('timeupdate');
    expect(video.playbackRate).toBe(1.1);
    await clock.advance(1000);
    expect(video.playbackRate).toBe(1.1);
    hls.latency = 2.05;
    video.emit('timeupdate');
    expect(video.playbackRate).toBe(1);
    await clock.advance(9000);
    video.currentTime = (clock.now() - 25) / 1000;
    video.emit('timeupdate');
    expect(video.playbackRate).toBeCloseTo(1.05);
  });

  it('is kept on a starved machine while other players have the turns to catch up', () => {
    const others = [{}, {}];
    catchUpTurns.setMachine('starved');
    for (const other of others) catchUpTurns.rate(other, 1.1);
    playsBesideTheBeat();
    video.emit('timeupdate');
    hls.latency = 2.6;
    video.emit('timeupdate');
    expect(video.playbackRate).toBeCloseTo(1.05);
    catchUpTurns.release(others[0] ?? {});
    video.emit('timeupdate');
    expect(video.playbackRate).toBe(1.1);
  });

  it('keeps no timer of a disposed player', () => {
    const player = playsBesideTheBeat();
    video.emit('timeupdate');
    player.dispose();
    expect(clock.pending()).toBe(0);
  });
});

describe('dispose', () => {
  it('frees the element, which Chromium keeps until its source is gone', () => {
    const player = play();
    player.dispose();
    expect(hls.calls.at(-1)).toBe('destroy');
    expect(video.calls).toEqual(['removeAttribute src', 'load', 'remove']);
  });

  it('ends all reports, loads and timers', async () => {
    const player = play();
    playlist(20);
    fails(ErrorDetails.LEVEL_LOAD_ERROR, answered(503));
    player.dispose();
    reports.length = 0;
    hls.calls.length = 0;
    playlist(21);
    fails(ErrorDetails.LEVEL_LOAD_ERROR, answered(503));
    video.present(clock.now(), 19);
    video.emit('timeupdate');
    await clock.advance(5000);
    expect(reports).toEqual([]);
    expect(hls.calls).toEqual([]);
    expect(clock.pending()).toBe(0);
  });
});
