/** Width of a sample, in points. The limits below were measured with this grid. */
export const SAMPLE_WIDTH = 32;
/** Height of a sample, in points. */
export const SAMPLE_HEIGHT = 18;

/** Time between two samples in a comparison, ms. The limits between moving and still pictures hold for this interval. */
export const SAMPLE_INTERVAL_MS = 400;

/** Largest mean luma difference of a frozen picture, of 255: one point of the sample by one step (rule 13). */
const FROZEN_STEP = 0.002;
/** Least mean luma difference of a scene in which nothing moves, caused by the noise of its sensor, of 255. */
const NOISE_STEP = 0.12;
/** A frozen picture is a fault when the other copy's mean luma difference exceeds this, of 255 (rule 13). */
const MOTION_STEP = 1;
/** Least time over which a picture is judged, ms (rule 13). */
const JUDGED_MS = 15_000;
/** Least number of key frames over which a picture is judged (rule 13). */
const JUDGED_KEY_FRAMES = 3;

/** Highest mean luma of a black picture, of 255. A night view has more luma or more contrast. */
const BLACK_LUMA = 10;
/** Highest contrast of a black picture, of 255. */
const BLACK_CONTRAST = 5;
/**
 * A picture is lit from this mean luma on, of 255: 10 %, the usual limit of black detection (ffmpeg's blackdetect). Two copies of
 * one dark scene, encoded with different video ranges, may lie between black and lit.
 */
const LIT_LUMA = 25.5;
/** A picture is also lit from this contrast on, of 255. */
const LIT_CONTRAST = 10;

/** Two pictures that are LIVE can be this far apart, ms (rule 7). */
const APART_MS = 5000;
/** Or this many target durations, where that is more (rule 7). */
const APART_TARGETS = 3;
/** Steps that are needed to call a picture moving or alive: one may be a seek, or a decoder that concealed an error. */
const STEPS_TO_TELL = 2;
/** Steps over a longer time than this do not show motion, ms: changing light alone changes a picture by as much. */
const LONGEST_MOTION_STEP_MS = 1000;
/** Samples further apart than this are not one series, ms: the tile was paused or held. */
const LONGEST_STEP_MS = 12_000;
/** Older samples than this are forgotten, ms: it is enough to compare streams with segments of 10 s. */
const REMEMBERED_MS = 90_000;

/** The luma of one presented frame, on a grid of {@link SAMPLE_WIDTH} by {@link SAMPLE_HEIGHT}. */
export interface PictureSample {
  /** Monotonic ms. */
  readonly atMs: number;
  /** The frame's place on the media's timeline, s: the same place means the same frame. */
  readonly mediaTimeS: number;
  readonly luma: Uint8Array;
}

interface Moment {
  readonly atMs: number;
  readonly mediaTimeS: number;
}

/** What the samples of one picture have shown so far. Lists contain monotonic ms, oldest first. */
export interface PictureSeries {
  readonly newest: PictureSample | null;
  /** Since when every sample was the same picture, except for one step in one point. */
  readonly stillFrom: Moment | null;
  /** Since when every sample was black. */
  readonly blackFrom: Moment | null;
  /** Steps with at least the noise of a sensor. */
  readonly aliveAtMs: readonly number[];
  /** Steps with motion. */
  readonly movedAtMs: readonly number[];
  /** Samples that are certainly not black. */
  readonly litAtMs: readonly number[];
}

export const EMPTY_SERIES: PictureSeries = {
  newest: null,
  stillFrom: null,
  blackFrom: null,
  aliveAtMs: [],
  movedAtMs: [],
  litAtMs: [],
};

export interface Suspicion {
  readonly verdict: 'frozen' | 'black';
  /** Monotonic ms. */
  readonly sinceMs: number;
}

/** A second sample of the same frame is ignored: a stalled picture is not a frozen one. */
export function extendSeries(series: PictureSeries, sample: PictureSample): PictureSeries {
  const before = series.newest;
  if (before?.mediaTimeS === sample.mediaTimeS) return series;
  const apartMs = before === null ? 0 : sample.atMs - before.atMs;
  if (before !== null && (sample.mediaTimeS < before.mediaTimeS || apartMs > LONGEST_STEP_MS))
    return extendSeries(EMPTY_SERIES, sample);
  const { luma, contrast } = brightness(sample.luma);
  const isBlack = luma <= BLACK_LUMA && contrast <= BLACK_CONTRAST;
  const isLit = luma >= LIT_LUMA || contrast >= LIT_CONTRAST;
  const difference = before === null ? null : meanDifference(before.luma, sample.luma);
  const isStill = difference !== null && difference <= FROZEN_STEP;
  const isAlive = difference !== null && difference >= NOISE_STEP;
  const isMotion = difference !== null && difference > MOTION_STEP && apartMs <= LONGEST_MOTION_STEP_MS;
  const remembered = (moments: readonly number[], happened: boolean): readonly number[] => {
    const oldest = moments.findIndex((atMs) => sample.atMs - atMs <= REMEMBERED_MS);
    const recent = oldest === 0 ? moments : oldest < 0 ? [] : moments.slice(oldest);
    return happened ? [...recent, sample.atMs] : recent;
  };
  return {
    newest: sample,
    stillFrom: isStill ? series.stillFrom : sample,
    blackFrom: isBlack ? (series.blackFrom ?? sample) : null,
    aliveAtMs: remembered(series.aliveAtMs, isAlive),
    movedAtMs: remembered(series.movedAtMs, isMotion),
    litAtMs: remembered(series.litAtMs, isLit),
  };
}

/**
 * Whether one picture by itself looks frozen or black for the whole time. This is not a fault yet: a still scene whose encoder
 * skips unchanged blocks looks the same, and so does a dark scene.
 * @param targetDurationMs of the playlist: a segment contains at least one key frame
 */
export function suspicionOf(series: PictureSeries, targetDurationMs: number): Suspicion | null {
  const blackSinceMs = lastedFrom(series, series.blackFrom, targetDurationMs);
  if (blackSinceMs !== null) return { verdict: 'black', sinceMs: blackSinceMs };
  const stillSinceMs = lastedFrom(series, series.stillFrom, targetDurationMs);
  return stillSinceMs === null ? null : { verdict: 'frozen', sinceMs: stillSinceMs };
}

/**
 * The fault of a picture compared with the other copy of it, or `null`. The other copy's motion or light counts only where this
 * copy must have had it too, however far the two are apart in time.
 * @param targetDurationMs the longer one of the two playlists
 */
export function faultBeside(
  series: PictureSeries,
  other: PictureSeries,
  targetDurationMs: number,
): Suspicion | null {
  const suspicion = suspicionOf(series, targetDurationMs);
  if (suspicion === null || series.newest === null) return null;
  const apartMs = longestApartMs(targetDurationMs);
  const fromMs = suspicion.sinceMs + apartMs;
  const toMs = series.newest.atMs - apartMs;
  const signs = suspicion.verdict === 'black' ? other.litAtMs : other.movedAtMs;
  const within = signs.filter((atMs) => atMs >= fromMs && atMs <= toMs);
  return within.length >= STEPS_TO_TELL ? suspicion : null;
}

/** Whether a picture is neither frozen nor black, judged from `sinceMs` on. */
export function isWell({ aliveAtMs, blackFrom }: PictureSeries, sinceMs: number): boolean {
  return blackFrom === null && aliveAtMs.filter((atMs) => atMs > sinceMs).length >= STEPS_TO_TELL;
}

/** Longest time that two copies have to be compared before a fault of one would have been found, ms. */
export function longestComparisonMs(targetDurationMs: number): number {
  return judgedMs(targetDurationMs) + longestApartMs(targetDurationMs);
}

function lastedFrom({ newest }: PictureSeries, from: Moment | null, targetDurationMs: number): number | null {
  if (newest === null || from === null) return null;
  const longEnough = newest.atMs - from.atMs >= judgedMs(targetDurationMs);
  const keyFrames = ((newest.mediaTimeS - from.mediaTimeS) * 1000) / targetDurationMs;
  return longEnough && keyFrames >= JUDGED_KEY_FRAMES ? from.atMs : null;
}

function judgedMs(targetDurationMs: number): number {
  return Math.max(JUDGED_MS, JUDGED_KEY_FRAMES * targetDurationMs);
}

function longestApartMs(targetDurationMs: number): number {
  return Math.max(APART_MS, APART_TARGETS * targetDurationMs);
}

function meanDifference(a: Uint8Array, b: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at += 1) sum += Math.abs((a[at] ?? 0) - (b[at] ?? 0));
  return sum / a.length;
}

/** Mean and standard deviation. */
function brightness(luma: Uint8Array): { luma: number; contrast: number } {
  let sum = 0;
  let squares = 0;
  for (const value of luma) {
    sum += value;
    squares += value * value;
  }
  const mean = sum / luma.length;
  return { luma: mean, contrast: Math.sqrt(Math.max(0, squares / luma.length - mean * mean)) };
}
