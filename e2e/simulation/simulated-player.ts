import type { Player, PlayerOptions, PlayerReport, PlaylistLoads } from '../../renderer/playback/player.ts';
import type { EvidenceCause } from '../../shared/cause.ts';
import type { Clock } from '../../shared/clock.ts';
import type { EdgePlace } from '../../shared/playlist/live-edge.ts';
import type { PlayerFacts } from './invariants.ts';
import { PulledSession } from './pulled-session.ts';
import type { Random } from './random.ts';
import { type Edge, type Origin, SEGMENTS_LISTED } from './simulated-origin.ts';
import { simulatedLuma } from './simulated-picture.ts';

/** Wait before a failed load is tried again, ms: as in the player on hls.js. */
const RELOAD_MS = 500;
/** Minimum time between an answer and the next request for the playlist, ms. */
const LEAST_RELOAD_MS = 50;
/** Media never counts as late before this time, ms: as in the player on hls.js. */
const LEAST_LATE_MS = 250;
/** Time from the first media to its first frame, ms. */
const DECODE_MS = { least: 40, most: 120 };
/** Interval at which a paused picture is checked, ms. */
const STANDING_LOOK_MS = 200;
/** Time from the report of a media time jump until the picture stops, ms. */
export const AGED_MS = 20_000;
/** A player this many target durations behind jumps to the live edge (`liveMaxLatencyDurationCount`). */
const LATEST_TARGETS = 6;

/** What a simulated player needs from the world. */
export interface PlayerWorld {
  readonly clock: Clock;
  readonly random: Random;
  readonly origin: Origin;
  /** Milliseconds since 1970 of the site's clock at the virtual clock's zero, before any jump. */
  readonly epochZeroMs: number;
  /** A hidden page presents nothing. */
  hidden(): boolean;
  /** A frame was presented; called before the tile gets it. */
  onFrame(atMs: number): void;
  onEvidence(cause: EvidenceCause): void;
  /** It cannot play the media that it got. */
  onFailed(): void;
  /** Its picture stops now, {@link AGED_MS} after it reported that it would. */
  onAged(): void;
  onDisposed(): void;
}

/**
 * A player without a real picture: it loads from an {@link Origin} as hls.js would (the next piece when the playlist
 * moved, one load at a time, half a second after a failure), and presents a frame per interval as long as it has media.
 * It reports what the player on hls.js reports.
 */
export class SimulatedPlayer implements Player, PlayerFacts {
  readonly video: HTMLVideoElement;
  disposed = false;
  framesPresented = 0;
  lastFrameMs: number | null = null;
  private loaded: number | null = null;
  /** Its own session, where the site makes media on request. */
  private session: PulledSession | null = null;
  /** The end of its media on the player's own timeline, ms. */
  private endMs = 0;
  /** The picture on the player's own timeline, ms. */
  private positionMs = 0;
  private edgeUnits: number | null = null;
  private edgeMovedMs = 0;
  private unmovedMs = 0;
  private requestedMs = 0;
  private awaitsPlaylist = false;
  /** When the media in transfer was requested. */
  private mediaAskedMs: number | null = null;
  private lastSequence = 0;
  private frameDueMs = 0;
  private framing: 'not yet' | 'running' | 'dry' | 'aged' = 'not yet';
  private readonly startedMs: number;
  /** When it reported that its picture would soon stop. */
  private agesFromMs: number | null = null;
  /** After a jump to it, the live edge is known only with the next playlist. */
  private edgeIsKnown = true;
  private endLoad: () => void = () => {};
  private endFrame: () => void = () => {};
  private readonly unitMs: number;
  private readonly unitsPerSegment: number;

  constructor(
    readonly streamId: string,
    private readonly options: PlayerOptions,
    private readonly report: (report: PlayerReport) => void,
    private readonly world: PlayerWorld,
  ) {
    // The engine only passes the element to the picture stack.
    this.video = { player: this } as unknown as HTMLVideoElement;
    const { targetMs, partMs } = world.origin.encoding;
    this.unitMs = partMs ?? targetMs;
    this.unitsPerSegment = Math.round(targetMs / this.unitMs);
    this.startedMs = world.clock.now();
    this.loadPlaylist();
  }

  bufferAheadMs(): number {
    if (this.lastFrameMs === null) return this.endMs - this.positionMs;
    const sinceMs = Math.min(this.world.clock.now() - this.lastFrameMs, this.frameMs());
    return Math.max(0, this.endMs - this.positionMs - (this.framing === 'running' ? sinceMs : 0));
  }

  behindLiveMs(): number | null {
    if (this.edgeUnits === null || this.loaded === null || this.lastFrameMs === null) return null;
    if (!this.edgeIsKnown) return null;
    const unloadedMs = (this.edgeUnits - this.loaded) * this.unitMs;
    return this.endMs - this.positionMs + unloadedMs + this.world.clock.now() - this.edgeMovedMs;
  }

  targetDurationMs(): number | null {
    return this.edgeUnits === null ? null : this.world.origin.encoding.targetMs;
  }

  partTargetMs(): number | null {
    return this.edgeUnits === null ? null : this.world.origin.encoding.partMs;
  }

  programDateTimeMs(mediaTimeS: number): number | null {
    if (this.loaded === null) return null;
    const endOfLoaded = this.world.origin.dateTimeMs(
      Math.floor(this.loaded / this.unitsPerSegment),
      this.world.epochZeroMs,
    );
    return endOfLoaded === null ? null : endOfLoaded - (this.endMs - mediaTimeS * 1000);
  }

  mediaIsLate(): boolean {
    if (this.mediaAskedMs === null) return false;
    return this.world.clock.now() - this.mediaAskedMs > Math.max(LEAST_LATE_MS, this.unitMs);
  }

  playlistLoads(): PlaylistLoads {
    const unansweredMs = this.awaitsPlaylist ? this.world.clock.now() - this.requestedMs : 0;
    return { unansweredMs, unmovedMs: this.unmovedMs };
  }

  presentedFrames(): number {
    return this.framesPresented;
  }

  droppedFrames(): number {
    return 0;
  }

  /** The luma of its newest frame. */
  luma(): Uint8Array {
    return simulatedLuma(this.world.origin.picture(), Math.round(this.positionMs / this.frameMs()));
  }

  /** Does nothing: simulated sites have time for every part. */
  setLatency(): void {}

  isRelaxed(): boolean {
    return false;
  }

  setVariant(): void {}

  goLive(): void {
    const { targetMs, partMs } = this.world.origin.encoding;
    const aheadMs = partMs === null ? 2 * targetMs : 3 * partMs;
    this.positionMs = Math.max(this.positionMs, this.endMs - aheadMs);
    this.edgeIsKnown = false;
    this.awakeFrames();
  }

  dispose(): void {
    this.disposed = true;
    this.endLoad();
    this.endFrame();
    this.world.onDisposed();
  }

  private loadPlaylist(): void {
    const { origin, random, clock } = this.world;
    const { targetMs } = origin.encoding;
    const deadlineMs = Math.max(1000, 1.5 * targetMs);
    this.requestedMs = clock.now();
    this.awaitsPlaylist = true;
    const answer = origin.answer('playlist', 0, random);
    if (answer.kind === 'never' || answer.afterMs >= deadlineMs)
      this.endLoad = clock.after(deadlineMs, () => this.fail('playlist', 'timeout'));
    else if (answer.kind === 'failed')
      this.endLoad = clock.after(answer.afterMs, () => this.fail('playlist', answer.cause));
    else this.endLoad = clock.after(answer.afterMs, () => this.onPlaylist());
  }

  private onPlaylist(): void {
    const { origin, clock } = this.world;
    const nowMs = clock.now();
    this.awaitsPlaylist = false;
    if (!origin.servesPlaylists()) {
      this.fail('playlist', 'not-a-playlist');
      return;
    }
    if (origin.isPulled() && (this.session === null || this.session.isOver(nowMs))) {
      this.openSession(nowMs);
      return;
    }
    const edge = this.session?.edge() ?? origin.edge(nowMs);
    const units = this.unitsOf(edge);
    this.edgeIsKnown = true;
    const previous = this.edgeUnits;
    this.edgeUnits = units;
    this.lastSequence = edge.sequence;
    if (previous === null || units > previous) this.edgeMovedMs = nowMs;
    this.unmovedMs = nowMs - this.edgeMovedMs;
    this.report({ type: 'progress' });
    if (this.disposed) return;
    if (previous !== null && units > previous)
      this.report({ type: 'proof', channel: 'playlist', edge: placeOf(edge) });
    if (this.disposed) return;
    const latest = this.unitsIn(LATEST_TARGETS * origin.encoding.targetMs);
    if (this.loaded === null || units < this.loaded || units - this.loaded > latest) this.begin(units);
    this.loadNext(previous === null || units > previous);
  }

  /** Opens a session: its segment numbers start again, and its playlist is requested next. */
  private openSession(nowMs: number): void {
    this.session = new PulledSession(this.world.origin, nowMs);
    this.edgeUnits = null;
    this.loaded = null;
    this.loadPlaylist();
  }

  /** Begins two segments behind the live edge, or three parts where there are parts, or at the requested time. */
  private begin(units: number): void {
    const { targetMs, partMs } = this.world.origin.encoding;
    let behindMs = partMs === null ? 2 * targetMs : 3 * partMs;
    const wantedMs = this.loaded === null ? this.options.startAtProgramDateTimeMs : null;
    const edgeMs = this.world.origin.dateTimeMs(this.lastSequence + 1, this.world.epochZeroMs);
    // Never closer to the edge than without a requested time: otherwise the buffer would be empty before the next piece comes.
    if (wantedMs !== null && edgeMs !== null && edgeMs - wantedMs < SEGMENTS_LISTED * targetMs)
      behindMs = Math.max(behindMs, edgeMs - wantedMs);
    const pieces = Math.min(units, Math.ceil(behindMs / this.unitMs));
    this.loaded = units - pieces;
    this.positionMs = this.endMs + Math.max(0, pieces * this.unitMs - behindMs);
  }

  private loadNext(moved: boolean): void {
    const { origin, random, clock } = this.world;
    const { targetMs, partMs } = origin.encoding;
    if (this.loaded === null || this.edgeUnits === null) return;
    if (this.loaded >= this.edgeUnits) {
      // As hls.js schedules it: from request to request, so that round trips do not add up.
      const waitMs = partMs ?? (moved ? targetMs : targetMs / 2);
      const dueMs = Math.max(clock.now() + LEAST_RELOAD_MS, this.requestedMs + waitMs);
      this.endLoad = clock.after(dueMs - clock.now(), () => this.loadPlaylist());
      return;
    }
    const startedMs = clock.now();
    this.mediaAskedMs = startedMs;
    const deadlineMs = Math.max(2000, 3 * targetMs);
    const firstByteMs = Math.max(1000, 1.5 * targetMs);
    const answered = origin.answer('media', this.unitMs, random);
    const answer = this.session?.answer(answered, startedMs) ?? answered;
    if (answer.kind === 'never') this.endLoad = clock.after(firstByteMs, () => this.fail('media', 'timeout'));
    else if (answer.afterMs >= deadlineMs)
      this.endLoad = clock.after(deadlineMs, () => this.fail('media', 'timeout'));
    else if (answer.kind === 'failed')
      this.endLoad = clock.after(answer.afterMs, () => this.fail('media', answer.cause));
    else this.endLoad = clock.after(answer.afterMs, () => this.onMedia(clock.now() - startedMs, moved));
  }

  private onMedia(elapsedMs: number, moved: boolean): void {
    const { origin, clock } = this.world;
    this.mediaAskedMs = null;
    // The failure of a request in an ended session is no evidence: the playlist is requested again.
    if (this.session?.isOver(clock.now())) {
      this.loadPlaylist();
      return;
    }
    this.report({ type: 'progress' });
    if (this.disposed) return;
    if (origin.undecodable()) {
      this.world.onEvidence('decode');
      this.world.onFailed();
      this.report({ type: 'failed', cause: 'decode' });
      return;
    }
    if (origin.mediaIsBad() || origin.unreadable()) {
      this.fail('media', 'not-media');
      return;
    }
    if (this.loaded === null) return;
    // As the player on hls.js reports appended media.
    this.loaded += 1;
    this.endMs += this.session?.take(clock.now()) ?? this.unitMs;
    if (elapsedMs > this.unitMs && this.session === null) this.reportEvidence('media', 'too-slow');
    else this.report({ type: 'proof', channel: 'media' });
    if (this.disposed) return;
    if (this.agesFromMs === null && origin.hasJumpedSince(this.startedMs)) {
      this.agesFromMs = clock.now();
      this.report({ type: 'ageing' });
      if (this.disposed) return;
    }
    this.awakeFrames();
    this.loadNext(moved);
  }

  private fail(channel: 'playlist' | 'media', cause: EvidenceCause): void {
    this.awaitsPlaylist = false;
    this.reportEvidence(channel, cause);
    if (!this.disposed) this.endLoad = this.world.clock.after(RELOAD_MS, () => this.loadPlaylist());
  }

  private reportEvidence(channel: 'playlist' | 'media', cause: EvidenceCause): void {
    this.world.onEvidence(cause);
    this.report({ type: 'evidence', evidence: { channel, cause, sinceMs: this.world.clock.now() } });
  }

  private awakeFrames(): void {
    if (
      this.framing === 'running' ||
      this.framing === 'aged' ||
      this.endMs - this.positionMs < this.frameMs()
    )
      return;
    const waitMs =
      this.framing === 'not yet' ? this.world.random.between(DECODE_MS.least, DECODE_MS.most) : 0;
    this.framing = 'running';
    this.nextFrame(waitMs);
  }

  private frame(): void {
    const { clock, origin } = this.world;
    const frameMs = this.frameMs();
    const nowMs = clock.now();
    if (origin.pictureStalls() || this.world.hidden()) {
      this.nextFrame(STANDING_LOOK_MS);
      return;
    }
    if (this.agesFromMs !== null && nowMs - this.agesFromMs >= AGED_MS) {
      this.framing = 'aged';
      this.world.onAged();
      return;
    }
    const aheadMs = this.endMs - this.positionMs;
    if (aheadMs < frameMs) {
      this.framing = 'dry';
      return;
    }
    // Of the frames that a late event loop missed, only the newest is reported.
    const missed = Math.floor((nowMs - this.frameDueMs) / frameMs);
    this.positionMs += frameMs * Math.min(missed + 1, Math.floor(aheadMs / frameMs));
    this.framesPresented += 1;
    this.lastFrameMs = nowMs;
    this.nextFrame(frameMs);
    this.world.onFrame(nowMs);
    this.report({ type: 'frame', frame: { atMs: nowMs, mediaTimeS: this.positionMs / 1000 } });
  }

  private nextFrame(afterMs: number): void {
    this.frameDueMs = this.world.clock.now() + afterMs;
    this.endFrame = this.world.clock.after(afterMs, () => this.frame());
  }

  private frameMs(): number {
    return this.world.origin.encoding.frameMs;
  }

  private unitsOf({ sequence, parts }: Edge): number {
    return (sequence + 1) * this.unitsPerSegment + parts;
  }

  private unitsIn(ms: number): number {
    return Math.ceil(ms / this.unitMs);
  }
}

/** In the form of a playlist. */
function placeOf({ sequence, parts }: Edge): EdgePlace {
  return parts === 0 ? { sequence, part: null } : { sequence: sequence + 1, part: parts - 1 };
}
