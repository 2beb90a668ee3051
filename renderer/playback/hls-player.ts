import type Hls from 'hls.js';
import {
  type BufferAppendingData,
  type ErrorData,
  ErrorDetails,
  ErrorTypes,
  Events,
  type FragmentLoaderContext,
  type HlsConfig,
  type LevelDetails,
} from 'hls.js';
import workerUrl from 'hls.js/dist/hls.worker.js?url';
import { type EvidenceCause, isMissing } from '../../shared/cause.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Quality, Stream } from '../../shared/config/config.ts';
import { sitePathname } from '../../shared/gateway/gateway-contract.ts';
import type { Latency } from '../../shared/hot-allotment.ts';
import { alignedStartS } from './aligned-start.ts';
import { AppendGuard } from './append-guard.ts';
import { createMediaLoader, createPlaylistLoader } from './bridge-loader.ts';
import { BufferCare } from './buffer-care.ts';
import type { CanShow } from './can-show.ts';
import type { CatchUpTurns } from './catch-up-turns.ts';
import { isOverBudgetUnderKey } from './encrypted-budget.ts';
import { FollowedPlaylist } from './followed-playlist.ts';
import { FrameSource, type PresentedFrame } from './frame-source.ts';
import { GivenInit } from './given-init.ts';
import {
  applyLatency,
  applyLead,
  applyLiveDistance,
  applyMissing,
  applyTarget,
  createHls as createWallHls,
  hlsConfig,
  type MissingMedia,
  replaceInit,
  SOUND_ELSEWHERE,
} from './hls-config.ts';
import { KeyFrameStart } from './key-frame-start.ts';
import type { LinkMeter } from './link-meter.ts';
import {
  awaitsKeyFrame,
  channelOf,
  failureCause,
  hasPartsOf,
  namedCause,
  networkCause,
  networkWords,
} from './load-errors.ts';
import { MediaIntake } from './media-intake.ts';
import { MediaLoads } from './media-loads.ts';
import { MissingParts } from './missing-parts.ts';
import { inTurns } from './next-turn.ts';
import { errorsAfterLook, isMissingPart } from './picture-keeping-errors.ts';
import type { Player, PlayerFactory, PlayerOptions, PlayerReport, PlaylistLoads } from './player.ts';
import { PlayerPace } from './player-pace.ts';
import { PlaylistSession } from './playlist-session.ts';
import { SessionDoubt } from './session-doubt.ts';
import { gatewayOf, type HostGateway } from './transport.ts';
import { WorkerGroups } from './worker-groups.ts';

/** Least media ahead of the picture after a jump towards the live edge, ms. */
const AHEAD_AFTER_JUMP_MS = 300;
/** A jump may end this far before its target, s: the player catches up the rest. */
const CATCHABLE_S = 3;
/** Time until a failed load is tried again while the picture may still continue, ms. */
const RELOAD_MS = 500;
/** After this many playlists with new parts of which hls.js requested none, it is stuck: {@link HlsPlayer.passBuffered}. */
const IDLE_PLAYLISTS = 2;
/** The player stops to play by parts once the picture is this near to its place for whole segments, s. */
const NEARLY_RELAXED_S = 0.3;
/** What the players of a window share. */
export interface HlsPlayerDeps {
  readonly clock: Clock;
  readonly catchUpTurns: CatchUpTurns;
  readonly gateway: HostGateway;
  readonly linkMeter: LinkMeter;
  readonly canShow: CanShow;
  /** Creates hls.js. Tests replace it to see the calls. */
  readonly createHls?: (config: Partial<HlsConfig>) => Hls;
}

/** Creates players on hls.js. */
export function createHlsPlayerFactory(deps: HlsPlayerDeps): PlayerFactory {
  const workers = new WorkerGroups(workerUrl);
  return (stream, options, report) => new HlsPlayer(stream, options, report, deps, workers.join());
}

/**
 * hls.js on one video element. hls.js itself retries nothing, so the first error is evidence at once. The load is then tried
 * again at a steady pace as long as the player lives: a stream that comes back before the tile has left it continues without
 * an interruption.
 */
class HlsPlayer implements Player {
  readonly video: HTMLVideoElement;
  private readonly clock: Clock;
  private readonly canShow: CanShow;
  private readonly hls: Hls;
  private readonly session: PlaylistSession;
  private readonly doubt: SessionDoubt;
  private readonly intake: MediaIntake;
  private readonly init: GivenInit;
  private readonly guard = new AppendGuard();
  private readonly frames: FrameSource;
  private readonly playlist: FollowedPlaylist;
  private readonly buffer: BufferCare;
  private readonly pace: PlayerPace;
  private readonly loads: MediaLoads;
  /** The target duration for which hls.js's deadlines and distances were set, ms; 0 before the first playlist. */
  private appliedTargetMs = 0;
  private newest: PresentedFrame | null = null;
  private endReload: (() => void) | null = null;
  /** Finds the place to start at while there is no media in the buffer. */
  private start = new KeyFrameStart();
  /** Where the picture should begin, s; `null` before the first playlist. */
  private startS: number | null = null;
  /** `skip` after the site did not have the last requested piece of media. */
  private missing: MissingMedia = 'wait';
  /** Playlists with new parts since media was last requested or appended. */
  private idlePlaylists = 0;
  private readonly missingParts = new MissingParts();
  private latency: Latency;
  private isAgeing = false;
  /** Where the media begins that this player cannot decode but the next player can, s. */
  private endS: number | null = null;
  private hasFailed = false;
  private disposed = false;

  /** Nothing will be loaded any more. */
  private get isDone(): boolean {
    return this.disposed || this.hasFailed;
  }

  constructor(
    stream: Stream,
    private readonly options: PlayerOptions,
    private readonly report: (report: PlayerReport) => void,
    { clock, catchUpTurns, gateway: host, linkMeter, canShow, createHls = createWallHls }: HlsPlayerDeps,
    private readonly worker: ReturnType<WorkerGroups['join']>,
  ) {
    this.clock = clock;
    this.canShow = canShow;
    this.latency = options.latency;
    const root = sitePathname(stream.route, stream.path);
    const gateway = gatewayOf(host, stream.route);
    this.session = new PlaylistSession(root, stream.variant, canShow, clock);
    this.doubt = new SessionDoubt(this.session, clock, () => this.loadAgain());
    // The load time of media that is made on request says nothing about the link.
    this.loads = new MediaLoads((durationMs) => {
      const toldMs = this.session.isMadeOnDemand() ? null : durationMs;
      return linkMeter.begin(stream.siteId, stream.quality, options.use, toldMs);
    });
    this.intake = new MediaIntake(canShow, (cause) => this.fail(cause));
    this.init = new GivenInit(gateway);
    const loads = {
      siteUrl: new URL(sitePathname(stream.route, ''), location.href).href,
      session: this.session,
      unplayable: (cause: EvidenceCause) => this.fail(cause),
      media: this.take.bind(this),
      encryptedMedia: this.takeEncrypted.bind(this),
    };
    const loader = createMediaLoader(clock, gateway, loads);
    const pLoader = createPlaylistLoader(clock, gateway, loads);
    const errorController = errorsAfterLook((data) => this.guardBuffer(data));
    const { workerPath } = worker;
    this.hls = createHls(hlsConfig({ loader, pLoader, workerPath, errorController }, options.latency));
    applyLiveDistance(this.hls.config);
    this.video = document.createElement('video');
    this.video.muted = true;
    this.video.autoplay = true;
    this.video.playsInline = true;
    this.video.disablePictureInPicture = true;
    this.playlist = new FollowedPlaylist(this.session, clock);
    this.buffer = new BufferCare(this.video, () => this.age());
    this.pace = new PlayerPace(this.video, clock, catchUpTurns);
    this.frames = new FrameSource(this.video, clock, (frame) => {
      if (!this.start.isThere(frame.mediaTimeS)) return;
      this.newest = frame;
      this.pace.frame(frame.mediaTimeS);
      this.report({ type: 'frame', frame });
      if (this.buffer.hasHole) this.passHole(frame.mediaTimeS);
    });
    this.video.addEventListener('waiting', () => this.passHole(this.video.currentTime));
    this.video.addEventListener('timeupdate', () => this.keepPace());
    this.listen();
    this.hls.attachMedia(this.video);
    this.hls.loadSource(new URL(root, location.href).href);
  }

  bufferAheadMs(): number {
    return this.buffer.aheadMs();
  }

  behindLiveMs(): number | null {
    return this.playlist.behindLiveMs(this.newest?.mediaTimeS ?? null);
  }

  targetDurationMs(): number | null {
    return this.playlist.targetDurationMs();
  }

  partTargetMs(): number | null {
    return this.playlist.partTargetMs();
  }

  programDateTimeMs(mediaTimeS: number): number | null {
    return this.playlist.programDateTimeMs(this.endS ?? mediaTimeS);
  }

  mediaIsLate(): boolean {
    return this.loads.isLate(this.clock.now());
  }

  playlistLoads(): PlaylistLoads {
    return this.playlist.loads();
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
    const { details } = this.playlist;
    // A playing picture falls back first: otherwise it would stall until there are whole segments.
    if (latency === 'low' || details === null) this.hls.config.lowLatencyMode = latency === 'low';
    if (details === null || details.partTarget === 0) return;
    applyLatency(this.hls, latency, details);
    this.pace.beginAnew();
    if (latency === 'relaxed') this.pace.fallBack();
  }

  isRelaxed(): boolean {
    return this.partTargetMs() !== null && !this.hls.config.lowLatencyMode;
  }

  setVariant(variant: Quality): void {
    this.session.want(variant);
    if (!this.session.wantsAnother()) return;
    this.beginOver();
  }

  goLive(): void {
    if (this.isDone) return;
    this.loads.startAnew();
    this.playlist.awaitEdge();
    // A playlist that was requested before the jump may describe the stream before it.
    if (this.playlist.details === null) this.beginAnew();
    else this.loadAgain();
    const target = this.hls.liveSyncPosition;
    if (target !== null && Number.isFinite(target)) {
      const { currentTime } = this.video;
      const reachable = currentTime + (this.bufferAheadMs() - AHEAD_AFTER_JUMP_MS) / 1000;
      // Into buffered media the picture jumps at once, and then catches up the rest.
      const isNear = reachable > currentTime && target - reachable < CATCHABLE_S;
      this.video.currentTime = isNear ? Math.min(target, reachable) : target;
    }
    void this.video.play().catch(() => {});
  }

  dispose(): void {
    this.disposed = true;
    this.loads.end();
    this.endReload?.();
    this.frames.stop();
    this.pace.stop();
    this.hls.destroy();
    this.worker.leave();
    // Chromium frees a removed media element only after this.
    this.video.removeAttribute('src');
    this.video.load();
    this.video.remove();
  }

  /** Begins at the stream's own address. Only while no picture is on the screen. */
  private beginAnew(): void {
    this.playlist.beginAnew();
    this.buffer.beginAnew();
    this.intake.beginAnew();
    this.start = new KeyFrameStart();
    this.startS = null;
    this.hls.loadSource(this.hls.url ?? '');
  }

  /** Begins anew where there is no picture to lose. Otherwise another player takes over once it has a picture. */
  private beginOver(): void {
    if (this.newest === null) this.beginAnew();
    else this.age();
  }

  /** Requests the playlist at once. */
  private loadAgain(): void {
    this.hls.stopLoad();
    this.load();
  }

  /** Continues at the end of the buffered media. Without any, hls.js would start at the beginning of the playlist. */
  private load(): void {
    const isEmpty = this.buffer.newestDiscontinuity === null;
    this.hls.startLoad(isEmpty ? (this.hls.liveSyncPosition ?? -1) : -1);
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
      whileAlive(() => this.playlist.asked()),
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
        this.loads.begin((part ?? frag).duration * 1000, this.clock.now());
      }),
    );
    hls.on(
      Events.FRAG_LOADED,
      whileAlive((_event, { frag, part }) => {
        // The media itself is with hls.js's worker now.
        const { duration, stats } = part ?? frag;
        this.loads.end(stats.loaded);
        if (stats.loaded > 0) this.report({ type: 'progress' });
        if (frag.sn === 'initSegment') return;
        this.noteAsked('wait');
        this.loads.loaded(duration * 1000, stats.loading.end - stats.loading.start);
        if (this.loads.isTooSlow()) this.reportEvidence('media', 'too-slow', this.clock.now());
      }),
    );
    hls.on(
      Events.BUFFER_APPENDING,
      whileAlive((_event, data) => this.buffer.appending(data)),
    );
    // Buffered media was fetched, parsed and accepted by the decoder's buffer.
    hls.on(
      Events.FRAG_BUFFERED,
      whileAlive((_event, { frag }) => {
        this.idlePlaylists = 0;
        if (frag.sn !== 'initSegment' && !this.loads.isTooSlow())
          this.report({ type: 'proof', channel: 'media' });
        this.goToStart();
        this.trimBackBuffer();
        this.passHole(this.video.currentTime);
        if (!this.start.mayBegin(this.buffer.newestAheadS())) this.video.pause();
        else if (this.video.paused) void this.video.play().catch(() => {});
      }),
    );
    hls.on(
      Events.ERROR,
      whileAlive((_event, data) => this.onError(data)),
    );
  }

  private onPlaylist(details: LevelDetails): void {
    this.doubt.playlistCame();
    const step = this.playlist.came(details);
    this.missingParts.leaveOut(details.partList ?? []);
    this.report({ type: 'progress' });
    if (step === 'moved') {
      this.report({ type: 'proof', channel: 'playlist', edge: this.playlist.edgeOf(details) });
      this.passBuffered(details);
    }
    if (step === 'unmoved' && this.playlist.isOver())
      this.reportEvidence('playlist', 'ended', this.clock.now());
    this.followTarget(details.targetduration * 1000);
    if (step === 'first') this.beginAt(details);
    else this.startLoadAt(this.start.listed(details.fragments));
  }

  private beginAt(details: LevelDetails): void {
    if (this.latency === 'relaxed' && details.partTarget > 0) applyLatency(this.hls, 'relaxed', details);
    // The playlist is too short for the picture to begin as far behind the live edge as it should be.
    if ((this.hls.targetLatency ?? 0) > details.totalduration) this.pace.fallBack();
    const byParts = details.partTarget > 0 && !this.isRelaxed();
    this.startS =
      alignedStartS(details, this.options.startAtProgramDateTimeMs, byParts) ?? this.hls.liveSyncPosition;
    if (this.startS === null) return;
    // hls.js chose its place before these values were set.
    this.hls.stopLoad();
    this.hls.startLoad(this.startS);
  }

  private startLoadAt(placeS: number | null): void {
    if (placeS !== null) this.hls.startLoad(placeS);
  }

  private followTarget(targetMs: number): void {
    if (targetMs === this.appliedTargetMs) return;
    this.appliedTargetMs = targetMs;
    applyTarget(this.hls.config, targetMs, this.missing);
  }

  /**
   * hls.js (1.7.4) may forget that a part was loaded when a playlist comes at the same time. It then requests nothing behind that
   * segment until the buffer is dry, a second later. So parts that are in the buffer are marked as gaps, which hls.js skips.
   */
  private passBuffered({ partList }: LevelDetails): void {
    this.idlePlaylists += 1;
    if (partList === null || this.isRelaxed() || this.loads.isLoading || this.idlePlaylists < IDLE_PLAYLISTS)
      return;
    for (const part of partList)
      if (!part.loaded && this.buffer.holds(part)) Object.assign(part, { gap: true });
  }

  /**
   * Removes media behind the picture while no other media is being loaded. hls.js (1.7.4) itself would remove it whenever the
   * picture reaches the next segment. When that happens between a part's load and its parsing, hls.js drops what it knows of the
   * segment: it reports "no media" there, and does not play its parts.
   */
  private trimBackBuffer(): void {
    const { details } = this.playlist;
    if (details === null || this.loads.isLoading) return;
    const { currentTime } = this.video;
    const pictureS = Math.min(currentTime, this.newest?.mediaTimeS ?? currentTime);
    const endOffset = this.buffer.removableToS(pictureS, details.targetduration);
    if (endOffset !== null)
      this.hls.trigger(Events.BUFFER_FLUSHING, { startOffset: 0, endOffset, type: null });
  }

  /** Keeps media out of the buffer that must not be decoded. The player fails by such media. */
  private guardBuffer(data: BufferAppendingData): void {
    const objection = data.type === 'audio' ? null : this.guard.objectionTo(data.data);
    if (objection === null) return;
    data.data = new Uint8Array(0);
    this.fail(objection);
  }

  /** What hls.js is given for media in the clear: only the video, from a key frame on. */
  private async take(
    bytes: Uint8Array<ArrayBuffer>,
    context: FragmentLoaderContext,
    isOver: () => boolean,
  ): Promise<Uint8Array<ArrayBuffer> | null> {
    const { frag, part } = context;
    if (frag.sn === 'initSegment') {
      this.init.note(bytes, context);
      // Beside encrypted media everything stays unchanged, because that media cannot be changed before hls.js has it.
      if (!this.session.isEncrypted()) await inTurns(this.intake.initialisation(bytes));
      return bytes;
    }
    if (this.init.isDoubtedBy(bytes)) await this.renewInit(frag);
    if (this.isDone || isOver()) return null;
    const { start, duration } = part ?? frag;
    const place = {
      sequence: frag.sn,
      part: part?.index ?? null,
      discontinuity: frag.cc,
      durationS: duration,
    };
    await inTurns(this.intake.media(bytes, place));
    if (this.isDone || isOver()) return null;
    if (await inTurns(this.intake.isOfUse(bytes, place))) return bytes;
    if (this.isDone || isOver()) return null;
    this.loads.end();
    const placeS = this.buffer.newestDiscontinuity === null ? (this.startS ?? start) : null;
    const fragments = this.playlist.details?.fragments ?? [];
    this.startLoadAt(this.start.withheld({ sn: frag.sn, start, duration }, placeS, fragments));
    return null;
  }

  /** Keeps media that is too much work from hls.js, which decrypts in the worker that several players share. */
  private async takeEncrypted(
    bytes: Uint8Array<ArrayBuffer>,
    { frag: { decryptdata } }: FragmentLoaderContext,
  ): Promise<Uint8Array<ArrayBuffer> | null> {
    if (decryptdata === null || !(await isOverBudgetUnderKey(bytes, decryptdata))) return bytes;
    this.fail('not-media');
    return null;
  }

  /** @param frag gets the site's present initialisation section, where that one differs from the given one */
  private async renewInit(frag: FragmentLoaderContext['frag']): Promise<void> {
    const bytes = await this.init.renewed();
    if (bytes === null || this.disposed) return;
    await inTurns(this.intake.initialisation(bytes));
    if (this.disposed) return;
    replaceInit(frag, bytes);
  }

  private goToStart(): void {
    const placeS = this.start.goTo(this.video.currentTime, this.bufferAheadMs() / 1000);
    if (placeS !== null) this.video.currentTime = placeS;
    applyLead(this.hls.config, this.start.leadS(this.video.currentTime));
  }

  /** @param pictureS the place of the picture, s */
  private passHole(pictureS: number): void {
    if (!this.disposed && this.buffer.passHole(pictureS)) this.pace.fallBack();
  }

  private keepPace(): void {
    const { targetLatency, latency } = this.hls;
    if (this.disposed || this.playlist.details === null || targetLatency === null) return;
    if (this.latency === 'relaxed' && latency >= targetLatency - NEARLY_RELAXED_S)
      this.hls.config.lowLatencyMode = false;
    this.pace.keep(latency - targetLatency, this.bufferAheadMs());
  }

  private onError(data: ErrorData): void {
    if (data.details === ErrorDetails.BUFFER_STALLED_ERROR) {
      // The tile judges the picture by its frames. After several attempts to
      // unstick it, hls.js stops its loads: they are resumed.
      if (data.fatal) this.reloadLater();
      return;
    }
    if (data.type === ErrorTypes.NETWORK_ERROR) {
      if (channelOf(data) === 'playlist') this.playlist.failed();
      const answer = networkCause(data);
      // There is no evidence in loads that hls.js gave up for another place in
      // the stream, nor in those of an ended session.
      if (answer !== null && !(channelOf(data) === 'media' && this.doubt.excuses(answer))) {
        const cause = namedCause(data, answer);
        this.reportEvidence(channelOf(data), cause, this.clock.now(), networkWords(data));
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
      if (!data.fatal && hasPartsOf(data.frag, this.playlist.details?.partList ?? [])) return;
      const isBeforeKeyFrame = awaitsKeyFrame(data, this.buffer.newestDiscontinuity);
      const cause = data.frag?.encrypted === true ? 'no-key' : 'not-media';
      const atMs = this.clock.now();
      if (!isBeforeKeyFrame) void this.unlessOutdated(() => this.reportEvidence('media', cause, atMs));
      // A new key frame cannot come before a new segment.
      if (data.fatal) this.reloadLater(isBeforeKeyFrame ? this.targetDurationMs() : null);
      return;
    }
    if (!data.fatal && data.type !== ErrorTypes.KEY_SYSTEM_ERROR) return;
    const cause = failureCause(data, this.canShow);
    if (cause === 'decode') void this.unlessOutdated(() => this.fail(cause));
    else this.fail(cause);
  }

  /**
   * Blames the stream for media that cannot be played, unless that media belongs to another initialisation section than this
   * player has: then the stream has no fault.
   */
  private async unlessOutdated(report: () => void): Promise<void> {
    const isOutdated = this.init.isKnown && (await this.init.renewed()) !== null;
    if (this.isDone) return;
    if (!isOutdated) return report();
    this.hls.stopLoad();
    // The decoder is some pictures ahead of the screen. The other encoding begins behind these, with a new segment.
    if (this.newest !== null) this.endS = this.playlist.segmentEndS(this.newest.mediaTimeS);
    this.beginOver();
  }

  private fail(cause: EvidenceCause): void {
    if (this.isDone) return;
    this.hasFailed = true;
    this.loads.end();
    this.endReload?.();
    this.hls.stopLoad();
    this.report({ type: 'failed', cause });
  }

  /** Another player has to replace this one soon. */
  private age(): void {
    if (this.isAgeing) return;
    this.isAgeing = true;
    this.report({ type: 'ageing' });
  }

  private reportEvidence(
    channel: 'playlist' | 'media',
    cause: EvidenceCause,
    atMs: number,
    words?: string,
  ): void {
    this.report({ type: 'evidence', evidence: { channel, cause, sinceMs: atMs }, words });
  }

  private leaveOut({ part }: ErrorData): void {
    this.loads.end();
    if (part == null) return;
    this.missingParts.add(part);
    this.missingParts.leaveOut(this.playlist.details?.partList ?? []);
  }

  /**
   * A missing piece is requested once more, because it may only be late. When it is missing again, hls.js skips it as soon as the
   * stream has later media. Otherwise one hole would end the picture of a stream that is alive.
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
    if (this.endReload !== null || this.isDone) return;
    this.endReload = this.clock.after(Math.max(RELOAD_MS, waitMs ?? 0), () => {
      this.endReload = null;
      // Before the first playlist there is nothing to continue.
      if (this.hls.levels.length === 0) this.beginAnew();
      else this.load();
    });
  }
}
