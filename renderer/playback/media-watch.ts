import { type EvidenceCause, isLateness } from '../../shared/cause.ts';
import { newestMedia } from '../../shared/playlist/newest-media.ts';
import type { MediaPlaylist } from '../../shared/playlist/playlist.ts';
import type { Attention } from './attention.ts';
import { DeepCheck, type DeepCheckOptions, type Finding, isLasting } from './deep-check.ts';
import { PullDetection } from './pull-detection.ts';
import { mayBeUnknownSession } from './stream-address.ts';

/** Interval of the deep check of a healthy standby, ms (behaviour.md rule 3). */
export const DEEP_CHECK_MS = 15_000;
/** On a thin link it is at least this many times as long as the media that is looked at plays. */
const SPARING = 30;
/** Media that was found sound so often in succession is not doubted any more: it is looked at like a standby's. */
const SOUND_ENOUGH = 16;
/** A pull-driven stream is fetched from this often, ms: each fetch costs media, and go2rtc's sessions end 5 s after the last. */
const PULL_MS = 2000;

/** Looks at a stream's newest media when that is due, one look at a time. */
export class MediaWatch {
  readonly pull = new PullDetection();
  private readonly check: DeepCheck;
  private running: Promise<void> | null = null;
  private lastMs = Number.NEGATIVE_INFINITY;
  private lastFetchMs = Number.NEGATIVE_INFINITY;
  private soundInARow = 0;
  /** Looks in a row that found media late: a further one would make it later still. */
  private lateInARow = 0;
  /** For how long the media of the latest look plays, ms. */
  private pieceMs = 0;
  /** What the latest look came to. `lasting`: it stays so until the stream is another one. */
  private media: 'in order' | 'refused' | 'lasting' = 'in order';

  constructor(
    private readonly deps: DeepCheckOptions,
    private readonly listener: {
      /** Whether a look at media of this address still counts. */
      readonly counts: (pathname: string) => boolean;
      /** The session may be over. @returns whether another one is opened, so that this is no evidence yet */
      readonly renew: () => boolean;
      readonly onProof: (format: string | null) => void;
      readonly onEvidence: (cause: EvidenceCause, words: string | undefined) => void;
    },
  ) {
    this.check = new DeepCheck(deps);
  }

  /** Whether this workstation cannot show what the stream is: it is looked at calmly. */
  get isLasting(): boolean {
    return this.media === 'lasting';
  }

  get isLooking(): boolean {
    return this.running !== null;
  }

  /** How often a pull-driven stream is fetched from, ms; `null` for one that is not. */
  pullMs(): number | null {
    if (!this.pull.isPullDriven) return null;
    return this.isLasting ? DEEP_CHECK_MS : PULL_MS;
  }

  /** Whether the media is to be looked at with a move of the live edge. */
  isWanted(attention: Attention): boolean {
    // It is fetched from anyway.
    if (this.pull.isPullDriven || attention === 'shown') return false;
    const sinceMs = this.deps.clock.now() - this.lastMs;
    if (sinceMs >= this.calmMs()) return true;
    if (this.lateInARow > 0 && sinceMs < this.pieceMs * 2 ** this.lateInARow) return false;
    // Only between two looks can be seen whether the edge moves by itself.
    if (!this.pull.isKnown && this.soundInARow > 0) return false;
    return attention !== 'standby' && !this.isLasting && this.soundInARow < SOUND_ENOUGH;
  }

  /** From one look at a healthy standby to the next, ms. */
  private calmMs(): number {
    return this.deps.isLinkThin() ? Math.max(DEEP_CHECK_MS, SPARING * this.pieceMs) : DEEP_CHECK_MS;
  }

  /** The next look is due after a part of the interval, in [0, 1). */
  stagger(part: number): void {
    this.lastMs = this.deps.clock.now() - part * this.calmMs();
    this.soundInARow = 0;
  }

  /** The next look is due with the next move. */
  hurry(): void {
    this.lastMs = Number.NEGATIVE_INFINITY;
    this.soundInARow = 0;
  }

  /** The stream began anew: nothing that was seen of its media holds. */
  startAnew(): void {
    this.check.startAnew();
  }

  /**
   * Looks at the newest media; joins a look that is under way.
   * @param how `fetch`: only the newest piece, to see whether that moves the live edge
   */
  look(playlist: MediaPlaylist, pathname: string, how: 'check' | 'fetch'): Promise<void> {
    this.running ??= this.take(playlist, pathname, how).finally(() => {
      this.running = null;
    });
    return this.running;
  }

  private async take(playlist: MediaPlaylist, pathname: string, how: 'check' | 'fetch'): Promise<void> {
    const nowMs = this.deps.clock.now();
    const gatheredMs = nowMs - Math.max(this.lastFetchMs, nowMs - DEEP_CHECK_MS);
    this.lastMs = nowMs;
    this.lastFetchMs = nowMs;
    this.pieceMs = newestMedia(playlist)[0]?.durationMs ?? 0;
    this.pull.noteFetching(true, nowMs);
    const finding =
      how === 'fetch' || this.pull.isPullDriven
        ? await this.check.pull(playlist, pathname, gatheredMs)
        : await this.check.run(playlist, pathname);
    this.pull.noteFetching(false, this.deps.clock.now());
    if (finding === null || this.deps.signal.aborted) return;
    if (this.listener.counts(pathname)) this.judge(finding);
    else this.hurry();
  }

  private judge(finding: Finding): void {
    if (finding.kind === 'aborted') return;
    // What is still open is looked at again with the next move.
    if (finding.kind === 'unsure' || (finding.kind === 'alive' && finding.search === 'goes-on'))
      this.lastMs = Number.NEGATIVE_INFINITY;
    this.lateInARow = finding.kind === 'evidence' && isLateness(finding.cause) ? this.lateInARow + 1 : 0;
    if (finding.kind === 'alive') {
      this.media = 'in order';
      this.soundInARow += 1;
      this.listener.onProof(finding.format);
    }
    if (finding.kind !== 'evidence') return;
    this.soundInARow = 0;
    const { cause, keyFailure = cause, words } = finding;
    if (mayBeUnknownSession(keyFailure) && this.media === 'in order' && this.listener.renew()) return;
    this.media = isLasting(cause) ? 'lasting' : 'refused';
    this.listener.onEvidence(cause, words);
  }
}
