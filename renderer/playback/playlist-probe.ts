import type { EvidenceCause } from '../../shared/cause.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Quality, Stream } from '../../shared/config/config.ts';
import { sitePathname } from '../../shared/gateway/gateway-contract.ts';
import { holdsNothing } from '../../shared/playlist/holds-nothing.ts';
import { newestMedia } from '../../shared/playlist/newest-media.ts';
import type { MediaPlaylist, MultivariantPlaylist } from '../../shared/playlist/playlist.ts';
import { type PlaylistReading, readPlaylist } from '../../shared/playlist/read-playlist.ts';
import type { Attention } from './attention.ts';
import type { CanShow } from './can-show.ts';
import { FIRST_ANSWER_MS } from './first-answer.ts';
import { type Answered, PlaylistAsks } from './playlist-asks.ts';
import type { SiteBudget } from './site-budget.ts';
import { mayBeUnknownSession, StreamAddress } from './stream-address.ts';
import type { Transport } from './transport.ts';
import { backoffMs } from './watch-schedule.ts';

/** A request without an answer may have been dropped: after this time a second one is sent beside it, ms. */
const HANG_MS = 3000;

/** What a probe needs to know about its stream, and what receives its answers. */
export interface ProbeListener {
  /** How closely the tile wants the stream to be watched. */
  readonly attention: () => Attention;
  /** Whether the stream was alive at this address a moment ago. */
  readonly isProvenAt: (pathname: string) => boolean;
  /** Deadline of a request to a stream that is proven, ms. */
  readonly deadlineMs: () => number;
  /** What to request at an address. */
  readonly requestAt: (pathname: string) => string;
  readonly onAnswered: (elapsedMs: number, isProven: boolean) => void;
  /** A media playlist with media in it came. */
  readonly onPlaylist: (playlist: MediaPlaylist, pathname: string, askedMs: number) => void;
  /** Evidence against the playlist. `timeout` is also reported for a request that hangs. */
  readonly onFailure: (cause: EvidenceCause, words?: string) => void;
}

/**
 * Requests a stream's media playlist, wherever it is: follows a multivariant playlist, opens ended sessions anew, and retries
 * what fails. Does not judge the live edge.
 */
export class PlaylistProbe {
  private readonly address: StreamAddress;
  private readonly asks: PlaylistAsks;
  private variant: Quality;
  private latest: {
    readonly text: string;
    readonly pathname: string;
    readonly reading: PlaylistReading;
  } | null = null;
  private failed = 0;
  private endNext: () => void = () => {};
  private endHang: () => void = () => {};

  constructor(
    private readonly stream: Stream,
    private readonly deps: {
      readonly clock: Clock;
      readonly transport: Pick<Transport, 'fetchText'>;
      readonly random: () => number;
      readonly siteBudget: SiteBudget;
      readonly canShow: CanShow;
    },
    private readonly listener: ProbeListener,
  ) {
    this.address = new StreamAddress(sitePathname(stream.route, stream.path), deps.canShow);
    this.asks = new PlaylistAsks(deps.clock, deps.transport);
    this.variant = stream.variant;
  }

  /** Consecutive failures, including requests that hang. */
  get failures(): number {
    return this.failed;
  }

  get isAsking(): boolean {
    return this.asks.unanswered > 0;
  }

  /** The address at which the playlist is requested. */
  get pathname(): string {
    return this.address.current;
  }

  /** How long the oldest request has been unanswered, ms; 0 without one. */
  unansweredMs(): number {
    return this.asks.unansweredMs();
  }

  /** When the latest request began, monotonic ms. */
  latestMs(): number {
    return this.asks.latestMs();
  }

  /** Whether a request to the root is pending that began at `atMs` or later. */
  isAskingRootSince(atMs: number): boolean {
    return this.isAsking && !this.address.isChild && this.unansweredMs() <= this.deps.clock.now() - atMs;
  }

  variantName(): string {
    return this.address.variantName();
  }

  /** Sends a request as soon as it may, unless one is pending. @returns the time until then, ms */
  poll(): number {
    if (this.isAsking) return 0;
    this.endNext();
    const waitMs = this.asks.waitMs(this.address.current);
    if (waitMs > 0) this.pollIn(waitMs);
    else void this.send();
    return waitMs;
  }

  /** Schedules `next` in place of whatever was scheduled before. */
  after(delayMs: number, next: () => void): void {
    this.endNext();
    this.endNext = this.deps.clock.after(delayMs, next);
  }

  pollIn(delayMs: number): void {
    this.after(Math.max(0, delayMs), () => this.poll());
  }

  /** Sends a second request beside an unanswered one, which may be a single lost packet. */
  askBeside(): void {
    if (this.asks.unanswered === 1 && this.asks.waitMs(this.address.current) === 0) void this.send();
  }

  /** There is evidence against the playlist: the root is requested anew, each time after a longer wait. */
  fail(): void {
    this.failed += 1;
    this.address.forgetChild();
    this.retry();
  }

  /** Retries a stream that failed, when it is this tile's turn at the site (rule 12). */
  retry(): void {
    this.after(backoffMs(this.failed, this.listener.attention(), this.deps.random()), () => {
      const waitMs = this.deps.siteBudget.take(this.stream.siteId);
      if (waitMs > 0) this.pollIn(waitMs);
      else this.poll();
    });
  }

  /** The live edge moved. */
  prove(): void {
    this.failed = 0;
    this.address.prove();
  }

  /** Media came at this address: the session is a good one, whether or not its live edge has moved. */
  proveSession(): void {
    this.address.prove();
  }

  /** The stream began anew at its address. */
  forgetFailures(): void {
    this.failed = 0;
  }

  /** @returns whether the root is requested for another session now: once, until the stream proves to be alive */
  renew(): boolean {
    if (!this.address.renew()) return false;
    this.end();
    this.poll();
    return true;
  }

  /** Drops all pending requests. The root is requested next. */
  startAnew(): void {
    this.failed = 0;
    this.end();
    this.address.forgetChild();
  }

  /** @returns whether the root has to be requested to get it */
  setVariant(variant: Quality): boolean {
    if (variant === this.variant) return false;
    this.variant = variant;
    return this.address.isChild;
  }

  /** Ends all requests and all that is scheduled. */
  end(): void {
    this.endNext();
    this.endHang();
    this.asks.giveUp();
  }

  private async send(): Promise<void> {
    const pathname = this.address.current;
    const askedMs = this.deps.clock.now();
    const isProven = this.failed === 0 && this.listener.isProvenAt(pathname);
    this.endHang();
    if (!isProven) this.endHang = this.deps.clock.after(HANG_MS, () => this.onHang());
    const deadlineMs = isProven ? this.listener.deadlineMs() : FIRST_ANSWER_MS;
    const as = this.listener.requestAt(pathname);
    const fetched = await this.asks.ask(pathname, deadlineMs, { as, doubted: this.failed > 0 });
    if (fetched === null) return;
    this.endHang();
    if (fetched.kind === 'body') this.listener.onAnswered(fetched.elapsedMs, isProven);
    this.take(fetched, pathname, askedMs);
  }

  /**
   * A stream that is not proven alive may take long to answer. A request that hangs counts as a failure; a second one is
   * sent.
   */
  private onHang(): void {
    this.failed += 1;
    this.listener.onFailure('timeout');
    if (!this.isAsking) return;
    const delayMs = backoffMs(this.failed, this.listener.attention(), this.deps.random()) - HANG_MS;
    this.endHang();
    this.endHang = this.deps.clock.after(Math.max(0, delayMs), () => {
      const turnMs = this.deps.siteBudget.take(this.stream.siteId);
      this.endHang = this.deps.clock.after(Math.max(turnMs, this.asks.waitMs(this.address.current)), () =>
        this.send(),
      );
    });
  }

  private take(fetched: Answered, pathname: string, askedMs: number): void {
    if (fetched.kind === 'failed') {
      if (!mayBeUnknownSession(fetched.cause) || !this.renew()) this.refuse(fetched.cause, fetched.words);
      return;
    }
    const { body } = fetched;
    const reading = this.read(body, pathname);
    if (!reading.ok) {
      const isEmpty = body.trim() === '';
      if (!isEmpty || !this.renew()) this.refuse(holdsNothing(body) ? 'no-media-yet' : 'not-a-playlist');
    } else if (reading.playlist.kind === 'multivariant') this.choose(reading.playlist);
    else if (newestMedia(reading.playlist).length === 0) this.refuse('no-media-yet');
    else this.listener.onPlaylist(reading.playlist, pathname, askedMs);
  }

  /** Between two moves of the live edge, the answers are the same text. */
  private read(text: string, pathname: string): PlaylistReading {
    const { latest } = this;
    if (latest?.text === text && latest.pathname === pathname) return latest.reading;
    const reading = readPlaylist(text, this.address.variableSources());
    this.latest = { text, pathname, reading };
    return reading;
  }

  private choose(playlist: MultivariantPlaylist): void {
    // In the place of a child: its session has ended, or the multivariant playlist leads to another multivariant playlist.
    if (this.address.isChild) {
      if (!this.renew()) this.refuse('not-a-playlist');
      return;
    }
    const refusal = this.address.choose(playlist, this.variant);
    if (refusal === null) this.poll();
    else this.refuse(refusal);
  }

  private refuse(cause: EvidenceCause, words?: string): void {
    this.fail();
    this.listener.onFailure(cause, words);
  }
}
