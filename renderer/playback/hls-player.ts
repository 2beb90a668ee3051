import workerUrl from 'hls.js/dist/hls.worker.js?url';
import Hls, {
  type ErrorData,
  ErrorDetails,
  ErrorTypes,
  Events,
  type HlsConfig,
  type LevelDetails,
  type LoadPolicy,
  type RetryConfig,
} from 'hls.js/light';
import { type EvidenceCause, isMissing } from '../../shared/cause.ts';
import type { Stream } from '../../shared/config.ts';
import { REASON_HEADER, REASON_TEXT_HEADER, sitePathname } from '../../shared/gateway-contract.ts';
import type { Latency } from '../../shared/hot-standby.ts';
import type { EdgePlace } from '../../shared/playlist/live-edge.ts';
import { createMediaLoader, createPlaylistLoader } from './bridge-loader.ts';
import { CatchUp } from './catch-up.ts';
import type { CatchUpTurns } from './catch-up-turns.ts';
import type { Clock } from './clock.ts';
import { type BeatMove, FrameBeat } from './frame-beat.ts';
import { FrameSource, type PresentedFrame } from './frame-source.ts';
import { LoadRate } from './load-rate.ts';
import { MissingParts } from './missing-parts.ts';
import { isMissingPart, PictureKeepingErrors } from './picture-keeping-errors.ts';
import type { Player, PlayerFactory, PlayerOptions, PlayerReport, PlaylistLoads } from './player.ts';
import { type BridgedGateway, causeOfResponse, wordsOfReason } from './transport.ts';
import { WorkerGroups } from './worker-groups.ts';

/** Until the playlist says its own, ms. */
const ASSUMED_TARGET_MS = 2000;
/** How far behind the live edge a stream plays that names no distance itself, in target durations (field-notes.md). */
const LIVE_SYNC_TARGETS = 2;
/**
 * Least of that beyond the segment that is being made, ms. With segments of a second or less, two of them would leave
 * too little between a late segment and a dry buffer for a cold standby to start in.
 */
const LEAST_CUSHION_MS = 1150;
/** An aligned start keeps this much of it, ms, or with parts so many of them: the picture must not run dry at once. */
const ALIGNED_CUSHION_MS = 350;
const ALIGNED_CUSHION_PARTS = 2;
/**
 * hls.js would jump to where it should be from further behind than so many target durations, whether media is there or
 * not, and the picture stand still until it is. The tile catches up, or jumps within what it has.
 */
const LIVE_MAX_LATENCY_TARGETS = Number.POSITIVE_INFINITY;
/** A jump towards the live edge leaves this much media ahead, ms. */
const AHEAD_AFTER_JUMP_MS = 300;
/** What a jump may fall short of its target by, to be caught up, s. */
const CATCHABLE_S = 3;
/** Wait before a load that failed is tried again while the picture may still go on, ms. */
const RELOAD_MS = 500;
/** No retry, like the loads otherwise, but behind a piece that failed hls.js goes on where the stream has later ones. */
const SKIP: RetryConfig = { maxNumRetry: 0, retryDelayMs: 0, maxRetryDelayMs: 0 };
/** So many playlists with new parts, none of which hls.js asked for: it is stuck, see {@link HlsPlayer.passBuffered}. */
const IDLE_PLAYLISTS = 2;
/** Media behind the picture that is kept, s, or a segment's where that is more (field-notes.md, `backBufferLength`). */
const BACK_BUFFER_S = 4;
/** What two clocks of media may differ by, s. */
const ROUNDING_S = 0.01;
/** What is behind a hole of up to so many target durations counts as ahead: hls.js goes on there, and not in the hole. */
const PASSED_HOLE_TARGETS = 2;
/** With so little left before a hole the last picture is on the screen, s. */
const LAST_PICTURE_S = 0.1;
/**
 * A relaxed stream is played by its whole segments, so much further behind the live edge than the one that is being made,
 * s: 16 cold standbys of 640x360 that start at once on 2 cores have their pictures within that.
 */
const RELAXED_CUSHION_S = 2;
/** Parts are given up once the picture is this near to where it will be played, s. */
const NEARLY_RELAXED_S = 0.3;
/** Media that is on its way for less than this is not late, however short it is, ms. */
const LEAST_LATE_MS = 250;

/** What the players of a window share. */
export interface HlsPlayerDeps {
  readonly clock: Clock;
  readonly catchUpTurns: CatchUpTurns;
  readonly gateway: BridgedGateway;
  /** hls.js itself, unless a test looks at what is asked of it. */
  readonly createHls?: (config: Partial<HlsConfig>) => Hls;
}

/** Creates players on hls.js. */
export function createHlsPlayerFactory(deps: HlsPlayerDeps): PlayerFactory {
  const { createHls = (config) => new Hls(config) } = deps;
  const { clock, gateway } = deps;
  const loaders = {
    loader: createMediaLoader(clock, gateway),
    pLoader: createPlaylistLoader(clock, gateway),
  };
  const workers = new WorkerGroups(workerUrl);
  return (stream, options, report) => {
    const { workerPath, leave } = workers.join();
    const hls = createHls(hlsConfig({ ...loaders, workerPath }, options.latency));
    return new HlsPlayer(stream, options, report, deps, hls, leave);
  };
}

/**
 * hls.js on one video element: its light build, because the full one's interstitials would start the load a
 * second time when the media source opens, at another place. hls.js retries nothing by itself, so the first error is evidence at once; the
 * load is then tried again at a steady pace as long as the player lives, for a stream that comes back before
 * the tile has left it goes on without a cut.
 */
class HlsPlayer implements Player {
  readonly video: HTMLVideoElement;
  private readonly clock: Clock;
  private readonly catchUpTurns: CatchUpTurns;
  private readonly frames: FrameSource;
  private readonly rate = new LoadRate();
  private pace = new CatchUp();
  private readonly beat = new FrameBeat();
  /** Media that is on its way. */
  private loading: { readonly sinceMs: number; readonly durationMs: number } | null = null;
  private details: LevelDetails | null = null;
  private edgeMovedAtMs = 0;
  /** The playlist that is on its way; `null` where none is. */
  private playlistAskedMs: number | null = null;
  private unmovedMs = 0;
  private newest: PresentedFrame | null = null;
  /** Reading the buffer with every frame costs what a wall of tiles feels. */
  private hasHole = false;
  /** Gives up the way to the beat; `null` where the picture is not on it. */
  private endMove: (() => void) | null = null;
  private endReload: (() => void) | null = null;
  /** Whether the site had the piece of media that was asked for last. */
  private asked: 'there' | 'missing' = 'there';
  /** Playlists with new parts since media was asked for, or put into the buffer. */
  private idlePlaylists = 0;
  private readonly missingParts = new MissingParts();
  private latency: Latency;
  private disposed = false;

  constructor(
    stream: Stream,
    private readonly options: PlayerOptions,
    private readonly report: (report: PlayerReport) => void,
    { clock, catchUpTurns }: HlsPlayerDeps,
    private readonly hls: Hls,
    private readonly leaveWorker: () => void,
  ) {
    this.clock = clock;
    this.catchUpTurns = catchUpTurns;
    this.latency = options.latency;
    this.video = document.createElement('video');
    this.video.muted = true;
    this.video.autoplay = true;
    this.video.playsInline = true;
    this.video.disablePictureInPicture = true;
    // Not among the constructor's values: a sync count there stands above the playlist's own PART-HOLD-BACK and
    // HOLD-BACK, and a greatest latency is not taken without one.
    this.hls.config.liveSyncDurationCount = LIVE_SYNC_TARGETS;
    this.hls.config.liveMaxLatencyDurationCount = LIVE_MAX_LATENCY_TARGETS;
    this.frames = new FrameSource(this.video, clock, (frame) => {
      this.newest = frame;
      this.beat.frame(frame.mediaTimeS);
      this.report({ type: 'frame', frame });
      if (this.hasHole) this.passHole(frame.mediaTimeS);
    });
    this.video.addEventListener('waiting', () => this.passHole(this.video.currentTime));
    this.video.addEventListener('timeupdate', () => this.keepPace());
    this.listen();
    this.hls.attachMedia(this.video);
    this.hls.loadSource(new URL(sitePathname(stream.route, stream.path), location.href).href);
  }

  bufferAheadMs(): number {
    const { buffered, currentTime } = this.video;
    for (let index = 0; index < buffered.length; index += 1)
      if (buffered.start(index) <= currentTime + 0.1 && currentTime <= buffered.end(index))
        return (buffered.end(index) - currentTime) * 1000;
    return 0;
  }

  behindLiveMs(): number | null {
    if (this.details === null || this.newest === null) return null;
    // The edge is as old as its last move: a playlist that stands still does not make a tile live.
    const edgeAgeMs = this.clock.now() - this.edgeMovedAtMs;
    return (this.details.edge - this.newest.mediaTimeS) * 1000 + edgeAgeMs;
  }

  targetDurationMs(): number | null {
    return this.details === null ? null : this.details.targetduration * 1000;
  }

  partTargetMs(): number | null {
    return this.details === null || this.details.partTarget === 0 ? null : this.details.partTarget * 1000;
  }

  programDateTimeMs(mediaTimeS: number): number | null {
    const fragment = this.details?.fragments.findLast(({ start }) => start <= mediaTimeS);
    if (fragment?.programDateTime == null) return null;
    return fragment.programDateTime + (mediaTimeS - fragment.start) * 1000;
  }

  mediaIsLate(): boolean {
    if (this.rate.isTooSlow()) return true;
    if (this.loading === null) return false;
    return this.clock.now() - this.loading.sinceMs > Math.max(LEAST_LATE_MS, this.loading.durationMs);
  }

  playlistLoads(): PlaylistLoads {
    if (this.playlistAskedMs === null) return { unansweredMs: 0, unmovedMs: this.unmovedMs };
    // A blocking reload is answered with the next part, or segment (RFC 8216bis, 6.2.5.2).
    const { canBlockReload = false, partTarget = 0, targetduration = 0 } = this.details ?? {};
    const heldMs = canBlockReload ? (partTarget || targetduration) * 1000 : 0;
    const unansweredMs = Math.max(0, this.clock.now() - this.playlistAskedMs - heldMs);
    return { unansweredMs, unmovedMs: this.unmovedMs };
  }

  presentedFrames(): number {
    return this.frames.total();
  }

  droppedFrames(): number {
    return this.video.getVideoPlaybackQuality().droppedVideoFrames;
  }

  setLatency(latency: Latency): void {
    if (latency === this.latency) return;
    this.latency = latency;
    // A picture that plays falls back first: it would stand still until whole segments are there.
    if (latency === 'low' || this.details === null) this.hls.config.lowLatencyMode = latency === 'low';
    if (this.details === null || this.details.partTarget === 0) return;
    this.applyLatency(this.details);
    this.pace = new CatchUp();
    if (latency === 'relaxed') this.pace.fallBack();
  }

  isRelaxed(): boolean {
    return this.partTargetMs() !== null && !this.hls.config.lowLatencyMode;
  }

  setVariant(): void {}

  goLive(): void {
    this.hls.startLoad(-1);
    const target = this.hls.liveSyncPosition;
    if (target !== null && Number.isFinite(target)) {
      const { currentTime } = this.video;
      const reachable = currentTime + (this.bufferAheadMs() - AHEAD_AFTER_JUMP_MS) / 1000;
      // Into media that is there the picture goes on at once, and catches up what is left.
      const isNear = reachable > currentTime && target - reachable < CATCHABLE_S;
      this.video.currentTime = isNear ? Math.min(target, reachable) : target;
    }
    void this.video.play().catch(() => {});
  }

  dispose(): void {
    this.disposed = true;
    this.endReload?.();
    this.endMove?.();
    this.frames.stop();
    this.catchUpTurns.release(this);
    this.hls.destroy();
    this.leaveWorker();
    // Chromium frees a removed media element only after this.
    this.video.removeAttribute('src');
    this.video.load();
    this.video.remove();
  }

  private listen(): void {
    const { hls } = this;
    const whileAlive = <A extends unknown[]>(handle: (...args: A) => void) => {
      return (...args: A): void => {
        if (!this.disposed) handle(...args);
      };
    };
    hls.on(
      Events.MANIFEST_LOADED,
      whileAlive(() => this.report({ type: 'progress' })),
    );
    hls.on(
      Events.LEVEL_LOADING,
      whileAlive(() => {
        this.playlistAskedMs = this.clock.now();
      }),
    );
    hls.on(
      Events.LEVEL_UPDATED,
      whileAlive((_event, { details }) => this.onPlaylist(details)),
    );
    hls.on(
      Events.FRAG_LOADING,
      whileAlive((_event, { frag, part }) => {
        if (frag.sn === 'initSegment') return;
        this.idlePlaylists = 0;
        this.loading = { sinceMs: this.clock.now(), durationMs: (part ?? frag).duration * 1000 };
      }),
    );
    hls.on(
      Events.FRAG_LOADED,
      whileAlive((_event, { frag, part, payload }) => {
        this.loading = null;
        if (payload.byteLength > 0) this.report({ type: 'progress' });
        if (frag.sn === 'initSegment') return;
        this.noteAsked('there');
        const { duration, stats } = part ?? frag;
        this.rate.loaded(duration * 1000, stats.loading.end - stats.loading.start);
        if (this.rate.isTooSlow()) this.complain('media', 'too-slow', this.clock.now());
      }),
    );
    // Buffered means fetched, parsed and accepted by the decoder's buffer.
    hls.on(
      Events.FRAG_BUFFERED,
      whileAlive((_event, { frag }) => {
        this.idlePlaylists = 0;
        if (frag.sn !== 'initSegment' && !this.rate.isTooSlow())
          this.report({ type: 'proof', channel: 'media' });
        this.hasHole = this.video.buffered.length > 1;
        this.trimBackBuffer();
        this.passHole(this.video.currentTime);
        if (this.video.paused) void this.video.play().catch(() => {});
      }),
    );
    hls.on(
      Events.ERROR,
      whileAlive((_event, data) => this.onError(data)),
    );
  }

  private onPlaylist(details: LevelDetails): void {
    const previous = this.details;
    this.details = details;
    this.playlistAskedMs = null;
    this.missingParts.leaveOut(details.partList ?? []);
    this.report({ type: 'progress' });
    const moved = previous !== null && edgeMoved(previous, details);
    const nowMs = this.clock.now();
    if (previous === null || moved) this.edgeMovedAtMs = nowMs;
    this.unmovedMs = nowMs - this.edgeMovedAtMs;
    if (moved) {
      this.report({ type: 'proof', channel: 'playlist', edge: edgeOf(details) });
      this.passBuffered(details);
    }
    if (previous !== null) return;
    const targetMs = details.targetduration * 1000;
    applyTarget(this.hls.config, targetMs);
    this.hls.config.maxBufferHole = PASSED_HOLE_TARGETS * details.targetduration;
    this.hls.config.liveSyncDurationCount = Math.max(LIVE_SYNC_TARGETS, 1 + LEAST_CUSHION_MS / targetMs);
    if (this.latency === 'relaxed' && details.partTarget > 0) this.applyLatency(details);
    // hls.js chose its place by the values before.
    const position = this.alignedPositionS(details) ?? this.hls.liveSyncPosition;
    if (position === null) return;
    this.hls.stopLoad();
    this.hls.startLoad(position);
  }

  /**
   * hls.js (1.7.4) may forget of a part that it was loaded, when a playlist comes between, and does not ask for anything
   * behind that segment then until the buffer is dry, a second later. What is in the buffer is marked to be passed over.
   */
  private passBuffered({ partList }: LevelDetails): void {
    this.idlePlaylists += 1;
    if (partList === null || this.isRelaxed() || this.loading !== null || this.idlePlaylists < IDLE_PLAYLISTS)
      return;
    const { buffered } = this.video;
    const last = buffered.length - 1;
    if (last < 0) return;
    const [fromS, toS] = [buffered.start(last) - ROUNDING_S, buffered.end(last) + ROUNDING_S];
    for (const part of partList)
      if (!part.loaded && part.start >= fromS && part.end <= toS) Object.assign(part, { gap: true });
  }

  /**
   * hls.js (1.7.4) would do so whenever the picture comes to the next segment, and where that falls between a part's load and
   * its parsing it drops what it knows of that segment: it finds "no media" in it, and does not play its parts. Behind
   * a part that is in the buffer there is none on its way.
   */
  private trimBackBuffer(): void {
    if (this.details === null || this.loading !== null) return;
    const { buffered, currentTime } = this.video;
    const targetS = this.details.targetduration;
    // By whole segments: each removal costs, and Chromium removes whole groups of pictures only.
    const endOffset = Math.floor(currentTime / targetS) * targetS - Math.max(BACK_BUFFER_S, targetS);
    if (buffered.length > 0 && buffered.start(0) < endOffset)
      this.hls.trigger(Events.BUFFER_FLUSHING, { startOffset: 0, endOffset, type: null });
  }

  /**
   * Where the picture has come to a hole it goes on behind it as soon as there is media: hls.js waits until it has seen the
   * picture stand still, and for longer where only a part is missing.
   * @param pictureS the place of the picture, s
   */
  private passHole(pictureS: number): void {
    const { buffered, seeking } = this.video;
    if (this.disposed || seeking) return;
    for (let next = 1; next < buffered.length; next += 1) {
      const [endS, goesOnS] = [buffered.end(next - 1), buffered.start(next)];
      if (pictureS < endS - LAST_PICTURE_S || pictureS >= goesOnS) continue;
      this.video.currentTime = goesOnS;
      this.pace.fallBack();
      return;
    }
  }

  private keepPace(): void {
    const { targetLatency, latency } = this.hls;
    if (this.disposed || this.details === null || targetLatency === null) return;
    if (this.latency === 'relaxed' && latency >= targetLatency - NEARLY_RELAXED_S)
      this.hls.config.lowLatencyMode = false;
    const nowMs = this.clock.now();
    const excessS = latency - targetLatency;
    const wantedRate = this.pace.rate(nowMs, excessS, this.bufferAheadMs());
    const catchUpRate = this.catchUpTurns.rate(this, wantedRate);
    if (catchUpRate !== 1) this.endMove?.();
    else if (this.endMove !== null) return;
    const { playbackRate, currentTime } = this.video;
    const isCalm = catchUpRate === 1 && playbackRate === 1;
    const move = isCalm ? this.beat.move(nowMs, currentTime, excessS) : null;
    if (move !== null) this.beginMove(move);
    else if (playbackRate !== catchUpRate) this.video.playbackRate = catchUpRate;
  }

  private beginMove({ rate, forMs }: BeatMove): void {
    this.video.playbackRate = rate;
    const cancel = this.clock.after(forMs, () => {
      this.endMove = null;
      this.video.playbackRate = 1;
    });
    this.endMove = () => {
      this.endMove = null;
      cancel();
    };
  }

  /** How far behind the live edge a stream with parts is played. */
  private applyLatency({ partHoldBack, holdBack, targetduration }: LevelDetails): void {
    this.hls.targetLatency =
      this.latency === 'relaxed'
        ? targetduration + RELAXED_CUSHION_S
        : partHoldBack || holdBack || this.hls.config.liveSyncDurationCount * targetduration;
  }

  /** The incoming stream starts at the shown one's picture time where its window allows (rule 6); `null` elsewhere. */
  private alignedPositionS(details: LevelDetails): number | null {
    const wantedMs = this.options.startAtProgramDateTimeMs;
    if (wantedMs === null) return null;
    const fragment = details.fragments.find(
      ({ programDateTime, duration }) =>
        programDateTime != null &&
        programDateTime <= wantedMs &&
        wantedMs < programDateTime + duration * 1000,
    );
    if (fragment?.programDateTime == null) return null;
    const wholeS = details.targetduration + ALIGNED_CUSHION_MS / 1000;
    const latestS =
      details.partTarget === 0 || this.isRelaxed()
        ? details.fragmentEnd - wholeS
        : details.edge - ALIGNED_CUSHION_PARTS * details.partTarget;
    return Math.min(fragment.start + (wantedMs - fragment.programDateTime) / 1000, latestS);
  }

  private onError(data: ErrorData): void {
    if (data.details === ErrorDetails.BUFFER_STALLED_ERROR) {
      // The tile judges the picture by its frames. After several nudges hls.js ends its loads: they go on.
      if (data.fatal) this.reloadLater();
      return;
    }
    if (data.type === ErrorTypes.NETWORK_ERROR) {
      if (channelOf(data) === 'playlist') this.playlistAskedMs = null;
      const cause = networkCause(data);
      // Loads that hls.js itself gave up for another place in the stream are no evidence.
      if (cause !== null) {
        this.complain(channelOf(data), cause, this.clock.now(), networkWords(data));
        if (isMissingPart(data)) this.leaveOut(data);
        else this.noteMissing(data, cause);
      }
      if (data.fatal) this.reloadLater();
      return;
    }
    if (data.details === ErrorDetails.FRAG_PARSING_ERROR) {
      if (!data.fatal && this.hasPartsOf(data.frag)) return;
      this.complain('media', 'not-media', this.clock.now());
      if (data.fatal) this.reloadLater();
      return;
    }
    if (data.fatal) this.report({ type: 'failed', cause: 'decode' });
  }

  /**
   * hls.js (1.7.4) may find no media in a segment whose parts it has put into the buffer: it forgets them when the playlist
   * comes between that has the segment as a whole.
   */
  private hasPartsOf(frag: ErrorData['frag']): boolean {
    const parts = this.details?.partList?.filter((part) => part.fragment.sn === frag?.sn) ?? [];
    return parts.some(({ loaded }) => loaded);
  }

  private complain(channel: 'playlist' | 'media', cause: EvidenceCause, atMs: number, words?: string): void {
    this.report({ type: 'evidence', evidence: { channel, cause, sinceMs: atMs }, words });
  }

  private leaveOut({ part }: ErrorData): void {
    this.loading = null;
    if (part == null) return;
    this.missingParts.add(part);
    this.missingParts.leaveOut(this.details?.partList ?? []);
  }

  /**
   * A piece that is missing is asked for once more, as it may only be late. If it is missing then as well, hls.js goes
   * on behind it as soon as the stream has later ones, or one hole would end the picture of a stream that goes on.
   */
  private noteMissing({ frag, fatal }: ErrorData, cause: EvidenceCause): void {
    if (frag === undefined || frag.sn === 'initSegment') return;
    this.noteAsked(fatal && isMissing(cause) ? 'missing' : 'there');
  }

  private noteAsked(asked: 'there' | 'missing'): void {
    if (this.asked === asked) return;
    this.asked = asked;
    const { fragLoadPolicy } = this.hls.config;
    this.hls.config.fragLoadPolicy = {
      default: { ...fragLoadPolicy.default, errorRetry: asked === 'there' ? null : SKIP },
    };
  }

  private reloadLater(): void {
    if (this.endReload !== null) return;
    this.endReload = this.clock.after(RELOAD_MS, () => {
      this.endReload = null;
      if (this.disposed) return;
      // Before the first playlist there is nothing to go on from.
      if (this.hls.levels.length === 0) this.hls.loadSource(this.hls.url ?? '');
      else this.hls.startLoad(-1);
    });
  }
}

/** Only forwards: a restart, or an older copy of the playlist, proves nothing. */
function edgeMoved(previous: LevelDetails, next: LevelDetails): boolean {
  if (next.endSN !== previous.endSN) return next.endSN > previous.endSN;
  if (next.lastPartSn !== previous.lastPartSn) return next.lastPartSn > previous.lastPartSn;
  return next.lastPartIndex > previous.lastPartIndex;
}

function edgeOf({ endSN, lastPartSn, lastPartIndex }: LevelDetails): EdgePlace {
  return lastPartSn > endSN && lastPartIndex >= 0
    ? { sequence: lastPartSn, part: lastPartIndex }
    : { sequence: endSN, part: null };
}

function channelOf(data: ErrorData): 'playlist' | 'media' {
  return data.frag === undefined ? 'playlist' : 'media';
}

function networkCause(data: ErrorData): EvidenceCause | null {
  switch (data.details) {
    case ErrorDetails.MANIFEST_LOAD_TIMEOUT:
    case ErrorDetails.LEVEL_LOAD_TIMEOUT:
    case ErrorDetails.FRAG_LOAD_TIMEOUT:
    case ErrorDetails.KEY_LOAD_TIMEOUT:
      return 'timeout';
    case ErrorDetails.MANIFEST_PARSING_ERROR:
    case ErrorDetails.LEVEL_PARSING_ERROR:
    case ErrorDetails.LEVEL_EMPTY_ERROR:
      return 'not-a-playlist';
    case ErrorDetails.MANIFEST_LOAD_ERROR:
    case ErrorDetails.LEVEL_LOAD_ERROR:
    case ErrorDetails.FRAG_LOAD_ERROR:
    case ErrorDetails.KEY_LOAD_ERROR: {
      const status = data.response?.code ?? 0;
      return status === 0 ? 'reset' : causeOfResponse(status, responseHeader(data, REASON_HEADER));
    }
    default:
      return null;
  }
}

function networkWords(data: ErrorData): string | undefined {
  return wordsOfReason(responseHeader(data, REASON_TEXT_HEADER));
}

function responseHeader({ networkDetails }: ErrorData, name: string): string | null {
  return networkDetails instanceof Response ? networkDetails.headers.get(name) : null;
}

function policy(firstByteMs: number, loadMs: number): LoadPolicy {
  return {
    default: {
      maxTimeToFirstByteMs: firstByteMs,
      maxLoadTimeMs: loadMs,
      timeoutRetry: null,
      errorRetry: null,
    },
  };
}

/** Deadlines by target duration: first byte 1.5 T and at least 1 s, the whole load 3 T (field-notes.md). */
function applyTarget(config: HlsConfig, targetMs: number): void {
  const first = Math.max(1000, 1.5 * targetMs);
  const whole = Math.max(2000, 3 * targetMs);
  config.fragLoadPolicy = policy(first, whole);
  config.playlistLoadPolicy = policy(first, whole);
}

/** Values of field-notes.md, "hls.js", unless said otherwise. */
function hlsConfig(
  own: Pick<HlsConfig, 'loader' | 'pLoader' | 'workerPath'>,
  latency: Latency,
): Partial<HlsConfig> {
  const load = policy(Math.max(1000, 1.5 * ASSUMED_TARGET_MS), 3 * ASSUMED_TARGET_MS);
  return {
    ...own,
    errorController: PictureKeepingErrors,
    enableWorker: true,
    backBufferLength: Number.POSITIVE_INFINITY,
    maxBufferLength: 6,
    maxMaxBufferLength: 12,
    // After each stall hls.js would stay a second further behind the live edge.
    liveSyncOnStallIncrease: 0,
    // See CatchUp: with 1 hls.js leaves the rate alone.
    maxLiveSyncPlaybackRate: 1,
    capLevelToPlayerSize: true,
    testBandwidth: false,
    startFragPrefetch: true,
    lowLatencyMode: latency === 'low',
    manifestLoadPolicy: load,
    playlistLoadPolicy: load,
    fragLoadPolicy: load,
  };
}
