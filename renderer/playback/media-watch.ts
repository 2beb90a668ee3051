import { type EvidenceCause, isLateness, isUnusable } from '../../shared/cause.ts';
import { newestMedia } from '../../shared/playlist/newest-media.ts';
import type { MediaPlaylist } from '../../shared/playlist/playlist.ts';
import type { Attention } from './attention.ts';
import { DeepCheck, type DeepCheckOptions, type Finding, isLasting } from './deep-check.ts';
import { PullDetection } from './pull-detection.ts';
import { mayBeUnknownSession } from './stream-address.ts';

/** Least interval of the deep check of a healthy standby, ms (behaviour.md rule 3), */
export const DEEP_CHECK_MS = 15_000;
/** and how many times as long it is as the media that is looked at: checks cost at most a fifteenth of the stream. */
const CHECKED_SHARE = 15;
/** A doubted stream is looked at with each move of its live edge so often; then the wait doubles from look to look. */
const QUICK_LOOKS = 4;
/** A pull-driven stream is fetched from this often, ms: each fetch costs media, and go2rtc's sessions end 5 s after the last. */
const PULL_MS = 2000;

/** Looks at a stream's newest media when that is due, one look at a time. */
export class MediaWatch {
  readonly pull = new PullDetection();
  private readonly check: DeepCheck;
  private running: Promise<void> | null = null;
  private lastMs = Number.NEGATIVE_INFINITY;
  private lastFetchMs = Number.NEGATIVE_INFINITY;
  /** Looks that media was loaded for since the stream came into doubt. */
  private looks = 0;
  /** For how long the media of the latest look plays, ms. */
  private pieceMs = 0;
  /** The latest look left a question that the next piece can answer. */
  private isOpen = false;
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
    if (this.pull.isPullDriven || attention === 'shown' || attention === 'spare') return false;
    // Only between two looks can be seen whether the edge moves by itself.
    const mayHurry = this.pull.isKnown || this.looks === 0;
    const isDoubted = attention !== 'standby' && !this.isLasting && mayHurry;
    const waitMs = this.isOpen || isDoubted ? Math.min(this.calmMs(), this.doubtMs()) : this.calmMs();
    return this.deps.clock.now() - this.lastMs >= waitMs;
  }

  /** From one look at a healthy standby to the next, ms. */
  private calmMs(): number {
    return Math.max(DEEP_CHECK_MS, CHECKED_SHARE * this.pieceMs);
  }

  /** Least time to the next look at a doubted stream, ms. */
  private doubtMs(): number {
    return this.looks < QUICK_LOOKS ? 0 : this.pieceMs * 2 ** (this.looks - QUICK_LOOKS);
  }

  /** The next look is due after a part of the interval, in [0, 1). */
  stagger(part: number): void {
    this.lastMs = this.deps.clock.now() - part * this.calmMs();
    this.looks = 0;
  }

  /** The next look is due with the next move. */
  hurry(): void {
    this.lastMs = Number.NEGATIVE_INFINITY;
    this.looks = 0;
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
    this.pull.noteFetching(true);
    const finding =
      how === 'fetch' || this.pull.isPullDriven
        ? await this.check.pull(playlist, pathname, gatheredMs)
        : await this.check.run(playlist, pathname);
    this.pull.noteFetching(false);
    if (finding === null || this.deps.signal.aborted) return;
    if (this.listener.counts(pathname)) this.judge(finding);
    else this.hurry();
  }

  private judge(finding: Finding): void {
    if (finding.kind === 'aborted') return;
    this.isOpen = finding.kind === 'unsure' || (finding.kind === 'alive' && finding.search === 'goes-on');
    // A refusal costs nobody much.
    this.looks = finding.kind === 'evidence' && !isOfMedia(finding.cause) ? 0 : this.looks + 1;
    if (finding.kind === 'alive') {
      this.media = 'in order';
      this.listener.onProof(finding.format);
    }
    if (finding.kind !== 'evidence') return;
    const { cause, keyFailure = cause, words } = finding;
    if (mayBeUnknownSession(keyFailure) && this.media === 'in order' && this.listener.renew()) return;
    this.media = isLasting(cause) ? 'lasting' : 'refused';
    this.listener.onEvidence(cause, words);
  }
}

/** Whether media was loaded, or a part of it, before it was refused. */
function isOfMedia(cause: EvidenceCause): boolean {
  return isUnusable(cause) || isLateness(cause);
}
