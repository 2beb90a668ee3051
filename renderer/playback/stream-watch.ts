import { type EvidenceCause, isHard } from '../../shared/cause.ts';
import type { Quality, Stream } from '../../shared/config.ts';
import { sitePathname } from '../../shared/gateway-contract.ts';
import {
  advancedMs,
  compareEdge,
  type EdgePlace,
  type LiveEdge,
  liveEdge,
} from '../../shared/playlist/live-edge.ts';
import type { MediaPlaylist, MultivariantPlaylist } from '../../shared/playlist/playlist.ts';
import { type PlaylistReading, readPlaylist } from '../../shared/playlist/read-playlist.ts';
import { resolveUri } from '../../shared/playlist/resolve-uri.ts';
import type { Evidence } from '../../shared/selector/types.ts';
import type { CanShow } from './can-show.ts';
import type { Clock } from './clock.ts';
import { DeepCheck } from './deep-check.ts';
import { LiveEdgePace } from './live-edge-pace.ts';
import type { PlaylistLoads } from './player.ts';
import type { SiteBudget } from './site-budget.ts';
import type { Transport } from './transport.ts';

export type WatchReport =
  | {
      readonly type: 'proof';
      readonly channel: 'playlist' | 'media';
      readonly edge?: { readonly advancedMs: number; readonly programDateTimeMs: number | null };
      /** With media: what was found in it (the selector's observation `proof`). */
      readonly format?: string;
    }
  | {
      readonly type: 'evidence';
      readonly evidence: Evidence;
      /** The gateway's own words, where it said why. */
      readonly words?: string | undefined;
    };

/**
 * What the tile wants of a watch. `shown`: a player loads the stream too, and its loads count. `standby`:
 * healthy. `doubted`: not proven alive, so media is fetched with every move of the live edge. `sought`: doubted,
 * and the tile has nothing else to show, so that its retries stay close together.
 */
export type Attention = 'shown' | 'standby' | 'doubted' | 'sought';

/** Interval of the deep check of a healthy standby, ms (behaviour.md rule 3). */
const DEEP_CHECK_MS = 15_000;
/** Until a playlist said its own target duration, ms. */
const ASSUMED_TARGET_MS = 2000;
const LEAST_POLL_MS = 200;
/** Streams that nothing stands against are not asked more often, ms: with parts that would be three times a second. */
const CALM_POLL_MS = 1000;
/**
 * In so many expected moves an edge has surely moved. Standbys are asked then, before proof of life is due: once for each move,
 * not twice.
 */
const MOVED_SURELY = 1.25;
/** What a player's loads prove is still asked for by the watch itself so often, in expected moves, and at least, ms. */
const OWN_POLL_MOVES = 3;
const LEAST_OWN_POLL_MS = 5000;
/** Waits between probes of a stream that fails, ms; the last one repeats (rule 12). */
const BACKOFF_MS = [250, 250, 500, 1000, 2000, 4000, 8000, 15_000] as const;
/** Longest wait while the tile has no stream alive, ms. */
const SOUGHT_BACKOFF_MS = 1500;
const LEAST_DEADLINE_MS = 1000;
/** A timer that fires later than this tells of a late event loop, ms. */
const LATE_MS = 50;
/** Until the first answer there is no pace: rule 11's time without progress, ms. */
const FIRST_DUE_MS = 3000;

/**
 * Probes one stream as long as it lives (behaviour.md rule 3): polls its playlist, judges its live edge,
 * fetches and inspects its newest media. Reports proof of life and evidence; decides nothing.
 */
export class StreamWatch {
  private readonly root: string;
  private readonly aborter = new AbortController();
  private readonly pace = new LiveEdgePace();
  private mediaPathname: string | null = null;
  private playlist: MediaPlaylist | null = null;
  private latest: { readonly text: string; readonly reading: PlaylistReading } | null = null;
  private attention: Attention = 'doubted';
  private failures = 0;
  /** Evidence stood since the last move of the live edge. */
  private disturbed = false;
  /** Requests for the playlist that are not answered: one, or two while silence is being confirmed. */
  private readonly asking = new Set<AbortController>();
  private pollStartedMs = 0;
  private inspecting = false;
  private readonly media: DeepCheck;
  private lastDeepCheckMs = Number.NEGATIVE_INFINITY;
  private dueMs: number;
  /** The latest answer whose live edge had not moved. */
  private unmovedMs = Number.NEGATIVE_INFINITY;
  /** The latest move of the live edge that this watch or the player saw. */
  private lastMoveMs = Number.NEGATIVE_INFINITY;
  /** The live edge that a player saw after this watch's own latest answer; `null` where none did. */
  private credited: EdgePlace | null = null;
  private endPoll: () => void = () => {};
  private endDue: () => void = () => {};

  constructor(
    private readonly stream: Stream,
    private readonly deps: {
      readonly clock: Clock;
      readonly transport: Transport;
      /** Uniform in [0, 1): jitter of retries and the stagger of deep checks. */
      readonly random: () => number;
      readonly siteBudget: SiteBudget;
      readonly canShow: CanShow;
    },
    private readonly report: (report: WatchReport) => void,
  ) {
    this.root = sitePathname(stream.route, stream.path);
    this.media = new DeepCheck(deps.transport, this.aborter.signal);
    this.dueMs = deps.clock.now() + FIRST_DUE_MS;
    this.armDue();
    this.poll();
  }

  setAttention(attention: Attention): void {
    if (attention === this.attention) return;
    this.attention = attention;
    if (attention === 'sought' && this.failures > 0 && this.asking.size === 0) this.scheduleRetry();
    if (attention === 'standby')
      this.lastDeepCheckMs = this.deps.clock.now() - this.deps.random() * DEEP_CHECK_MS;
  }

  /** Which of a multivariant playlist's variants is probed from now on: the one that a player takes. */
  setVariant(_variant: Quality): void {}

  /** A player of this stream saw the live edge move: as good as this watch's own probe, which is put off. */
  creditMove(edge: EdgePlace): void {
    if (this.playlist === null) return;
    const nowMs = this.deps.clock.now();
    this.credited = edge;
    this.noteMove(nowMs);
    this.setDue(nowMs + this.dueAfterMs());
    const isCalm = this.attention === 'shown' && this.failures === 0 && this.asking.size === 0;
    if (!isCalm || this.stream.watchIntervalMs !== undefined) return;
    const ownPollMs = Math.max(LEAST_OWN_POLL_MS, OWN_POLL_MOVES * this.expectedMoveMs());
    this.schedulePoll(Math.max(LEAST_POLL_MS, this.pollStartedMs + ownPollMs - nowMs));
  }

  /** The next media is late: asks the stream at once, whatever the pace. */
  confirm(): void {
    // The time of a stream that fails is told by its backoff, or all tiles would ask at once.
    if (this.failures === 0) this.poll();
  }

  /**
   * Why the next media of the shown stream is late, as far as can be told before proof of life is due.
   * @param loads what its player knows
   */
  whyLate(loads: PlaylistLoads): Pick<Evidence, 'channel' | 'cause'> {
    const askedMs = this.asking.size === 0 ? 0 : this.deps.clock.now() - this.pollStartedMs;
    const isUnanswered = Math.max(askedMs, loads.unansweredMs) >= this.pace.patienceMs();
    // Asked between two moves, a live edge stands still in any stream.
    const stoodMs = Math.max(this.unmovedMs - this.lastMoveMs, loads.unmovedMs);
    // A site that has told of an edge that stands says more than one question that a busy page may not have got answered yet.
    if (stoodMs >= (isUnanswered ? MOVED_SURELY : 1) * this.expectedMoveMs())
      return { channel: 'playlist', cause: 'stalled' };
    if (isUnanswered) return { channel: 'playlist', cause: 'timeout' };
    return { channel: 'media', cause: 'too-slow' };
  }

  /** After a local fault: what could not be observed is no evidence. */
  startClocksAnew(): void {
    this.failures = 0;
    this.setDue(this.deps.clock.now() + (this.playlist === null ? FIRST_DUE_MS : this.dueAfterMs()));
  }

  dispose(): void {
    this.aborter.abort();
    this.endAsking();
    this.endPoll();
    this.endDue();
  }

  private poll(): void {
    if (this.asking.size > 0 || this.aborter.signal.aborted) return;
    this.endPoll();
    this.pollStartedMs = this.deps.clock.now();
    void this.ask();
  }

  /** Asks for the playlist. Of two requests at a time the first answer counts, and a time-out only the last one's. */
  private async ask(): Promise<void> {
    const request = new AbortController();
    const startedMs = this.deps.clock.now();
    this.asking.add(request);
    const pathname = this.mediaPathname ?? this.root;
    const fetched = await this.deps.transport.fetchText(pathname, {
      deadlineMs: this.deadlineMs(),
      signal: request.signal,
    });
    if (!this.asking.delete(request) || fetched.kind === 'aborted') return;
    if (fetched.kind === 'failed' && !isHard(fetched.cause) && this.asking.size > 0) return;
    this.endAsking();
    if (fetched.kind === 'failed') {
      this.mediaPathname = null;
      this.fail('playlist', fetched.cause, fetched.words);
      return;
    }
    this.pace.answered(fetched.elapsedMs);
    const reading = this.read(fetched.body);
    if (!reading.ok) this.fail('playlist', 'not-a-playlist');
    else if (reading.playlist.kind === 'multivariant') this.choose(reading.playlist, pathname);
    else this.onPlaylist(reading.playlist, pathname, startedMs);
  }

  /** Between two moves of the live edge the answers are the same text. */
  private read(text: string): PlaylistReading {
    if (this.latest?.text !== text) this.latest = { text, reading: readPlaylist(text) };
    return this.latest.reading;
  }

  private endAsking(): void {
    for (const request of this.asking) request.abort();
    this.asking.clear();
  }

  private choose(playlist: MultivariantPlaylist, pathname: string): void {
    const wanted = [...playlist.variants].sort((a, b) => b.bandwidth - a.bandwidth);
    const best = this.stream.quality === 'main' ? wanted[0] : wanted.at(-1);
    const resolved = best === undefined ? null : resolveUri(pathname, best.uri);
    // A multivariant playlist that leads to itself would be polled without end.
    if (resolved === null || this.mediaPathname !== null) {
      this.mediaPathname = null;
      this.fail('playlist', 'not-a-playlist');
      return;
    }
    this.mediaPathname = resolved;
    this.poll();
  }

  private onPlaylist(playlist: MediaPlaylist, pathname: string, askedMs: number): void {
    this.mediaPathname = pathname;
    const previous = this.playlist;
    this.playlist = playlist;
    const nowMs = this.deps.clock.now();
    const edge = liveEdge(playlist);
    const direction = previous === null ? 'first' : compareEdge(liveEdge(previous), edge);
    const { credited } = this;
    this.credited = null;
    if (direction === 'moved') this.onMove(playlist, edge, previous, credited);
    else if (direction === 'first') {
      this.setDue(nowMs + this.dueAfterMs());
      void this.deepCheck(playlist, pathname);
      this.schedulePoll(this.unchangedPollMs());
    } else {
      this.unmovedMs = nowMs;
      // `back`: a restart. It is asked again soon, but its edge has to move before it proves anything.
      if (direction === 'back') {
        this.failures = 0;
        this.media.startAnew();
      }
      if (nowMs < this.dueMs) this.schedulePoll(this.unchangedPollMs());
      else if (askedMs >= this.dueMs) this.fail('playlist', 'stalled');
      // What was asked before proof of life was due may have been answered before as well.
      else this.poll();
    }
  }

  private onMove(
    playlist: MediaPlaylist,
    edge: LiveEdge,
    previous: MediaPlaylist | null,
    credited: EdgePlace | null,
  ): void {
    const nowMs = this.deps.clock.now();
    // What a player saw before counts from then.
    if (credited === null || compareEdge(credited, edge) === 'moved') {
      this.noteMove(nowMs);
      this.setDue(nowMs + this.dueAfterMs());
    }
    this.failures = 0;
    this.report({
      type: 'proof',
      channel: 'playlist',
      edge: {
        advancedMs: previous === null ? 0 : (advancedMs(previous, playlist) ?? 0),
        programDateTimeMs: edge.programDateTimeMs,
      },
    });
    if (
      this.attention === 'doubted' ||
      this.attention === 'sought' ||
      (this.attention === 'standby' && nowMs - this.lastDeepCheckMs >= DEEP_CHECK_MS)
    )
      void this.deepCheck(playlist, this.mediaPathname ?? this.root);
    this.schedulePoll(this.movedPollMs());
  }

  private noteMove(nowMs: number): void {
    this.pace.moved(nowMs, !this.disturbed);
    this.disturbed = false;
    this.lastMoveMs = nowMs;
  }

  /** Looks at the newest media: a playlist is not enough (rule 3). */
  private async deepCheck(playlist: MediaPlaylist, pathname: string): Promise<void> {
    if (this.inspecting) return;
    this.inspecting = true;
    this.lastDeepCheckMs = this.deps.clock.now();
    const finding = await this.media.run(playlist, pathname);
    this.inspecting = false;
    if (this.aborter.signal.aborted || finding === null || finding.kind === 'aborted') return;
    if (finding.kind === 'evidence')
      this.complain('media', finding.cause, this.deps.clock.now(), finding.words);
    if (finding.kind === 'alive') this.report({ type: 'proof', channel: 'media' });
    // What is still open is looked at again with the next move.
    if (finding.kind === 'unsure' || (finding.kind === 'alive' && finding.search === 'goes-on'))
      this.lastDeepCheckMs = Number.NEGATIVE_INFINITY;
  }

  private fail(channel: Evidence['channel'], cause: EvidenceCause, words?: string): void {
    const nowMs = this.deps.clock.now();
    this.failures += 1;
    this.complain(channel, cause, isHard(cause) ? nowMs : Math.min(nowMs, this.dueMs), words);
    this.scheduleRetry();
  }

  private complain(
    channel: Evidence['channel'],
    cause: EvidenceCause,
    sinceMs: number,
    words?: string,
  ): void {
    this.disturbed = true;
    this.report({ type: 'evidence', evidence: { channel, cause, sinceMs }, words });
  }

  /**
   * Proof of life was due. One more probe has to confirm it: if that is answered without a move the stream is
   * `stalled`, if it stays unanswered for longer than answers take here, `timeout`. A probe on its way for so long
   * may be a single lost packet: it gets another beside it.
   */
  private onDue(): void {
    const nowMs = this.deps.clock.now();
    const patienceMs = this.pace.patienceMs();
    if (this.asking.size === 0) this.poll();
    else if (this.asking.size === 1 && nowMs - this.pollStartedMs >= patienceMs) void this.ask();
    this.endDue = this.deps.clock.after(patienceMs, () =>
      this.onPatienceOver(nowMs + patienceMs, patienceMs),
    );
  }

  /** @param untilMs when it was over; a late event loop has not read what was answered meanwhile, and gets as long once more (rule 10) */
  private onPatienceOver(untilMs: number, patienceMs: number): void {
    if (this.deps.clock.now() - untilMs > LATE_MS)
      this.endDue = this.deps.clock.after(patienceMs, () => this.onSilence());
    else this.onSilence();
  }

  private onSilence(): void {
    if (this.asking.size > 0) this.complain('playlist', 'timeout', this.dueMs);
  }

  private setDue(dueMs: number): void {
    this.dueMs = dueMs;
    this.armDue();
  }

  private armDue(): void {
    this.endDue();
    this.endDue = this.deps.clock.after(this.dueMs - this.deps.clock.now(), () => this.onDue());
  }

  private schedulePoll(delayMs: number): void {
    this.endPoll();
    this.endPoll = this.deps.clock.after(delayMs, () => this.poll());
  }

  /** Tries a stream that failed, when it is this tile's turn at the site (rule 12). */
  private scheduleRetry(): void {
    this.endPoll();
    this.endPoll = this.deps.clock.after(this.backoffMs(), () => {
      const waitMs = this.deps.siteBudget.take(this.stream.siteId);
      if (waitMs > 0) this.schedulePoll(waitMs);
      else this.poll();
    });
  }

  private movedPollMs(): number {
    const { watchIntervalMs } = this.stream;
    if (watchIntervalMs !== undefined) return watchIntervalMs;
    const expected = this.expectedMoveMs();
    if (this.attention === 'shown') return Math.max(CALM_POLL_MS, expected);
    if (this.attention === 'standby') return Math.max(CALM_POLL_MS, MOVED_SURELY * expected);
    return Math.max(LEAST_POLL_MS, 0.75 * expected);
  }

  private unchangedPollMs(): number {
    const expected = this.expectedMoveMs();
    return Math.max(LEAST_POLL_MS, Math.min(1000, expected / 4));
  }

  /** The next backoff, spread by a fifth either way. */
  private backoffMs(): number {
    const step = BACKOFF_MS[Math.min(this.failures, BACKOFF_MS.length) - 1] ?? BACKOFF_MS[0];
    const boundedMs = this.attention === 'sought' ? Math.min(step, SOUGHT_BACKOFF_MS) : step;
    return boundedMs * (0.8 + 0.4 * this.deps.random());
  }

  private expectedMoveMs(): number {
    if (this.playlist === null) return ASSUMED_TARGET_MS;
    return this.playlist.partTargetMs ?? this.playlist.targetDurationMs;
  }

  private deadlineMs(): number {
    if (this.playlist === null) return FIRST_DUE_MS;
    return Math.max(LEAST_DEADLINE_MS, this.dueAfterMs());
  }

  private dueAfterMs(): number {
    const { playlist, stream } = this;
    const declared = this.pace.dueAfterMs(
      playlist?.targetDurationMs ?? ASSUMED_TARGET_MS,
      playlist?.partTargetMs ?? null,
    );
    // A preset that probes seldom cannot see a move sooner than its next probe.
    return Math.max(declared, 1.5 * (stream.watchIntervalMs ?? 0));
  }
}
