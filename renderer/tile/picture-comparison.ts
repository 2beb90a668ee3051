import type { Clock } from '../playback/clock.ts';
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

/** Without suspicion two copies are compared this often, ms (rule 13). */
const REGULAR_MS = 600_000;
/** The next comparison for the same stream waits this long, ms, twice as long each time, up to the regular interval. */
const FIRST_REST_MS = 60_000;
/** One that was cut short by a stream to be shown is tried again after this, ms. */
const INTERRUPTED_REST_MS = 3000;
/** What a second player may take until its first frames, ms. */
const START_MS = 5000;
/** Until its playlist says its own, ms. */
const ASSUMED_TARGET_MS = 2000;

/** A picture that was found frozen or black, or that moves again. */
export interface PictureVerdict {
  readonly type: 'picture-verdict';
  readonly streamId: string;
  readonly verdict: 'frozen' | 'black' | 'moving';
  /** Monotonic ms. */
  readonly sinceMs: number;
}

/** What stands against a picture. Times are monotonic ms. */
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

/** What a tile has to compare. */
export interface ComparableScene {
  /** The picture on the screen; `null` while there is none to judge: none moves, or the tile is suspended. */
  readonly shown: DecodedPicture | null;
  /** Another site's copy that presents frames beside it. */
  readonly other: DecodedPicture | null;
  /** Streams of other sites that a second player may be spent on, best first; none while one is needed (rule 15). */
  readonly affordable: readonly string[];
}

const NOTHING: ComparableScene = { shown: null, other: null, affordable: [] };

interface ComparisonDeps {
  readonly clock: Clock;
  readonly sampler: PictureSampler;
  /** Uniform in [0, 1): spreads the regular comparisons of a wall. */
  readonly random: () => number;
  /** A second player, under the shown picture; whoever asked for it disposes of it. */
  readonly startPlayer: (
    streamId: string,
    events: { onFrame(frame: PresentedFrame): void; onFailed(): void },
  ) => Player;
  readonly onVerdict: (verdict: PictureVerdict) => void;
}

interface Track {
  readonly sampling: Sampling;
  /** From the player's place on its timeline to that of the stream's series, s; `null` before the first sample. */
  shiftS: number | null;
}

interface Comparison {
  /** The stream that gave the reason; `null` for a regular comparison. */
  readonly about: string | null;
  readonly other: DecodedPicture;
  readonly startedAtMs: number;
  /** Lets another tile compare, and frees the second player where one was started for it. */
  readonly free: () => void;
}

/** `settled`: all is known of both; `untold`: time is over, or the other copy cannot be played. */
type Outcome = 'settled' | 'untold' | 'interrupted';

/** After a stream's comparison the next one waits `untilMs`, and one that tells nothing either for `restMs` more. */
interface Rest {
  readonly untilMs: number;
  readonly restMs: number;
}

interface DueComparison extends Pick<Comparison, 'about'> {
  readonly withStreamId: string;
}

/**
 * Finds frozen and black pictures on streams that are otherwise alive (rule 13). The shown picture is screened all the
 * time, which costs no player. Only when it looks frozen or black, or a stream that was found so is looked at again, or
 * every ten minutes, another site's copy is decoded beside it for some seconds. That second player gives way at once to
 * one that is to be shown: {@link yieldPlayer}.
 */
export class PictureComparison {
  readonly #deps: ComparisonDeps;
  readonly #tracks = new Map<Player, Track>();
  /** By stream, for the next player goes on with what the one before showed of it: a comparison may be interrupted. */
  readonly #series = new Map<string, PictureSeries>();
  readonly #faults = new Map<string, PictureFault>();
  readonly #rests = new Map<string, Rest>();
  #scene: ComparableScene = NOTHING;
  #comparison: Comparison | null = null;
  #regularAtMs: number;
  /** Time that the present comparison took before it was interrupted, ms. */
  #spentMs = 0;

  constructor(deps: ComparisonDeps) {
    this.#deps = deps;
    this.#regularAtMs = deps.clock.now() + deps.random() * REGULAR_MS;
  }

  /** What stands against a stream's picture; `null` while nothing does. */
  faultOf(streamId: string): PictureFault | null {
    return this.#faults.get(streamId) ?? null;
  }

  /** The tile's pictures as they are now. Cheap: to be called with each beat and whenever they may have changed. */
  update(scene: ComparableScene): void {
    this.#scene = scene;
    if (this.#comparison !== null) {
      if (!this.#canGoOn(this.#comparison)) this.#end('interrupted');
      else if (this.#isOver(this.#comparison)) this.#end('untold');
    }
    if (this.#comparison === null) this.#beginWhereDue();
    this.#syncTracks();
  }

  /** Frees the second player, for a stream that is to be shown (rule 15). */
  yieldPlayer(): void {
    this.#end('interrupted');
    this.#syncTracks();
  }

  /** Drops what is known of streams that the tile has no more. */
  keepOnly(streamIds: readonly string[]): void {
    for (const known of [this.#series, this.#faults, this.#rests])
      for (const streamId of known.keys()) if (!streamIds.includes(streamId)) known.delete(streamId);
  }

  dispose(): void {
    this.update(NOTHING);
  }

  // --- comparisons ------------------------------------------------------------------------------------

  #canGoOn({ other }: Comparison): boolean {
    const { shown, other: beside, affordable } = this.#scene;
    return shown !== null && (beside?.player === other.player || affordable.includes(other.streamId));
  }

  #isOver({ other, startedAtMs }: Comparison): boolean {
    const { shown } = this.#scene;
    const longestMs = START_MS + longestComparisonMs(shown === null ? 0 : targetMs(shown, other));
    return this.#spentMs + this.#deps.clock.now() - startedAtMs > longestMs;
  }

  #beginWhereDue(): void {
    const due = this.#due();
    if (due === null) return;
    const release = this.#deps.sampler.beginComparison();
    if (release === null) return;
    const { about, withStreamId } = due;
    const startedAtMs = this.#deps.clock.now();
    const { other } = this.#scene;
    if (other?.streamId === withStreamId) {
      this.#comparison = { about, startedAtMs, other, free: release };
      return;
    }
    let newest: PresentedFrame | null = null;
    const player = this.#deps.startPlayer(withStreamId, {
      onFrame: (frame) => {
        newest = frame;
      },
      onFailed: () => {
        this.#end('untold');
        this.#syncTracks();
      },
    });
    const free = (): void => {
      release();
      player.dispose();
    };
    this.#comparison = {
      about,
      startedAtMs,
      other: { streamId: withStreamId, player, newest: () => newest },
      free,
    };
  }

  #end(outcome: Outcome): void {
    const ended = this.#comparison;
    if (ended === null) return;
    this.#comparison = null;
    ended.free();
    const nowMs = this.#deps.clock.now();
    const interrupted = outcome === 'interrupted';
    this.#spentMs = interrupted ? this.#spentMs + nowMs - ended.startedAtMs : 0;
    this.#regularAtMs = interrupted
      ? Math.max(this.#regularAtMs, nowMs + INTERRUPTED_REST_MS)
      : nowMs + REGULAR_MS;
    if (ended.about === null) return;
    const restMs = this.#rests.get(ended.about)?.restMs ?? FIRST_REST_MS;
    this.#rests.set(ended.about, {
      untilMs: nowMs + (interrupted ? INTERRUPTED_REST_MS : restMs),
      restMs: outcome === 'untold' ? Math.min(2 * restMs, REGULAR_MS) : restMs,
    });
  }

  #due(): DueComparison | null {
    const { shown, other, affordable } = this.#scene;
    if (shown === null) return null;
    const decodable = other === null ? affordable : [other.streamId];
    const copy = decodable.find((streamId) => !this.#faults.has(streamId));
    if (copy !== undefined && this.#looksFaulty(shown) && this.#isRested(shown.streamId))
      return { about: shown.streamId, withStreamId: copy };
    if (other !== null && this.#looksFaulty(other) && this.#isRested(other.streamId))
      return { about: other.streamId, withStreamId: other.streamId };
    const again = decodable.find((streamId) => this.#faults.has(streamId) && this.#isRested(streamId));
    if (again !== undefined) return { about: again, withStreamId: again };
    const isRegular = copy !== undefined && this.#deps.clock.now() >= this.#regularAtMs;
    return isRegular ? { about: null, withStreamId: copy } : null;
  }

  #looksFaulty(picture: DecodedPicture): boolean {
    if (this.#faults.has(picture.streamId)) return false;
    return suspicionOf(this.#seriesOf(picture), targetMs(picture)) !== null;
  }

  #isRested(streamId: string): boolean {
    return this.#deps.clock.now() >= (this.#rests.get(streamId)?.untilMs ?? 0);
  }

  // --- samples ----------------------------------------------------------------------------------------

  #syncTracks(): void {
    const { shown, other } = this.#scene;
    const beside = this.#comparison?.other ?? other;
    const wanted = shown === null ? [] : beside === null ? [shown] : [shown, beside];
    for (const [player, { sampling }] of this.#tracks)
      if (!wanted.some((picture) => picture.player === player)) {
        sampling.end();
        this.#tracks.delete(player);
      }
    for (const picture of wanted) {
      const track = this.#tracks.get(picture.player) ?? this.#track(picture);
      track.sampling.setPace(this.#comparison === null ? 'screening' : 'comparing');
    }
  }

  #track(picture: DecodedPicture): Track {
    const sampling = this.#deps.sampler.sample(picture.player.video, (luma, atMs) => {
      const frame = picture.newest();
      if (frame === null) return;
      const { newest } = this.#seriesOf(picture);
      track.shiftS ??=
        newest === null ? 0 : newest.mediaTimeS + (atMs - newest.atMs) / 1000 - frame.mediaTimeS;
      const sample = { atMs, mediaTimeS: frame.mediaTimeS + track.shiftS, luma };
      this.#series.set(picture.streamId, extendSeries(this.#seriesOf(picture), sample));
      this.#acquit(picture);
      this.#compare();
    });
    const track: Track = { sampling, shiftS: null };
    this.#tracks.set(picture.player, track);
    return track;
  }

  #seriesOf({ streamId }: DecodedPicture): PictureSeries {
    return this.#series.get(streamId) ?? EMPTY_SERIES;
  }

  /** A picture that was found faulty, and moves again. */
  #acquit(picture: DecodedPicture): void {
    const { streamId } = picture;
    const nowMs = this.#deps.clock.now();
    const fault = this.#faults.get(streamId);
    if (!isWell(this.#seriesOf(picture), fault?.foundAtMs ?? nowMs - FIRST_REST_MS)) return;
    // Later stillness is another matter: its first rest is short again.
    const rest = this.#rests.get(streamId);
    if (rest !== undefined) this.#rests.set(streamId, { ...rest, restMs: FIRST_REST_MS });
    if (fault === undefined) return;
    this.#faults.delete(streamId);
    this.#deps.onVerdict({ type: 'picture-verdict', streamId, verdict: 'moving', sinceMs: nowMs });
  }

  #compare(): void {
    const { shown } = this.#scene;
    if (this.#comparison === null || shown === null) return;
    const { startedAtMs, other } = this.#comparison;
    const settled = [this.#settle(shown, other, startedAtMs), this.#settle(other, shown, startedAtMs)];
    if (!settled.every(Boolean)) return;
    this.#end('settled');
    this.#syncTracks();
  }

  /** Whether all is known of a picture that the comparison can tell. */
  #settle(picture: DecodedPicture, other: DecodedPicture, startedAtMs: number): boolean {
    const series = this.#seriesOf(picture);
    const found = faultBeside(series, this.#seriesOf(other), targetMs(picture, other));
    if (found === null) return isWell(series, startedAtMs);
    const { streamId } = picture;
    const foundAtMs = this.#deps.clock.now();
    if (this.#faults.get(streamId)?.verdict === found.verdict) return true;
    this.#faults.set(streamId, { ...found, foundAtMs, besideStreamId: other.streamId });
    this.#rests.set(streamId, { untilMs: foundAtMs + FIRST_REST_MS, restMs: FIRST_REST_MS });
    this.#deps.onVerdict({ type: 'picture-verdict', streamId, ...found });
    return true;
  }
}

function targetMs(...pictures: readonly DecodedPicture[]): number {
  return Math.max(...pictures.map(({ player }) => player.targetDurationMs() ?? ASSUMED_TARGET_MS));
}
