import type Hls from 'hls.js';
import {
  AttrList,
  type AudioTrackSwitchedData,
  type BufferAppendingData,
  type ErrorData,
  ErrorDetails,
  ErrorTypes,
  Events,
  type FragmentLoaderContext,
  type HlsConfig,
  type LevelDetails,
  type MediaAttributes,
} from 'hls.js';
import workerUrl from 'hls.js/dist/hls.worker.js?url';
import { type EvidenceCause, isMissing } from '../../shared/cause.ts';
import type { Quality, Stream } from '../../shared/config.ts';
import { sitePathname } from '../../shared/gateway-contract.ts';
import type { Latency } from '../../shared/hot-standby.ts';
import type { EdgePlace } from '../../shared/playlist/live-edge.ts';
import { AppendedVideo } from './appended-video.ts';
import { BackBuffer } from './back-buffer.ts';
import { createMediaLoader, createPlaylistLoader } from './bridge-loader.ts';
import type { CanShow } from './can-show.ts';
import { CatchUp } from './catch-up.ts';
import type { CatchUpTurns } from './catch-up-turns.ts';
import type { Clock } from './clock.ts';
import { isClockJump } from './clock-jump.ts';
import { type BeatMove, FrameBeat } from './frame-beat.ts';
import { FrameSource, type PresentedFrame } from './frame-source.ts';
import {
  applyLiveDistance,
  applyMissing,
  applyTarget,
  createHls as createWallHls,
  hlsConfig,
  type MissingMedia,
} from './hls-config.ts';
import { KeyFrameSearch, type Listed } from './key-frame-search.ts';
import { channelOf, failureCause, networkCause, networkWords } from './load-errors.ts';
import { LoadRate } from './load-rate.ts';
import { MediaIntake } from './media-intake.ts';
import { MissingParts } from './missing-parts.ts';
import { isMissingPart } from './picture-keeping-errors.ts';
import type { Player, PlayerFactory, PlayerOptions, PlayerReport, PlaylistLoads } from './player.ts';
import { PlaylistSession } from './playlist-session.ts';
import type { BridgedGateway } from './transport.ts';
import { WorkerGroups } from './worker-groups.ts';

/** An aligned start keeps this much of it, ms, or with parts so many of them: the picture must not run dry at once. */
const ALIGNED_CUSHION_MS = 350;
const ALIGNED_CUSHION_PARTS = 2;
/** A jump towards the live edge leaves this much media ahead, ms. */
const AHEAD_AFTER_JUMP_MS = 300;
/** What a jump may fall short of its target by, to be caught up, s. */
const CATCHABLE_S = 3;
/** Wait before a load that failed is tried again while the picture may still go on, ms. */
const RELOAD_MS = 500;
/** So many playlists with new parts, none of which hls.js asked for: it is stuck, see {@link HlsPlayer.passBuffered}. */
const IDLE_PLAYLISTS = 2;
/** What two clocks of media may differ by, s. */
const ROUNDING_S = 0.01;
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
/** How hls.js (1.7.4) begins to tell that it found neither video nor audio in a segment. */
const NO_MEDIA_FOUND = 'Found no media';
/** hls.js leaves out the audio in a stream's segments where it is told that the sound comes from elsewhere. */
const SOUND_ELSEWHERE: AudioTrackSwitchedData = {
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

/** What the players of a window share. */
export interface HlsPlayerDeps {
  readonly clock: Clock;
  readonly catchUpTurns: CatchUpTurns;
  readonly gateway: BridgedGateway;
  readonly canShow: CanShow;
  /** hls.js itself, unless a test looks at what is asked of it. */
  readonly createHls?: (config: Partial<HlsConfig>) => Hls;
}

/** Creates players on hls.js. */
export function createHlsPlayerFactory(deps: HlsPlayerDeps): PlayerFactory {
  const workers = new WorkerGroups(workerUrl);
  return (stream, options, report) => new HlsPlayer(stream, options, report, deps, workers.join());
}

/**
 * hls.js on one video element. hls.js retries nothing by itself, so the first error is evidence at once; the
 * load is then tried again at a steady pace as long as the player lives, for a stream that comes back before
 * the tile has left it goes on without a cut.
 */
class HlsPlayer implements Player {
  readonly video: HTMLVideoElement;
  private readonly clock: Clock;
  private readonly catchUpTurns: CatchUpTurns;
  private readonly canShow: CanShow;
  private readonly hls: Hls;
  private readonly session: PlaylistSession;
  private readonly intake: MediaIntake;
  private readonly frames: FrameSource;
  private readonly appended = new AppendedVideo();
  private readonly backBuffer = new BackBuffer();
  private readonly rate = new LoadRate();
  private pace = new CatchUp();
  private readonly beat = new FrameBeat();
  /** Media that is on its way. */
  private loading: { readonly sinceMs: number; readonly durationMs: number } | null = null;
  private details: LevelDetails | null = null;
  /** By which hls.js's deadlines and distances were set, ms; 0 before the first playlist. */
  private appliedTargetMs = 0;
  /** Whether a playlist has come since the jump to the live edge. */
  private edge: 'known' | 'awaited' = 'known';
  /** A picture before this place is of a count that has ended: how old it is, its place does not tell, s. */
  private comparableFromS = Number.NEGATIVE_INFINITY;
  /** What the video buffer adds to the times of what is appended, s. */
  private offsetS = 0;
  /** Of the newest media in the buffer; `null` before the first. */
  private bufferedDiscontinuity: number | null = null;
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
  /** Before there is media in the buffer. */
  private search = new KeyFrameSearch();
  /** While the search waits for another segment. */
  private searchedFrom: Listed | null = null;
  /** Where the player was to begin, s; `null` before the first playlist. */
  private beginAtS: number | null = null;
  /** Where the picture is to be, though its media begins earlier, s; `null` once it is there. */
  private joinAtS: number | null = null;
  /** After the site did not have the piece of media that was asked for last, `skip`. */
  private missing: MissingMedia = 'wait';
  /** Playlists with new parts since media was asked for, or put into the buffer. */
  private idlePlaylists = 0;
  private readonly missingParts = new MissingParts();
  private latency: Latency;
  private isAgeing = false;
  private hasFailed = false;
  private disposed = false;

  constructor(
    stream: Stream,
    private readonly options: PlayerOptions,
    private readonly report: (report: PlayerReport) => void,
    { clock, catchUpTurns, gateway, canShow, createHls = createWallHls }: HlsPlayerDeps,
    private readonly worker: ReturnType<WorkerGroups['join']>,
  ) {
    this.clock = clock;
    this.catchUpTurns = catchUpTurns;
    this.canShow = canShow;
    this.latency = options.latency;
    const root = sitePathname(stream.route, stream.path);
    this.session = new PlaylistSession(root, stream.variant, canShow, clock);
    this.intake = new MediaIntake(canShow, (cause) => this.fail(cause));
    const loads = {
      session: this.session,
      unplayable: (cause: EvidenceCause) => this.fail(cause),
      media: (bytes: Uint8Array<ArrayBuffer>, context: FragmentLoaderContext) => this.take(bytes, context),
    };
    const loader = createMediaLoader(clock, gateway, loads);
    const pLoader = createPlaylistLoader(clock, gateway, loads);
    this.hls = createHls(hlsConfig({ loader, pLoader, workerPath: worker.workerPath }, options.latency));
    applyLiveDistance(this.hls.config);
    this.video = document.createElement('video');
    this.video.muted = true;
    this.video.autoplay = true;
    this.video.playsInline = true;
    this.video.disablePictureInPicture = true;
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
    this.hls.loadSource(new URL(root, location.href).href);
  }

  bufferAheadMs(): number {
    const { buffered, currentTime } = this.video;
    for (let index = 0; index < buffered.length; index += 1)
      if (buffered.start(index) <= currentTime + 0.1 && currentTime <= buffered.end(index))
        return (buffered.end(index) - currentTime) * 1000;
    return 0;
  }

  behindLiveMs(): number | null {
    if (this.details === null || this.newest === null || this.edge === 'awaited') return null;
    if (this.newest.mediaTimeS < this.comparableFromS) return null;
    // The edge is as old as its last move: a playlist that stands still does not make a tile live.
    const edgeAgeMs = this.clock.now() - this.edgeMovedAtMs;
    return (this.details.edge - this.newest.mediaTimeS) * 1000 + edgeAgeMs;
  }

  targetDurationMs(): number | null {
    if (this.details === null) return null;
    return Math.max(this.details.targetduration * 1000, this.session.longestMs());
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

  setVariant(variant: Quality): void {
    this.session.want(variant);
    if (!this.session.wantsAnother()) return;
    // Before the first picture there is none to lose; afterwards another player shows the other variant first.
    if (this.newest === null) this.beginAnew();
    else this.age();
  }

  goLive(): void {
    this.edge = 'awaited';
    // A playlist that was asked for before may come from before.
    this.hls.stopLoad();
    if (this.details !== null) this.details.requestScheduled = -1;
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
    this.worker.leave();
    // Chromium frees a removed media element only after this.
    this.video.removeAttribute('src');
    this.video.load();
    this.video.remove();
  }

  /** From the stream's own address, as long as nothing is on the screen. */
  private beginAnew(): void {
    this.details = null;
    this.bufferedDiscontinuity = this.beginAtS = this.joinAtS = null;
    this.search = new KeyFrameSearch();
    this.searchedFrom = null;
    this.hls.loadSource(this.hls.url ?? '');
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
      Events.MANIFEST_PARSED,
      whileAlive(() => hls.trigger(Events.AUDIO_TRACK_SWITCHED, SOUND_ELSEWHERE)),
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
        this.noteAsked('wait');
        const { duration, stats } = part ?? frag;
        this.rate.loaded(duration * 1000, stats.loading.end - stats.loading.start);
        if (this.rate.isTooSlow()) this.complain('media', 'too-slow', this.clock.now());
      }),
    );
    hls.on(
      Events.BUFFER_APPENDING,
      whileAlive((_event, data) => this.noteAppended(data)),
    );
    // Buffered means fetched, parsed and accepted by the decoder's buffer.
    hls.on(
      Events.FRAG_BUFFERED,
      whileAlive((_event, { frag }) => {
        this.idlePlaylists = 0;
        if (frag.sn !== 'initSegment' && !this.rate.isTooSlow())
          this.report({ type: 'proof', channel: 'media' });
        this.hasHole = this.video.buffered.length > 1;
        this.join();
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
    this.edge = 'known';
    this.missingParts.leaveOut(details.partList ?? []);
    this.report({ type: 'progress' });
    const moved = previous !== null && edgeMoved(previous, details);
    const nowMs = this.clock.now();
    if (previous === null || moved) this.edgeMovedAtMs = nowMs;
    this.unmovedMs = nowMs - this.edgeMovedAtMs;
    if (previous !== null && beganAnew(previous, details)) this.comparableFromS = details.fragmentStart;
    if (moved) {
      this.report({ type: 'proof', channel: 'playlist', edge: this.edgeOf(details) });
      this.passBuffered(details);
    }
    // Some servers say so each time, and go on.
    if (this.session.hasEnded() && previous !== null && !moved) this.complain('playlist', 'ended', nowMs);
    this.followTarget(details.targetduration * 1000);
    if (this.searchedFrom !== null) this.beginElsewhere(this.searchedFrom);
    if (previous !== null) return;
    if (this.latency === 'relaxed' && details.partTarget > 0) this.applyLatency(details);
    // A playlist that is too short does not let the picture begin as far behind as it should be.
    if ((this.hls.targetLatency ?? 0) > details.totalduration) this.pace.fallBack();
    // hls.js chose its place by the values before.
    const position = this.alignedPositionS(details) ?? this.hls.liveSyncPosition;
    if (position === null) return;
    this.beginAtS = position;
    this.hls.stopLoad();
    this.hls.startLoad(position);
  }

  private followTarget(targetMs: number): void {
    if (targetMs === this.appliedTargetMs) return;
    this.appliedTargetMs = targetMs;
    applyTarget(this.hls.config, targetMs, this.missing);
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
    const { buffered, currentTime } = this.video;
    if (this.details === null || this.loading !== null || buffered.length === 0) return;
    const endOffset = this.backBuffer.removableToS(
      Math.min(currentTime, this.newest?.mediaTimeS ?? currentTime),
      buffered.start(0),
      this.details.targetduration,
    );
    if (endOffset !== null)
      this.hls.trigger(Events.BUFFER_FLUSHING, { startOffset: 0, endOffset, type: null });
  }

  /** What hls.js is given of media in the clear: the video alone, from a key frame on. */
  private take(
    bytes: Uint8Array<ArrayBuffer>,
    { frag, part }: FragmentLoaderContext,
  ): Uint8Array<ArrayBuffer> | null {
    if (frag.sn === 'initSegment') {
      // With encrypted media all of it has to stay as it is: that cannot be changed before hls.js has it.
      if (!this.session.isEncrypted()) this.intake.initialisation(bytes);
      return bytes;
    }
    const { start, duration } = part ?? frag;
    const place = {
      sequence: frag.sn,
      part: part?.index ?? null,
      discontinuity: frag.cc,
      durationS: duration,
    };
    this.intake.media(bytes, place);
    if (this.bufferedDiscontinuity !== null || !this.intake.lacksKeyFrame(bytes)) return bytes;
    this.joinAtS ??= this.beginAtS ?? start;
    this.beginElsewhere({ sn: frag.sn, start, duration });
    return null;
  }

  /** @param segment one without a key frame, before which there is nothing in the buffer */
  private beginElsewhere(segment: Listed): void {
    this.loading = null;
    const next = this.search.next(segment, this.details?.fragments ?? []);
    this.searchedFrom = next === null ? segment : null;
    if (next !== null) this.hls.startLoad(next.start + next.duration / 2);
  }

  /** As soon as there is media from the key frame on, the picture goes where it should be. */
  private join(): void {
    if (this.joinAtS === null) return;
    const aheadS = this.joinAtS - this.video.currentTime;
    if (aheadS > 0 && this.bufferAheadMs() - AHEAD_AFTER_JUMP_MS < aheadS * 1000) return;
    if (aheadS > 0) this.video.currentTime = this.joinAtS;
    this.joinAtS = null;
  }

  private noteAppended({ type, data, offset, frag, part }: BufferAppendingData): void {
    if (type === 'audio') return;
    this.offsetS = offset ?? this.offsetS;
    const piece = this.appended.read(data, this.offsetS);
    if (piece === null || frag.sn === 'initSegment') return;
    this.bufferedDiscontinuity = frag.cc;
    this.backBuffer.add(piece);
    if (isClockJump(piece, part ?? frag)) this.age();
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
    if (
      data.details === ErrorDetails.FRAG_PARSING_ERROR ||
      data.details === ErrorDetails.FRAG_DECRYPT_ERROR
    ) {
      if (!data.fatal && this.hasPartsOf(data.frag)) return;
      const awaitsKeyFrame = this.awaitsKeyFrame(data);
      const cause = data.frag?.encrypted === true ? 'no-key' : 'not-media';
      if (!awaitsKeyFrame) this.complain('media', cause, this.clock.now());
      // Until there is a new segment, there is no new key frame.
      if (data.fatal) this.reloadLater(awaitsKeyFrame ? this.targetDurationMs() : null);
      return;
    }
    if (data.fatal || data.type === ErrorTypes.KEY_SYSTEM_ERROR) this.fail(failureCause(data, this.canShow));
  }

  private fail(cause: EvidenceCause): void {
    if (this.hasFailed || this.disposed) return;
    this.hasFailed = true;
    this.hls.stopLoad();
    this.report({ type: 'failed', cause });
  }

  /** Another player has to take this one's place soon. */
  private age(): void {
    if (this.isAgeing) return;
    this.isAgeing = true;
    this.report({ type: 'ageing' });
  }

  /** Up to the first key frame hls.js (1.7.4) finds no media, where there is media that cannot be shown yet. */
  private awaitsKeyFrame({ frag, reason }: ErrorData): boolean {
    return frag?.cc !== this.bufferedDiscontinuity && reason?.startsWith(NO_MEDIA_FOUND) === true;
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
    this.noteAsked(fatal && isMissing(cause) ? 'skip' : 'wait');
  }

  private noteAsked(missing: MissingMedia): void {
    if (this.missing === missing) return;
    this.missing = missing;
    applyMissing(this.hls.config, missing);
  }

  private reloadLater(waitMs: number | null = null): void {
    if (this.endReload !== null) return;
    this.endReload = this.clock.after(Math.max(RELOAD_MS, waitMs ?? 0), () => {
      this.endReload = null;
      if (this.disposed) return;
      // Before the first playlist there is nothing to go on from.
      if (this.hls.levels.length === 0) this.beginAnew();
      else this.hls.startLoad(-1);
    });
  }

  private edgeOf({ endSN, lastPartSn, lastPartIndex }: LevelDetails): EdgePlace {
    return lastPartSn > endSN && lastPartIndex >= 0
      ? { sequence: this.session.serverNumber(lastPartSn), part: lastPartIndex }
      : { sequence: this.session.serverNumber(endSN), part: null };
  }
}

/** Only forwards: an older copy of the playlist proves nothing. */
function edgeMoved(previous: LevelDetails, next: LevelDetails): boolean {
  if (next.endSN !== previous.endSN) return next.endSN > previous.endSN;
  if (next.lastPartSn !== previous.lastPartSn) return next.lastPartSn > previous.lastPartSn;
  return next.lastPartIndex > previous.lastPartIndex;
}

/** Whether all that the playlist has is behind a discontinuity, and so placed by nothing but the end of the one before. */
function beganAnew(previous: LevelDetails, next: LevelDetails): boolean {
  const first = next.fragments[0];
  return first !== undefined && first.sn > previous.endSN && first.cc > previous.endCC;
}
