import type { Clock } from '../../shared/clock.ts';
import type { PresentedFrame } from '../playback/frame-source.ts';
import {
  EMPTY_SERIES,
  extendSeries,
  faultBeside,
  isWell,
  longestComparisonMs,
  type PictureSeries,
  type Suspicion,
  suspicionOf,
} from '../playback/picture-judge.ts';
import type { PictureSampler, Sampling } from '../playback/picture-sampler.ts';
import type { Player } from '../playback/player.ts';

/** Interval of the comparisons of two copies without suspicion, ms (rule 13). */
const REGULAR_MS = 600_000;
/** Wait before the next comparison for the same stream, ms; it doubles each time, up to the regular interval. */
const FIRST_REST_MS = 60_000;
/** Wait before a comparison is repeated that was interrupted for a stream to be shown, ms. */
const INTERRUPTED_REST_MS = 3000;
/** Longest time until a second player presents its first frames, ms. */
const START_MS = 5000;
/** Target duration until the playlist states its own, ms. */
const ASSUMED_TARGET_MS = 2000;

/** A picture was found frozen or black, or it moves again. */
export interface PictureVerdict {
  readonly type: 'picture-verdict';
  readonly streamId: string;
  readonly verdict: 'frozen' | 'black' | 'moving';
  /** Monotonic ms. */
  readonly sinceMs: number;
}

/** The fault of a picture. Times are monotonic ms. */
export interface PictureFault extends Suspicion {
  readonly foundAtMs: number;
  /** The stream at another site whose picture moves, or is not black. */
  readonly besideStreamId: string;
}

/** A player that presents frames. */
export interface DecodedPicture {
  readonly streamId: string;
  readonly player: Player;
  readonly newest: () => PresentedFrame | null;
}

/** What a tile can compare. */
export interface ComparableScene {
  /** The picture on the screen; `null` while there is none to judge: no picture moves, or the tile is suspended. */
  readonly shown: DecodedPicture | null;
  /** Another site's copy that presents frames beside it. */
  readonly other: DecodedPicture | null;
  /** Streams of other sites for which a second player may be used, best first; none while a player is needed (rule 15). */
  readonly affordable: readonly string[];
}

const NOTHING: ComparableScene = { shown: null, other: null, affordable: [] };

interface ComparisonDeps {
  readonly clock: Clock;
  readonly sampler: PictureSampler;
  /** Uniform in [0, 1): spreads the regular comparisons of a wall. */
  readonly random: () => number;
  /** Starts a second player, under the shown picture. The caller disposes of it. */
  readonly startPlayer: (
    streamId: string,
    events: { onFrame(frame: PresentedFrame): void; onFailed(): void },
  ) => Player;
  readonly onVerdict: (verdict: PictureVerdict) => void;
}

interface Track {
  readonly sampling: Sampling;
  /** Shift from the player's timeline to that of the stream's series, s; `null` before the first sample. */
  shiftS: number | null;
}

interface Comparison {
  /** The stream that looked faulty; `null` for a regular comparison. */
  readonly about: string | null;
  readonly other: DecodedPicture;
  readonly startedAtMs: number;
  /** Lets another tile compare, and frees the second player where one was started. */
  readonly free: () => void;
}

/** `settled`: both pictures are judged; `undecided`: the time is over, or the other copy cannot be played. */
type Outcome = 'settled' | 'undecided' | 'interrupted';

/** A stream's next comparison waits until `untilMs`. If that one is undecided too, the wait after it is `restMs`. */
interface Rest {
  readonly untilMs: number;
  readonly restMs: number;
}

interface DueComparison extends Pick<Comparison, 'about'> {
  readonly withStreamId: string;
}

/**
 * Finds frozen and black pictures on streams that are otherwise alive (rule 13). The shown picture is always screened, which
 * costs no player. Another site's copy is decoded beside it for some seconds in three cases: the picture looks frozen or black,
 * a stream that was found so is checked again, or ten minutes have passed. The second player gives way at once to a player that
 * will be shown: {@link yieldPlayer}.
 */
export class PictureComparison {
  private readonly deps: ComparisonDeps;
  private readonly tracks = new Map<Player, Track>();
  /**
   * The series of each stream. A comparison may be interrupted, so the next player continues the series of the previous
   * one.
   */
  private readonly series = new Map<string, PictureSeries>();
  private readonly faults = new Map<string, PictureFault>();
  private readonly rests = new Map<string, Rest>();
  private scene: ComparableScene = NOTHING;
  private comparison: Comparison | null = null;
  private regularAtMs: number;
  /** Time that the present comparison took before it was interrupted, ms. */
  private spentMs = 0;

  constructor(deps: ComparisonDeps) {
    this.deps = deps;
    this.regularAtMs = deps.clock.now() + deps.random() * REGULAR_MS;
  }

  /** The fault of a stream's picture; `null` while there is none. */
  faultOf(streamId: string): PictureFault | null {
    return this.faults.get(streamId) ?? null;
  }

  /**
   * The tile's pictures as they are now. Call this with each heartbeat, and whenever they may have changed: it is cheap.
   */
  update(scene: ComparableScene): void {
    this.scene = scene;
    if (this.comparison !== null) {
      if (!this.canGoOn(this.comparison)) this.end('interrupted');
      else if (this.isOver(this.comparison)) this.end('undecided');
    }
    if (this.comparison === null) this.beginWhereDue();
    this.syncTracks();
  }

  /** Frees the second player, for a stream that will be shown (rule 15). */
  yieldPlayer(): void {
    this.end('interrupted');
    this.syncTracks();
  }

  /** Forgets streams that the tile does not have any more. */
  keepOnly(streamIds: readonly string[]): void {
    for (const known of [this.series, this.faults, this.rests])
      for (const streamId of known.keys()) if (!streamIds.includes(streamId)) known.delete(streamId);
  }

  dispose(): void {
    this.update(NOTHING);
  }

  // --- comparisons ------------------------------------------------------------------------------------

  private canGoOn({ other }: Comparison): boolean {
    const { shown, other: beside, affordable } = this.scene;
    return shown !== null && (beside?.player === other.player || affordable.includes(other.streamId));
  }

  private isOver({ other, startedAtMs }: Comparison): boolean {
    const { shown } = this.scene;
    const longestMs = START_MS + longestComparisonMs(shown === null ? 0 : targetMs(shown, other));
    return this.spentMs + this.deps.clock.now() - startedAtMs > longestMs;
  }

  private beginWhereDue(): void {
    const due = this.due();
    if (due === null) return;
    const release = this.deps.sampler.beginComparison();
    if (release === null) return;
    const { about, withStreamId } = due;
    const startedAtMs = this.deps.clock.now();
    const { other } = this.scene;
    if (other?.streamId === withStreamId) {
      this.comparison = { about, startedAtMs, other, free: release };
      return;
    }
    let newest: PresentedFrame | null = null;
    const player = this.deps.startPlayer(withStreamId, {
      onFrame: (frame) => {
        newest = frame;
      },
      onFailed: () => {
        this.end('undecided');
        this.syncTracks();
      },
    });
    const free = (): void => {
      release();
      player.dispose();
    };
    this.comparison = {
      about,
      startedAtMs,
      other: { streamId: withStreamId, player, newest: () => newest },
      free,
    };
  }

  private end(outcome: Outcome): void {
    const ended = this.comparison;
    if (ended === null) return;
    this.comparison = null;
    ended.free();
    const nowMs = this.deps.clock.now();
    const interrupted = outcome === 'interrupted';
    this.spentMs = interrupted ? this.spentMs + nowMs - ended.startedAtMs : 0;
    this.regularAtMs = interrupted
      ? Math.max(this.regularAtMs, nowMs + INTERRUPTED_REST_MS)
      : nowMs + REGULAR_MS;
    if (ended.about === null) return;
    const restMs = this.rests.get(ended.about)?.restMs ?? FIRST_REST_MS;
    this.rests.set(ended.about, {
      untilMs: nowMs + (interrupted ? INTERRUPTED_REST_MS : restMs),
      restMs: outcome === 'undecided' ? Math.min(2 * restMs, REGULAR_MS) : restMs,
    });
  }

  private due(): DueComparison | null {
    const { shown, other, affordable } = this.scene;
    if (shown === null) return null;
    const decodable = other === null ? affordable : [other.streamId];
    const copy = decodable.find((streamId) => !this.faults.has(streamId));
    if (copy !== undefined && this.looksFaulty(shown) && this.isRested(shown.streamId))
      return { about: shown.streamId, withStreamId: copy };
    if (other !== null && this.looksFaulty(other) && this.isRested(other.streamId))
      return { about: other.streamId, withStreamId: other.streamId };
    const again = decodable.find((streamId) => this.faults.has(streamId) && this.isRested(streamId));
    if (again !== undefined) return { about: again, withStreamId: again };
    const isRegular = copy !== undefined && this.deps.clock.now() >= this.regularAtMs;
    return isRegular ? { about: null, withStreamId: copy } : null;
  }

  private looksFaulty(picture: DecodedPicture): boolean {
    if (this.faults.has(picture.streamId)) return false;
    return suspicionOf(this.seriesOf(picture), targetMs(picture)) !== null;
  }

  private isRested(streamId: string): boolean {
    return this.deps.clock.now() >= (this.rests.get(streamId)?.untilMs ?? 0);
  }

  // --- samples ----------------------------------------------------------------------------------------

  private syncTracks(): void {
    const { shown, other } = this.scene;
    const beside = this.comparison?.other ?? other;
    const wanted = shown === null ? [] : beside === null ? [shown] : [shown, beside];
    for (const [player, { sampling }] of this.tracks)
      if (!wanted.some((picture) => picture.player === player)) {
        sampling.end();
        this.tracks.delete(player);
      }
    for (const picture of wanted) {
      const track = this.tracks.get(picture.player) ?? this.track(picture);
      track.sampling.setPace(this.comparison === null ? 'screening' : 'comparing');
    }
  }

  private track(picture: DecodedPicture): Track {
    const sampling = this.deps.sampler.sample(picture.player.video, (luma, atMs) => {
      const frame = picture.newest();
      if (frame === null) return;
      const { newest } = this.seriesOf(picture);
      track.shiftS ??=
        newest === null ? 0 : newest.mediaTimeS + (atMs - newest.atMs) / 1000 - frame.mediaTimeS;
      const sample = { atMs, mediaTimeS: frame.mediaTimeS + track.shiftS, luma };
      this.series.set(picture.streamId, extendSeries(this.seriesOf(picture), sample));
      this.withdrawFault(picture);
      this.compare();
    });
    const track: Track = { sampling, shiftS: null };
    this.tracks.set(picture.player, track);
    return track;
  }

  private seriesOf({ streamId }: DecodedPicture): PictureSeries {
    return this.series.get(streamId) ?? EMPTY_SERIES;
  }

  /** Withdraws the fault of a picture that moves again. */
  private withdrawFault(picture: DecodedPicture): void {
    const { streamId } = picture;
    const nowMs = this.deps.clock.now();
    const fault = this.faults.get(streamId);
    if (!isWell(this.seriesOf(picture), fault?.foundAtMs ?? nowMs - FIRST_REST_MS)) return;
    // A later suspicion is a new one: its first wait is short again.
    const rest = this.rests.get(streamId);
    if (rest !== undefined) this.rests.set(streamId, { ...rest, restMs: FIRST_REST_MS });
    if (fault === undefined) return;
    this.faults.delete(streamId);
    this.deps.onVerdict({ type: 'picture-verdict', streamId, verdict: 'moving', sinceMs: nowMs });
  }

  private compare(): void {
    const { shown } = this.scene;
    if (this.comparison === null || shown === null) return;
    const { startedAtMs, other } = this.comparison;
    const settled = [this.settle(shown, other, startedAtMs), this.settle(other, shown, startedAtMs)];
    if (!settled.every(Boolean)) return;
    this.end('settled');
    this.syncTracks();
  }

  /** Judges a picture. @returns whether it is judged: faulty, or well */
  private settle(picture: DecodedPicture, other: DecodedPicture, startedAtMs: number): boolean {
    const series = this.seriesOf(picture);
    const found = faultBeside(series, this.seriesOf(other), targetMs(picture, other));
    if (found === null) return isWell(series, startedAtMs);
    const { streamId } = picture;
    const foundAtMs = this.deps.clock.now();
    if (this.faults.get(streamId)?.verdict === found.verdict) return true;
    this.faults.set(streamId, { ...found, foundAtMs, besideStreamId: other.streamId });
    this.rests.set(streamId, { untilMs: foundAtMs + FIRST_REST_MS, restMs: FIRST_REST_MS });
    this.deps.onVerdict({ type: 'picture-verdict', streamId, ...found });
    return true;
  }
}

function targetMs(...pictures: readonly DecodedPicture[]): number {
  return Math.max(...pictures.map(({ player }) => player.targetDurationMs() ?? ASSUMED_TARGET_MS));
}
