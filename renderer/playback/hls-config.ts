import Hls, {
  AttrList,
  type AudioTrackSwitchedData,
  type Fragment,
  type HlsConfig,
  type LevelDetails,
  type LoadPolicy,
  type MediaAttributes,
  type RetryConfig,
} from 'hls.js';
import type { Latency } from '../../shared/hot-allotment.ts';
import { FIRST_ANSWER_MS } from './first-answer.ts';
import { liveDistanceS } from './live-distance.ts';

/** Target duration until the playlist states its own, ms. */
const ASSUMED_TARGET_MS = 2000;
/** Media ahead of the picture that hls.js loads, s. */
const AHEAD_S = 6;
/** The same where the bit rate of the stream is low, s. */
const MOST_AHEAD_S = 12;
/**
 * Media behind a hole of up to this many target durations counts as ahead of the picture, so that hls.js loads behind the hole
 * and not in it.
 */
const PASSED_HOLE_TARGETS = 2;
/**
 * Distance behind the live edge, in target durations, from which hls.js jumps to its live position. hls.js jumps even where it
 * has no media yet, and the picture stalls until there is some. So hls.js never jumps: the tile catches up, or jumps within the
 * media that is there.
 */
const LIVE_MAX_LATENCY_TARGETS = Number.POSITIVE_INFINITY;
/**
 * A relaxed stream is played by whole segments, this far behind the segment that is being made, s. 16 cold standbys of 640x360
 * that start at once on 2 cores present their pictures within this time.
 */
const RELAXED_CUSHION_S = 2;
/** No retry, as for other loads. But behind a piece that failed, hls.js continues with later media of the stream. */
const SKIP: RetryConfig = { maxNumRetry: 0, retryDelayMs: 0, maxRetryDelayMs: 0 };

/** hls.js drops the audio in a stream's segments when it believes that the sound comes from elsewhere. */
export const SOUND_ELSEWHERE: AudioTrackSwitchedData = {
  attrs: new AttrList({}) as MediaAttributes,
  autoselect: false,
  bitrate: 0,
  default: false,
  forced: false,
  groupId: '',
  id: 0,
  name: '',
  type: 'AUDIO',
  url: 'elsewhere:',
};

/**
 * The full build of hls.js without what a muted wall does not need. (The light build does not resolve EXT-X-DEFINE.) With
 * interstitials hls.js would start the load a second time, at another place, when the media source opens.
 */
function withoutExtras({
  interstitialsController: _interstitials,
  audioStreamController: _audioStream,
  audioTrackController: _audioTracks,
  subtitleStreamController: _subtitleStream,
  subtitleTrackController: _subtitleTracks,
  timelineController: _captions,
  id3TrackController: _metadata,
  iframeController: _iframes,
  emeController: _drm,
  cmcdController: _reports,
  contentSteeringController: _steering,
  capLevelController: _levelCap,
  fpsController: _frameRateCap,
  ...rest
}: HlsConfig): HlsConfig {
  return rest;
}

/** Creates hls.js without what a wall does not need. */
export function createHls(config: Partial<HlsConfig>): Hls {
  Hls.DefaultConfig = withoutExtras(Hls.DefaultConfig);
  return new Hls(config);
}

function policy(firstByteMs: number, loadMs: number, errorRetry: RetryConfig | null = null): LoadPolicy {
  return {
    default: {
      maxTimeToFirstByteMs: firstByteMs,
      maxLoadTimeMs: loadMs,
      timeoutRetry: null,
      errorRetry,
    },
  };
}

/**
 * What to do about media that the site does not have: `wait` for it, as it may only be late, or `skip` it as soon as the stream
 * has later media.
 */
export type MissingMedia = 'wait' | 'skip';

/** The configuration of hls.js for one player. */
export function hlsConfig(
  own: Pick<HlsConfig, 'loader' | 'pLoader' | 'workerPath' | 'errorController'>,
  latency: Latency,
): Partial<HlsConfig> {
  const load = policy(Math.max(1000, 1.5 * ASSUMED_TARGET_MS), 3 * ASSUMED_TARGET_MS);
  return {
    ...own,
    enableWorker: true,
    // See BackBuffer.
    backBufferLength: Number.POSITIVE_INFINITY,
    ...bufferLengths(0),
    // With any other value hls.js would stay a second further behind the live edge after each stall.
    liveSyncOnStallIncrease: 0,
    // See CatchUp: with 1 hls.js leaves the rate alone.
    maxLiveSyncPlaybackRate: 1,
    testBandwidth: false,
    startFragPrefetch: true,
    lowLatencyMode: latency === 'low',
    manifestLoadPolicy: policy(FIRST_ANSWER_MS, FIRST_ANSWER_MS),
    playlistLoadPolicy: policy(FIRST_ANSWER_MS, FIRST_ANSWER_MS),
    fragLoadPolicy: load,
    keyLoadPolicy: load,
  };
}

/**
 * These values cannot be given to the constructor: a sync count there overrides the playlist's own PART-HOLD-BACK and
 * HOLD-BACK, and a maximum latency is not accepted without a sync count.
 */
export function applyLiveDistance(config: HlsConfig): void {
  config.liveSyncDurationCount = liveDistanceS(ASSUMED_TARGET_MS / 1000) / (ASSUMED_TARGET_MS / 1000);
  config.liveMaxLatencyDurationCount = LIVE_MAX_LATENCY_TARGETS;
}

/** Sets deadlines by the target duration: 1.5 T and at least 1 s for the first byte, 3 T for the whole load. Distances likewise. */
export function applyTarget(config: HlsConfig, targetMs: number, missing: MissingMedia): void {
  const load = policy(Math.max(1000, 1.5 * targetMs), Math.max(2000, 3 * targetMs));
  config.playlistLoadPolicy = load;
  config.keyLoadPolicy = load;
  config.fragLoadPolicy = load;
  applyMissing(config, missing);
  config.maxBufferHole = (PASSED_HOLE_TARGETS * targetMs) / 1000;
  config.liveSyncDurationCount = liveDistanceS(targetMs / 1000) / (targetMs / 1000);
}

/** How far behind the live edge a stream with parts is played. */
export function applyLatency(
  hls: Pick<Hls, 'config' | 'targetLatency'>,
  latency: Latency,
  { partHoldBack, holdBack, targetduration }: LevelDetails,
): void {
  hls.targetLatency =
    latency === 'relaxed'
      ? targetduration + RELAXED_CUSHION_S
      : partHoldBack || holdBack || hls.config.liveSyncDurationCount * targetduration;
}

/** @param leadS duration of media that the picture will skip, s */
export function applyLead(config: HlsConfig, leadS: number): void {
  Object.assign(config, bufferLengths(leadS));
}

function bufferLengths(leadS: number): Pick<HlsConfig, 'maxBufferLength' | 'maxMaxBufferLength'> {
  return { maxBufferLength: AHEAD_S + leadS, maxMaxBufferLength: MOST_AHEAD_S + leadS };
}

/**
 * Gives a segment that is being loaded another initialisation section. hls.js (1.7.4) hands a section to its parser when its
 * address differs from that of the previous segment. Later segments get the section by the relative address, which stays.
 */
export function replaceInit(frag: Fragment, bytes: Uint8Array<ArrayBuffer>): void {
  const { initSegment } = frag;
  if (initSegment === null) return;
  const replaced = Object.assign(Object.create(Object.getPrototypeOf(initSegment)), initSegment);
  replaced.url = `${initSegment.url}#`;
  replaced.data = initSegment.data = bytes;
  frag.initSegment = replaced;
}

export function applyMissing(config: HlsConfig, missing: MissingMedia): void {
  const { maxTimeToFirstByteMs, maxLoadTimeMs } = config.fragLoadPolicy.default;
  config.fragLoadPolicy = policy(maxTimeToFirstByteMs, maxLoadTimeMs, missing === 'skip' ? SKIP : null);
}
