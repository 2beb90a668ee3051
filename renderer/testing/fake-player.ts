import type { EvidenceCause } from '../../shared/cause.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Quality, Stream } from '../../shared/config/config.ts';
import type { Latency } from '../../shared/hot-allotment.ts';
import type { Player, PlayerOptions, PlayerReport, PlaylistLoads } from '../playback/player.ts';
import { fakeLuma } from './fake-picture.ts';
import type { FakeSite } from './fake-site.ts';

/** Time from the first playlist to the first frame, ms. */
const DECODE_MS = 100;

/**
 * A player under virtual time: fetches one segment per target duration from a {@link FakeSite}, plays it frame by frame, and
 * reports what hls.js would.
 */
export class FakePlayer implements Player {
  readonly video: HTMLVideoElement;
  disposed = false;
  /** Frozen on purpose: loads continue, frames do not. */
  frozen = false;
  /** Whether the page does not see its frames. */
  hidesFrames = false;
  /** How much further it is behind the live edge than a live player at its start, ms. */
  lagMs = 0;
  latency: Latency;
  variant: Quality;
  private readonly aborter = new AbortController();
  private sequence = -1;
  /** After a jump to the live edge, the edge is known with the next playlist. */
  private edge: 'known' | 'unknown' = 'known';
  private playlistAskedMs: number | null = null;
  private movedAtMs = 0;
  private unmovedMs = 0;
  private bufferedMs = 0;
  private playedMs = 0;
  private newestMs = 0;
  private presented = 0;
  private ends: (() => void)[] = [];

  constructor(
    readonly stream: Stream,
    readonly options: PlayerOptions,
    private readonly report: (report: PlayerReport) => void,
    private readonly clock: Clock,
    private readonly site: FakeSite,
  ) {
    this.latency = options.latency;
    this.variant = stream.variant;
    // The engine only passes the element on to the stack.
    this.video = { player: this } as unknown as HTMLVideoElement;
    void this.load();
    this.later(site.delayMs + DECODE_MS, () => this.frame());
  }

  bufferAheadMs(): number {
    return this.bufferedMs - this.playedMs;
  }

  behindLiveMs(): number | null {
    return this.newestMs === 0 || this.edge === 'unknown' ? null : 2 * this.site.targetMs + this.lagMs;
  }

  targetDurationMs(): number | null {
    return this.site.targetMs;
  }

  partTargetMs(): number | null {
    return null;
  }

  programDateTimeMs(): number | null {
    return null;
  }

  mediaIsLate(): boolean {
    return true;
  }

  playlistLoads(): PlaylistLoads {
    const unansweredMs = this.playlistAskedMs === null ? 0 : this.clock.now() - this.playlistAskedMs;
    return { unansweredMs, unmovedMs: this.unmovedMs };
  }

  presentedFrames(): number {
    return this.presented;
  }

  droppedFrames(): number {
    return 0;
  }

  setLatency(latency: Latency): void {
    this.latency = latency;
  }

  isRelaxed(): boolean {
    return this.latency === 'relaxed';
  }

  setVariant(variant: Quality): void {
    this.variant = variant;
  }

  /** Reports that it will not play for long. */
  age(): void {
    this.report({ type: 'ageing' });
  }

  goLive(): void {
    this.lagMs = 0;
    this.edge = 'unknown';
    this.playedMs = Math.max(0, this.bufferedMs - this.site.targetMs);
  }

  /** The luma of its present picture. */
  luma(): Uint8Array {
    return fakeLuma(this.site.picture, Math.round(this.playedMs / this.site.frameMs));
  }

  dispose(): void {
    this.disposed = true;
    this.aborter.abort();
    for (const end of this.ends) end();
  }

  private async load(): Promise<void> {
    const options = { deadlineMs: 1.5 * this.site.targetMs, signal: this.aborter.signal };
    this.playlistAskedMs = this.clock.now();
    const playlist = await this.site.fetchText('', options);
    this.playlistAskedMs = null;
    if (this.disposed || playlist.kind === 'aborted') return;
    if (playlist.kind === 'failed') {
      this.reportEvidence('playlist', playlist.cause, playlist.words);
      this.later(500, () => void this.load());
      return;
    }
    this.edge = 'known';
    this.report({ type: 'progress' });
    const sequence = this.site.sequence();
    if (sequence > this.sequence) this.movedAtMs = this.clock.now();
    this.unmovedMs = this.clock.now() - this.movedAtMs;
    if (sequence > this.sequence) {
      const segment = await this.site.fetchBytes('', options);
      if (this.disposed || segment.kind === 'aborted') return;
      if (segment.kind === 'body' && this.site.unplayable !== null) {
        this.report({ type: 'failed', cause: this.site.unplayable });
        return;
      }
      if (segment.kind === 'failed') this.reportEvidence('media', segment.cause, segment.words);
      else {
        // A live player starts two segments behind the edge, and so gets both at once.
        const segments = this.sequence < 0 ? 2 : sequence - this.sequence;
        this.sequence = sequence;
        this.bufferedMs += segments * this.site.targetMs;
        const edge = { sequence: this.site.newestSequence(), part: null };
        this.report({ type: 'proof', channel: 'playlist', edge });
        this.report({ type: 'proof', channel: 'media' });
      }
    }
    this.later(this.site.targetMs / 2, () => void this.load());
  }

  private frame(): void {
    if (!this.frozen && this.bufferAheadMs() > 0) {
      this.playedMs += this.site.frameMs;
      this.newestMs = this.clock.now();
      this.presented += 1;
      if (!this.hidesFrames)
        this.report({ type: 'frame', frame: { atMs: this.newestMs, mediaTimeS: this.playedMs / 1000 } });
    }
    this.later(this.site.frameMs, () => this.frame());
  }

  private reportEvidence(channel: 'playlist' | 'media', cause: EvidenceCause, words?: string): void {
    this.report({ type: 'evidence', evidence: { channel, cause, sinceMs: this.clock.now() }, words });
  }

  private later(delayMs: number, callback: () => void): void {
    this.ends.push(this.clock.after(delayMs, callback));
  }
}
