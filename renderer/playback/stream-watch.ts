import { type EvidenceCause, isHard } from '../../shared/cause.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Quality, Stream } from '../../shared/config/config.ts';
import { LIGHT_CHECK_MS } from '../../shared/light-watch.ts';
import type { EdgePlace } from '../../shared/playlist/live-edge.ts';
import type { MediaPlaylist } from '../../shared/playlist/playlist.ts';
import type { Evidence } from '../../shared/selector/types.ts';
import type { Attention } from './attention.ts';
import type { CanShow } from './can-show.ts';
import { EdgeProgress, type Progress } from './edge-progress.ts';
import { FIRST_ANSWER_MS } from './first-answer.ts';
import { LightRest } from './light-rest.ts';
import type { LinkMeter } from './link-meter.ts';
import { MediaWatch } from './media-watch.ts';
import type { PlaylistLoads } from './player.ts';
import { PlaylistProbe } from './playlist-probe.ts';
import { ProofTimer } from './proof-timer.ts';
import type { SiteBudget } from './site-budget.ts';
import type { Transport } from './transport.ts';
import { MOVED_SURELY, movedPollMs, ownPollMs, type PollTerms, unchangedPollMs } from './watch-schedule.ts';

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
      /** The gateway's own words, where it gave a reason. */
      readonly words?: string | undefined;
    };

/** Proof of life is first due after this time, ms: there is no pace before the first answer (rule 11). */
const FIRST_DUE_MS = 3000;
const LEAST_DEADLINE_MS = 1000;
/** After a fetch of media, the live edge of a pull-driven stream moves within this time, ms. */
const PULL_PATIENCE_MS = 1000;
/** A pull-driven session ends when media is fetched less often than this, ms. */
const PULLED_SESSION_MS = 4500;

/**
 * Watches one stream as long as it lives (rule 3): requests its playlist, judges its live edge, and checks its newest media.
 * Reports proof of life and evidence; decides nothing.
 */
export class StreamWatch {
  private readonly aborter = new AbortController();
  private readonly probe: PlaylistProbe;
  private readonly media: MediaWatch;
  private readonly proof: ProofTimer;
  private readonly edge = new EdgeProgress();
  /** `null` unless watching costs the site much. */
  private readonly light: LightRest | null;
  private isResting = false;
  private hasRested = false;
  /**
   * Whether extra time was already given after a new session or a restart. It is given only once until the edge moves: otherwise a
   * dead stream would never be noticed.
   */
  private graceGiven = false;
  /** Whether media was fetched because the edge was stalled, to see whether that moves it. */
  private hasFetched = false;

  /** @param attention with `unused`, no request is sent before it changes */
  constructor(
    private readonly stream: Stream,
    private readonly deps: {
      readonly clock: Clock;
      /** @param site the gateway's name of the site */
      readonly transportTo: (site: string) => Transport;
      /** Uniform in [0, 1): jitter of retries and the stagger of deep checks. */
      readonly random: () => number;
      readonly siteBudget: SiteBudget;
      readonly canShow: CanShow;
      readonly linkMeter: LinkMeter;
    },
    private readonly report: (report: WatchReport) => void,
    private attention: Attention = 'doubted',
  ) {
    const { clock, canShow } = deps;
    const transport = deps.transportTo(stream.route);
    this.light = stream.watch === 'light' ? new LightRest() : null;
    this.probe = new PlaylistProbe(
      stream,
      { ...deps, transport },
      {
        attention: () => this.attention,
        isProvenAt: (pathname) => this.edge.known.hasMovedAt(pathname),
        deadlineMs: () => Math.max(LEAST_DEADLINE_MS, this.dueAfterMs()),
        requestAt: (pathname) => this.edge.known.request(pathname, clock.now()),
        onAnswered: (elapsedMs, isProven) => this.edge.pace.answered(elapsedMs, isProven),
        onPlaylist: (playlist, pathname, askedMs) => this.onPlaylist(playlist, pathname, askedMs),
        onFailure: (cause, words) => this.onFailure(cause, words),
      },
    );
    this.media = new MediaWatch(
      {
        clock,
        transport,
        canShow,
        isLinkThin: () => deps.linkMeter.link === 'thin',
        meter: (durationMs) => deps.linkMeter.begin(stream.siteId, stream.quality, () => 'probe', durationMs),
        signal: this.aborter.signal,
      },
      {
        counts: (pathname) => this.isAwake() && this.probe.pathname === pathname,
        renew: () => this.probe.renew(),
        onProof: (format) => this.onMediaProof(format),
        onEvidence: (cause, words) => this.onMediaEvidence(cause, words),
      },
    );
    this.proof = new ProofTimer(clock, {
      onDue: () => this.onDue(),
      silentMs: () => (this.probe.isAsking ? this.probe.unansweredMs() : null),
      onSilence: () => this.reportEvidence('playlist', 'timeout', this.proof.dueMs),
      patienceMs: () => this.edge.pace.patienceMs(),
    });
    if (attention !== 'unused') this.begin();
  }

  setAttention(attention: Attention): void {
    if (attention === this.attention || this.aborter.signal.aborted) return;
    const before = this.attention;
    this.attention = attention;
    if (attention === 'unused') this.sleep();
    else if (before === 'unused') this.begin();
    else if (this.isResting) this.leaveRest();
    else {
      const wasAlive = before === 'shown' || before === 'standby';
      if (attention === 'sought' && this.probe.failures > 0 && !this.probe.isAsking) this.probe.retry();
      if (attention === 'standby') this.media.stagger(this.deps.random());
      else if (attention !== 'shown' && wasAlive && !this.media.isLasting) this.media.hurry();
      // Its player has proven it up to now.
      if (attention === 'standby' && before === 'shown' && this.light !== null) this.rest();
      this.restIfDone();
    }
  }

  /** Sets which variant of a multivariant playlist is watched from now on: the one that a player takes. */
  setVariant(variant: Quality): void {
    if (!this.probe.setVariant(variant) || !this.isAwake()) return;
    this.probe.startAnew();
    this.graceGiven = false;
    this.probe.poll();
  }

  /** A player of this stream saw the live edge move. It counts like the watch's own request, which is postponed. */
  creditMove(place: EdgePlace): void {
    if (this.edge.known.playlist === null || this.attention === 'unused') return;
    const nowMs = this.deps.clock.now();
    this.edge.credit(place, nowMs);
    this.graceGiven = false;
    if (this.isResting) return;
    this.proof.setDue(nowMs + this.dueAfterMs());
    const isCalm = this.probe.failures === 0 && !this.probe.isAsking && !this.media.isLooking;
    if (this.attention !== 'shown' || !isCalm) return;
    if (this.isProvenByPlayer()) this.probe.end();
    else if (this.media.pull.isKnown && this.stream.watchIntervalMs === undefined)
      this.probe.pollIn(this.probe.latestMs() + ownPollMs(this.edge.expectedMs()) - nowMs);
  }

  /** The next media is late: sends a request soon, whatever the pace. */
  confirm(): void {
    // Failed streams keep to their backoff. Otherwise all tiles would send requests at once.
    if (this.probe.failures > 0 || this.isProvenByPlayer() || !this.isAwake()) return;
    // A request right after the last answer would get the same answer.
    const nextMs = this.probe.latestMs() + unchangedPollMs(this.terms());
    if (this.deps.clock.now() >= nextMs) this.probe.poll();
  }

  /**
   * Why the next media of the shown stream is late, as far as it is known before proof of life is due.
   * @param loads what its player knows
   */
  whyLate(loads: PlaylistLoads): Pick<Evidence, 'channel' | 'cause'> {
    const isUnanswered =
      Math.max(this.probe.unansweredMs(), loads.unansweredMs) >= this.edge.pace.patienceMs();
    const stalledMs = Math.max(this.edge.stalledMs(), loads.unmovedMs);
    // A stalled edge outweighs one pending request, whose answer a busy page may not have read yet.
    if (stalledMs >= (isUnanswered ? MOVED_SURELY : 1) * this.edge.expectedMs())
      return { channel: 'playlist', cause: 'stalled' };
    if (isUnanswered) return { channel: 'playlist', cause: 'timeout' };
    return { channel: 'media', cause: 'too-slow' };
  }

  /**
   * Begins anew after a local fault: what could not be observed is no evidence. A session may have ended meanwhile, so the root
   * is requested before anything is judged.
   */
  startClocksAnew(): void {
    if (!this.isAwake()) return;
    this.edge.pace.pause();
    this.graceGiven = false;
    this.proof.setDue(this.deps.clock.now() + Math.max(FIRST_DUE_MS, this.dueAfterMs()));
    // A second local fault may follow at once.
    if (this.probe.isAskingRootSince(this.deps.clock.now())) return;
    this.probe.startAnew();
    if (!this.isProvenByPlayer()) this.probe.poll();
  }

  dispose(): void {
    this.aborter.abort();
    this.probe.end();
    this.proof.end();
  }

  // --- being watched ------------------------------------------------------------------------------------

  private isAwake(): boolean {
    return !this.aborter.signal.aborted && this.attention !== 'unused' && !this.isResting;
  }

  /** Such a watch would have to open a session for each request, while a player with its own session reports every move. */
  private isProvenByPlayer(): boolean {
    return this.attention === 'shown' && (this.light !== null || this.media.pull.isPullDriven);
  }

  private begin(): void {
    this.isResting = false;
    this.graceGiven = false;
    this.light?.begin();
    this.media.hurry();
    // Its source may have to be started for each check, and a fault there is noticed late in any case.
    const firstDueMs = this.light === null ? FIRST_DUE_MS : FIRST_ANSWER_MS;
    this.proof.setDue(this.deps.clock.now() + firstDueMs);
    this.probe.startAnew();
    this.probe.poll();
  }

  private sleep(): void {
    this.isResting = false;
    this.probe.startAnew();
    this.proof.end();
    this.edge.pace.pause();
  }

  private restIfDone(): void {
    if (this.light === null || !this.isAwake()) return;
    const isDone = this.attention === 'standby' && this.light.isDue(this.deps.clock.now());
    if (isDone || (this.media.isLasting && this.attention !== 'shown')) this.rest();
  }

  private rest(): void {
    this.sleep();
    this.isResting = true;
    this.hasRested = true;
    // Spread over the tiles of a wall. Together with the wait for a first answer it is never later than promised.
    this.probe.after(LIGHT_CHECK_MS * (0.75 + 0.15 * this.deps.random()), () => this.begin());
  }

  /** The tile wants the stream to be watched more closely than a resting standby. */
  private leaveRest(): void {
    if (this.attention === 'shown') {
      this.isResting = false;
      this.probe.end();
      // Its player reports the next move.
      this.proof.setDue(this.deps.clock.now() + Math.max(FIRST_DUE_MS, this.dueAfterMs()));
    } else if (this.attention !== 'standby' && !this.media.isLasting) this.begin();
  }

  // --- the live edge ------------------------------------------------------------------------------------

  private onPlaylist(answered: MediaPlaylist, pathname: string, askedMs: number): void {
    const nowMs = this.deps.clock.now();
    const progress = this.edge.read(answered, pathname, nowMs, this.proof.dueMs);
    const { playlist } = progress;
    if (progress.isNews) {
      this.graceGiven = false;
      this.proof.setDue(nowMs + this.dueAfterMs());
    }
    if (progress.direction === 'moved') this.onMove(playlist, pathname, progress, askedMs);
    else this.onUnmoved(playlist, pathname, progress.direction, askedMs);
  }

  private onMove(
    playlist: MediaPlaylist,
    pathname: string,
    { edge, advancedMs, passedMs }: Progress,
    askedMs: number,
  ): void {
    // In a rest, and between two fetches from a pull-driven server, the stream advanced as much as time passed.
    const isPassed = this.media.pull.isPullDriven || this.hasRested;
    this.hasRested = false;
    this.media.pull.noteMoved(this.hasFetched, askedMs);
    this.hasFetched = false;
    this.probe.prove();
    this.light?.prove('playlist');
    this.report({
      type: 'proof',
      channel: 'playlist',
      edge: {
        advancedMs: isPassed ? Math.max(advancedMs, passedMs) : advancedMs,
        programDateTimeMs: edge.programDateTimeMs,
      },
    });
    if (!this.isAwake()) return;
    if (this.media.isWanted(this.attention)) void this.media.look(playlist, pathname, 'check');
    this.scheduleAfterMove();
    this.restIfDone();
  }

  private scheduleAfterMove(): void {
    if (this.media.pull.isPullDriven) this.probe.after(this.intervalMs(), () => void this.fetchAndPoll());
    // The stream has ended when its edge has not moved in the next answer.
    else if (this.edge.known.isOver()) this.probe.pollIn(unchangedPollMs(this.terms()));
    else this.probe.pollIn(this.stream.watchIntervalMs ?? movedPollMs(this.terms()));
  }

  /** Fetches media, which moves the live edge of a pull-driven stream, and then requests the playlist. */
  private async fetchAndPoll(): Promise<void> {
    const playlist = this.edge.known.playlistAt(this.probe.pathname);
    // Its session has ended. The next session begins with its first playlist.
    if (playlist === null || this.intervalMs() > PULLED_SESSION_MS) {
      this.probe.startAnew();
      this.probe.poll();
      return;
    }
    await this.media.look(playlist, this.probe.pathname, 'fetch');
    if (this.isAwake()) this.probe.poll();
  }

  /** `back`: a restart. As with a new session, the edge has to move before it proves anything. */
  private onUnmoved(
    playlist: MediaPlaylist,
    pathname: string,
    direction: 'first' | 'same' | 'back',
    askedMs: number,
  ): void {
    const nowMs = this.deps.clock.now();
    if (direction === 'back') this.probe.forgetFailures();
    if (direction !== 'same') {
      this.media.startAnew();
      this.hasFetched = false;
      if (this.probe.failures > 0 || !this.graceGiven) {
        this.graceGiven = true;
        this.proof.setDue(nowMs + this.dueAfterMs());
      }
    }
    this.media.pull.noteUnmoved(askedMs);
    // The shown stream's player reports its loads, unless the stream has to be fetched from.
    const isShown = this.attention === 'shown' && this.media.pull.isSelfDriven;
    if (direction === 'first' && !isShown) void this.media.look(playlist, pathname, 'check');
    // A request that was sent before proof of life was due may have been answered before as well.
    const isAskedInTime = nowMs < this.proof.dueMs || askedMs < this.proof.dueMs;
    if (this.edge.known.isOver()) this.failPlaylist('ended');
    else if (this.mayWaitToBeFetched(nowMs)) this.fetchWhileStanding(playlist, pathname);
    else if (nowMs < this.proof.dueMs) this.probe.pollIn(unchangedPollMs(this.terms()));
    else if (isAskedInTime) this.probe.poll();
    else {
      this.media.pull.doubt();
      this.failPlaylist(playlist.ended ? 'ended' : 'stalled');
    }
  }

  /** Whether the edge is stalled, and no media was fetched yet to see whether that moves it. */
  private mayWaitToBeFetched(nowMs: number): boolean {
    if (this.hasFetched || this.media.pull.isSelfDriven) return false;
    // A player reports the moves of its own session. This session's edge may be stalled all the same.
    return nowMs >= this.proof.dueMs || this.edge.ownStalledMs(nowMs) >= this.dueAfterMs();
  }

  private fetchWhileStanding(playlist: MediaPlaylist, pathname: string): void {
    const { failures } = this.probe;
    this.hasFetched = true;
    this.probe.pollIn(PULL_PATIENCE_MS);
    void this.media.look(playlist, pathname, 'fetch').then(() => {
      if (this.isAwake() && this.probe.failures === failures) this.probe.poll();
    });
  }

  /** Proof of life was due. One more request has to confirm the silence. @returns the time until it is sent, ms */
  private onDue(): number {
    if (this.probe.isAsking) {
      if (this.probe.unansweredMs() >= this.edge.pace.patienceMs()) this.probe.askBeside();
      return 0;
    }
    return this.probe.poll();
  }

  // --- proof and evidence -------------------------------------------------------------------------------

  private onMediaProof(format: string | null): void {
    this.probe.proveSession();
    this.light?.prove('media');
    const found = format === null ? {} : { format: `${format} ${this.probe.variantName()}`.trim() };
    this.report({ type: 'proof', channel: 'media', ...found });
    this.restIfDone();
  }

  private onMediaEvidence(cause: EvidenceCause, words: string | undefined): void {
    // What its player shows, this workstation can show.
    if (this.attention === 'shown' && this.media.isLasting) return;
    this.reportEvidence('media', cause, this.deps.clock.now(), words);
    this.restIfDone();
  }

  private failPlaylist(cause: EvidenceCause): void {
    this.probe.fail();
    this.onFailure(cause);
  }

  private onFailure(cause: EvidenceCause, words?: string): void {
    const nowMs = this.deps.clock.now();
    // Silence is no evidence before proof of life was due.
    if (isHard(cause) || nowMs >= this.proof.dueMs)
      this.reportEvidence('playlist', cause, isHard(cause) ? nowMs : this.proof.dueMs, words);
  }

  private reportEvidence(
    channel: Evidence['channel'],
    cause: EvidenceCause,
    sinceMs: number,
    words?: string,
  ): void {
    this.edge.noteEvidence(channel === 'playlist' && cause === 'stalled' ? 'stalled' : 'outage');
    if (!this.media.isLasting) this.light?.noteEvidence(this.deps.clock.now());
    this.report({ type: 'evidence', evidence: { channel, cause, sinceMs }, words });
  }

  // --- pace ---------------------------------------------------------------------------------------------

  private terms(): PollTerms {
    return {
      attention: this.media.isLasting ? 'standby' : this.attention,
      isLight: this.light !== null,
      expectedMs: this.edge.expectedMs(),
    };
  }

  /** Interval between two requests to a stream that is not watched at its own pace, ms; 0 for one that is. */
  private intervalMs(): number {
    const { watchIntervalMs = 0 } = this.stream;
    return Math.max(watchIntervalMs, this.media.pullMs() ?? 0);
  }

  private dueAfterMs(): number {
    // A move of a rarely requested stream cannot be seen before the next request.
    return Math.max(this.edge.dueAfterMs(), 1.5 * this.intervalMs());
  }
}
