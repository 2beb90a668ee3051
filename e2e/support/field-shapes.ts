import type { Fault } from '../../electron/demo/faults.ts';
import { LOW_LATENCY_SHAPE, type StreamShape } from '../../electron/demo/stream-shape.ts';
import type { RigCameraStream } from '../rig/rig.ts';
import { NOTHING_ODD, type TrialCamera } from './tile-trial.ts';

/** A camera whose streams are as some real cameras and servers send them; its name says what is unusual. */
export interface FieldShape extends Omit<TrialCamera, 'id' | 'phaseMs' | 'sites'> {
  readonly main: RigCameraStream;
  /** The stream at the other site, if it differs from that at the main site. */
  readonly backup?: RigCameraStream;
}

const TRANSPORT_STREAM: Partial<StreamShape> = { container: 'mpegts' };

/**
 * LIVE means at most max(3 T, 5 s) behind the live edge (rule 7); a segment of a second is available a second later.
 */
const OLDEST_MS = 5000 + 1000 + 500;
/** The same with segments of 2 s. */
const OLDEST_OF_2_S_MS = 6000 + 2000 + 500;
/**
 * The goal of e2e/bench/gap for the worst of 16 tiles: a longer gap means that the old picture was dropped before the
 * new one came. The speed of a change is measured by e2e/bench/gap. Milliseconds.
 */
const LONGEST_GAP_MS = 1000;

const shape = (
  name: string,
  main: RigCameraStream,
  more: Partial<Omit<FieldShape, 'name' | 'main'>> = {},
): FieldShape => ({
  name,
  main,
  oldestMs: OLDEST_MS,
  longestGapMs: LONGEST_GAP_MS,
  standby: 'ok',
  ...more,
});

const sound = (
  format: 'aac' | 'mp2' | 'opus' | 'g711',
  presence: 'always' | 'pauses' | 'begins-late' | 'never',
): RigCameraStream => ({
  stream: TRANSPORT_STREAM,
  oddities: [{ kind: 'sound', sound: format, presence }],
});

/** A part of each group: it shows the effect of this machine on all tiles. */
const CONTROL = shape(NOTHING_ODD, {});

/** These all look the same on a wall without sound. */
export const SOUND: readonly FieldShape[] = [
  CONTROL,
  shape('AAC that pauses', sound('aac', 'pauses')),
  shape('AAC that begins late', sound('aac', 'begins-late')),
  shape('AAC that never comes', sound('aac', 'never')),
  shape('MP2', sound('mp2', 'always')),
  shape('Opus in a transport stream', sound('opus', 'always')),
  shape('G.711 in a transport stream', sound('g711', 'always')),
  shape('PCM in MP4', { oddities: [{ kind: 'sound-track', sound: 'ipcm' }] }),
  shape('G.711 in MP4', { oddities: [{ kind: 'sound-track', sound: 'alaw' }] }),
];

const MEDIAMTX: RigCameraStream = { server: 'mediamtx', stream: { ...LOW_LATENCY_SHAPE, partMs: 200 } };
const GO2RTC: RigCameraStream = { server: 'go2rtc' };

/** A new session of go2rtc has no earlier media: a standby that was not playing begins with nothing. Milliseconds. */
const GO2RTC_GAP_MS = 1500;

/** Servers with sessions. */
export const SESSIONS: readonly FieldShape[] = [
  CONTROL,
  shape('MediaMTX', MEDIAMTX),
  shape('MediaMTX without parts', { ...MEDIAMTX, stream: {} }),
  shape('MediaMTX 1.20.1', { ...MEDIAMTX, server: 'mediamtx-1.20.1' }),
  shape('SRS', { server: 'srs', stream: TRANSPORT_STREAM }),
];

/** Servers whose live edge moves only when they get requests. */
export const PULLED: readonly FieldShape[] = [
  CONTROL,
  shape('go2rtc', GO2RTC),
  shape('go2rtc behind MediaMTX', MEDIAMTX, { backup: GO2RTC, longestGapMs: GO2RTC_GAP_MS }),
  shape('MediaMTX behind go2rtc', GO2RTC, { backup: MEDIAMTX }),
  shape('started on demand', { oddities: [{ kind: 'on-demand', startMs: 3000, idleMs: 10_000 }] }),
];

/** Cameras whose other site is watched lightly: its standbys start when they are needed. */
export const LIGHTLY_WATCHED: readonly FieldShape[] = [
  shape('files', {}, { longestGapMs: 2000 }),
  shape('MediaMTX', MEDIAMTX, { longestGapMs: 2000 }),
  shape(
    'started on demand',
    { oddities: [{ kind: 'on-demand', startMs: 3000, idleMs: 10_000 }] },
    { longestGapMs: 6000 },
  ),
];

const LYING = {
  'EXT-X-TARGETDURATION': '1',
  'PART-TARGET': '0.02',
  BANDWIDTH: '1',
};

const JUMPS = { kind: 'clock-jumps', byS: 3600, everyS: 20 } as const;

const OLD_NAME = { kind: 'init-keeps-name' } as const;

/** Cameras whose encoding and picture size change while they are watched. */
export const RENEWALS: readonly FieldShape[] = [
  CONTROL,
  shape('another init segment', {}),
  shape('another init segment under its old name', { oddities: [OLD_NAME] }),
  shape('the same with parts', { stream: LOW_LATENCY_SHAPE, oddities: [OLD_NAME] }),
  shape('the same with parameters in band', { oddities: [{ kind: 'in-band-parameters' }, OLD_NAME] }),
  shape('another encoding in a transport stream', { stream: TRANSPORT_STREAM }),
];

/** Differences in what a stream declares, and in its media. */
export const STREAMS: readonly FieldShape[] = [
  CONTROL,
  // With segments of 5 s, a LIVE picture may be older than 12 s, after which the stamp repeats: its age cannot be read.
  shape(
    'segments of 5 s that are said to be of 1 s',
    { stream: { ...TRANSPORT_STREAM, segmentMs: 5000 }, oddities: [{ kind: 'declares', values: LYING }] },
    { oldestMs: null },
  ),
  shape('parts that are said to be of 20 ms', {
    stream: LOW_LATENCY_SHAPE,
    oddities: [{ kind: 'declares', values: LYING }],
  }),
  shape('codecs that are not those of the media', {
    stream: { multivariant: true },
    oddities: [{ kind: 'declares', values: { CODECS: '"avc1.42e00a"', BANDWIDTH: '1' } }],
  }),
  shape(
    'key pictures 12 s apart',
    {
      pictures: 'key-each-12-s',
      stream: { ...TRANSPORT_STREAM, segmentMs: 2000, keyPictures: 'anywhere', windowSegments: 8 },
    },
    { oldestMs: OLDEST_OF_2_S_MS },
  ),
  shape(
    'key pictures 12 s apart in MP4',
    {
      pictures: 'key-each-12-s',
      stream: { segmentMs: 2000, keyPictures: 'anywhere', windowSegments: 8 },
    },
    { oldestMs: OLDEST_OF_2_S_MS },
  ),
  shape(
    'a clock that jumps',
    { stream: TRANSPORT_STREAM, oddities: [{ ...JUMPS, afterS: 0 }] },
    { backup: { stream: TRANSPORT_STREAM, oddities: [{ ...JUMPS, afterS: 10 }] } },
  ),
  shape('sound alone as the cheapest variant', {
    stream: { ...TRANSPORT_STREAM, multivariant: true },
    oddities: [{ kind: 'sound', sound: 'aac', presence: 'always' }, { kind: 'sound-only-variant' }],
  }),
  shape('a list that grows past 1 MB', { oddities: [{ kind: 'growing-list', bytesAtStart: 996_000 }] }),
];

const AES = { kind: 'encrypted', method: 'AES-128', key: 'given' } as const;

/** Differences in how servers deliver a stream. */
export const SERVERS: readonly FieldShape[] = [
  CONTROL,
  shape('gzip', { oddities: [{ kind: 'compressed', coding: 'gzip' }] }),
  shape('deflate', { oddities: [{ kind: 'compressed', coding: 'deflate' }] }),
  shape('br', { oddities: [{ kind: 'compressed', coding: 'br' }] }),
  shape(
    'types of a plain web server',
    {
      stream: TRANSPORT_STREAM,
      oddities: [{ kind: 'content-types', playlists: 'text/html', media: 'text/html' }],
    },
    {
      backup: {
        stream: TRANSPORT_STREAM,
        oddities: [{ kind: 'content-types', playlists: 'text/plain', media: 'application/x-typescript' }],
      },
    },
  ),
  shape('AES-128', { stream: TRANSPORT_STREAM, oddities: [AES] }),
  shape('AES-128 in MP4', { oddities: [AES] }),
  shape('a cookie that media wants', { oddities: [{ kind: 'cookie' }] }),
  shape('a redirect to another port', { oddities: [{ kind: 'elsewhere', by: 'redirect' }] }),
  shape('media at another port', { oddities: [{ kind: 'elsewhere', by: 'absolute-addresses' }] }),
];

/** A shape whose other site cannot serve, with the message about it. */
export interface UselessStandby extends FieldShape {
  /** The fault of the other site, in addition to its stream. */
  readonly fault: Fault;
  readonly cause: string;
  /** The expected message about the site. */
  readonly words: string;
}

const useless = (
  name: string,
  backup: RigCameraStream,
  cause: string,
  words: string,
  fault: Fault = 'none',
): UselessStandby => ({
  ...shape(name, { stream: backup.stream ?? {} }, { backup, standby: 'none' }),
  fault,
  cause,
  words,
});

const H265 = 'sends H.265, which this workstation cannot show';
const NO_KEY = 'did not give the key to its encrypted video';

export const USELESS_STANDBYS: readonly UselessStandby[] = [
  useless(
    'H.265 in a transport stream',
    { stream: TRANSPORT_STREAM, oddities: [{ kind: 'codec', codec: 'h265' }] },
    'codec-h265',
    H265,
  ),
  useless('H.265 in MP4', { oddities: [{ kind: 'codec', codec: 'h265' }] }, 'codec-h265', H265),
  useless(
    'MPEG-2 video',
    { stream: TRANSPORT_STREAM, oddities: [{ kind: 'codec', codec: 'mpeg2' }] },
    'codec-mpeg2',
    'sends MPEG-2 video, which this workstation cannot show',
  ),
  useless(
    'sound alone',
    {
      stream: TRANSPORT_STREAM,
      oddities: [{ kind: 'sound', sound: 'aac', presence: 'always' }, { kind: 'sound-alone' }],
    },
    'no-video',
    'sends sound without a picture',
  ),
  useless(
    'SAMPLE-AES',
    { stream: TRANSPORT_STREAM, oddities: [{ kind: 'encrypted', method: 'SAMPLE-AES', key: 'given' }] },
    'encryption',
    'encrypts its video in a way that Holdfast cannot play',
  ),
  ...(['refused', 'missing', 'not-a-key'] as const).map((key) =>
    useless(
      `a key that is ${key}`,
      { stream: TRANSPORT_STREAM, oddities: [{ kind: 'encrypted', method: 'AES-128', key }] },
      'no-key',
      NO_KEY,
    ),
  ),
  useless(
    'an empty list',
    { oddities: [{ kind: 'source-gone', answer: 'empty-list' }] },
    'no-media-yet',
    'has no media yet',
    'source-gone',
  ),
  useless(
    'an ended list',
    { oddities: [{ kind: 'source-gone', answer: 'ended-list' }] },
    'ended',
    'ended its stream',
    'source-gone',
  ),
  useless('MediaMTX without a publisher', MEDIAMTX, 'http-404', 'answered 404', 'source-gone'),
  useless('go2rtc without its camera', GO2RTC, 'no-media-yet', 'has no media yet', 'source-gone'),
  useless('a slow refusal', {}, 'http-401', 'refused access (401)', {
    kind: 'status',
    status: 401,
    of: 'everything',
    afterMs: 2000,
  }),
  useless('no answer', {}, 'timeout', 'did not answer', 'hang'),
];
