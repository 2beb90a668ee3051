import { type EvidenceCause, isLateness } from '../../shared/cause.ts';
import { newestMedia } from '../../shared/playlist/newest-media.ts';
import type { MediaPlaylist } from '../../shared/playlist/playlist.ts';
import type { Attention } from './attention.ts';
import { DeepCheck, type DeepCheckOptions, type Finding, isLasting } from './deep-check.ts';
import { PullDetection } from './pull-detection.ts';
import { mayBeUnknownSession } from './stream-address.ts';

/** Interval of the deep checks of a healthy standby, ms (rule 3). */
export const DEEP_CHECK_MS = 15_000;
/** On a thin link, the interval is at least this many times the playing time of the media that is fetched. */
const SPARING = 30;
/** After this many checks in succession that found sound media, the media is checked as rarely as a standby's. */
const SOUND_ENOUGH = 16;
/**
 * Interval of fetches from a pull-driven stream, ms. Each fetch costs media, but go2rtc's sessions end 5 s after the last
 * one.
 */
const PULL_MS = 2000;

/** Checks a stream's newest media when that is due, one check at a time. */
export class MediaWatch {
  readonly pull = new PullDetection();
  private readonly check: DeepCheck;
  private running: Promise<void> | null = null;
  private lastMs = Number.NEGATIVE_INFINITY;
  private lastFetchMs = Number.NEGATIVE_INFINITY;
  private soundInARow = 0;
  /** Consecutive checks that found media late. Another check would make the media later still. */
  private lateInARow = 0;
  /** Playing time of the media in the latest check, ms. */
  private pieceMs = 0;
  /** The result of the latest check. `lasting`: the refusal lasts until the stream itself changes. */
  private media: 'in order' | 'refused' | 'lasting' = 'in order';

  constructor(
    private readonly deps: DeepCheckOptions,
    private readonly listener: {
      /** Whether a check of media at this address still counts. */
      readonly counts: (pathname: string) => boolean;
      /** The session may have ended. @returns whether another one is opened, so that this is no evidence yet */
      readonly renew: () => boolean;
      readonly onProof: (format: string | null) => void;
      readonly onEvidence: (cause: EvidenceCause, words: string | undefined) => void;
    },
  ) {
    this.check = new DeepCheck(deps);
  }

  /** Whether this workstation cannot show this stream. Then its media is checked rarely. */
  get isLasting(): boolean {
    return this.media === 'lasting';
  }

  get isLooking(): boolean {
    return this.running !== null;
  }

  /** Interval of fetches from a pull-driven stream, ms; `null` for other streams. */
  pullMs(): number | null {
    if (!this.pull.isPullDriven) return null;
    return this.isLasting ? DEEP_CHECK_MS : PULL_MS;
  }

  /** Whether the media has to be checked with this move of the live edge. */
  isWanted(attention: Attention): boolean {
    // A pull-driven stream, and a shown one, is fetched from in any case.
    if (this.pull.isPullDriven || attention === 'shown') return false;
    const sinceMs = this.deps.clock.now() - this.lastMs;
    if (sinceMs >= this.calmMs()) return true;
    if (this.lateInARow > 0 && sinceMs < this.pieceMs * 2 ** this.lateInARow) return false;
    // Whether the edge moves by itself can only be seen between two checks.
    if (!this.pull.isKnown && this.soundInARow > 0) return false;
    return attention !== 'standby' && !this.isLasting && this.soundInARow < SOUND_ENOUGH;
  }

  /** Interval between two checks of a healthy standby, ms. */
  private calmMs(): number {
    return this.deps.isLinkThin() ? Math.max(DEEP_CHECK_MS, SPARING * this.pieceMs) : DEEP_CHECK_MS;
  }

  /** Makes the next check due after this part of the interval, in [0, 1). */
  stagger(part: number): void {
    this.lastMs = this.deps.clock.now() - part * this.calmMs();
    this.soundInARow = 0;
  }

  /** Makes the next check due with the next move. */
  hurry(): void {
    this.lastMs = Number.NEGATIVE_INFINITY;
    this.soundInARow = 0;
  }

  /** The stream began anew: earlier results do not count any more. */
  startAnew(): void {
    this.check.startAnew();
  }

  /**
   * Checks the newest media, or joins a check that is running.
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
    // An open question is checked again with the next move.
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
