/** Width and height of a sample, in points: the grid that the limits below were measured with (field-notes.md). */
export const SAMPLE_WIDTH = 32;
export const SAMPLE_HEIGHT = 18;

/** The rule's time between two samples, ms (field-notes.md); moving pictures are told from still ones at this pace. */
export const SAMPLE_INTERVAL_MS = 400;

/** Largest mean luma difference of a frozen picture, of 255: one point of the sample by one step (rule 13). */
const FROZEN_STEP = 0.002;
/** Least mean luma difference of a scene in which nothing moves, by the noise of its sensor (field-notes.md). */
const NOISE_STEP = 0.12;
/** What the other copy's mean luma difference has to exceed for a frozen picture to be a fault (rule 13). */
const MOTION_STEP = 1;
/** A picture is judged over at least this long, ms, and this many key frames (rule 13). */
const JUDGED_MS = 15_000;
const JUDGED_KEY_FRAMES = 3;

/** Black: luma and contrast both no higher than this, of 255. A night view has more of one or the other. */
const BLACK_LUMA = 10;
const BLACK_CONTRAST = 5;
/**
 * Not black, for certain: 10 % luma, the usual limit of black detection (ffmpeg's blackdetect), or twice the contrast.
 * Between the two lie copies of one dark scene that differ by their encoders' video range.
 */
const LIT_LUMA = 25.5;
const LIT_CONTRAST = 10;

/** Two pictures that are LIVE can be this far apart, ms, or 3 T (rule 7). */
const APART_MS = 5000;
const APART_TARGETS = 3;
/** One step may be a glitch: a seek, a decoder that concealed an error. */
const STEPS_TO_TELL = 2;
/** Steps over a longer time say nothing of motion, for light alone changes a picture by as much. Milliseconds. */
const LONGEST_MOTION_STEP_MS = 1000;
/** Samples further apart are not one series: the tile was paused or held. Milliseconds. */
const LONGEST_STEP_MS = 12_000;
/** What is older is forgotten, ms: enough to compare streams of 10 s segments. */
const REMEMBERED_MS = 90_000;

/** The luma of one presented frame, on a grid of {@link SAMPLE_WIDTH} by {@link SAMPLE_HEIGHT}. */
export interface PictureSample {
  /** Monotonic ms. */
  readonly atMs: number;
  /** The frame's place on the media's timeline, s: the same place is the same frame. */
  readonly mediaTimeS: number;
  readonly luma: Uint8Array;
}

interface Moment {
  readonly atMs: number;
  readonly mediaTimeS: number;
}

/** What the samples of one picture told so far. Lists hold monotonic ms, oldest first. */
export interface PictureSeries {
  readonly newest: PictureSample | null;
  /** Since when every sample was the same picture, bit for bit but for one step. */
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

/** A sample of a frame that the series has already is no sample: a stalled picture is not a frozen one. */
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
 * What one picture looks like by itself: frozen or black for the whole time. Not yet a fault: a still scene that its
 * encoder skips, and a dark one, look the same.
 * @param targetDurationMs of the playlist: a segment holds at least one key frame
 */
export function suspicionOf(series: PictureSeries, targetDurationMs: number): Suspicion | null {
  const blackSinceMs = lastedFrom(series, series.blackFrom, targetDurationMs);
  if (blackSinceMs !== null) return { verdict: 'black', sinceMs: blackSinceMs };
  const stillSinceMs = lastedFrom(series, series.stillFrom, targetDurationMs);
  return stillSinceMs === null ? null : { verdict: 'frozen', sinceMs: stillSinceMs };
}

/**
 * The fault of a picture beside the other copy of it, or `null`. The other copy's motion or light counts only where
 * this copy must have had it too, however far the two are apart in time.
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
  const told = suspicion.verdict === 'black' ? other.litAtMs : other.movedAtMs;
  const within = told.filter((atMs) => atMs >= fromMs && atMs <= toMs);
  return within.length >= STEPS_TO_TELL ? suspicion : null;
}

/** Whether a picture is neither frozen nor black, by what was seen from `sinceMs` on. */
export function isWell({ aliveAtMs, blackFrom }: PictureSeries, sinceMs: number): boolean {
  return blackFrom === null && aliveAtMs.filter((atMs) => atMs > sinceMs).length >= STEPS_TO_TELL;
}

/** How long two copies have to be compared at most before a fault of one would have been told, ms. */
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
