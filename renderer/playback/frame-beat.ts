/**
 * Number of the newest frames that are examined: as many as Chromium derives its own pace from, see {@link LEAST_MOVE_MS}.
 */
const REMEMBERED = 32;
/**
 * Fewer frames are enough, down to this number, where they took {@link LEAST_SPAN_MS}: a busy page sees only a few a
 * second.
 */
const LEAST_FRAMES = 8;
/** Least time from the first to the last of so few frames, ms. */
const LEAST_SPAN_MS = 2000;
/** Highest picture rate that is recognised, frames a second. */
const HIGHEST_RATE = 60;
/** A camera's rate may be the stated one divided by this, as with NTSC. */
const NTSC = 1001 / 1000;
/** A stream has no beat where frames are further than this from even spacing, ms. Time stamps in whole ms are nearer. */
const UNEVEN_MS = 1.5;
/** Longest beat, ms: a slow stream is put on a fraction of its interval, so that no picture is moved far. */
const LONGEST_BEAT_MS = 70;
/** A picture is on the beat when it is off by no more than this, ms. */
const ON_MS = 1;
/**
 * A picture that was on the beat, or was moved onto it, is left alone until it is off by more than this, ms: cameras' clocks
 * drift, and a busy window ends a move late.
 */
const DRIFTED_MS = 4;
/**
 * Least time from the beginning of one move to the next, ms: longer than the longest move. When 64 tiles fill 2 cores, a moment
 * without processor time takes all pictures off the beat. Off the beat they cost so much that they have to return to it soon.
 */
const REST_MS = 3000;
/** How much faster or slower a picture plays while it is moved, as a share of its pace. */
const CHANGE = 0.05;
/**
 * The least that a picture is moved by, ms; a picture nearer to the beat than that is moved to the next beat. Chromium keeps to
 * the display refreshes that it once chose for the frames, up to half a frame late or early, while the pace changes by less
 * than about 0.4 % over 32 frames (VideoRendererAlgorithm, VideoCadenceEstimator). A smaller move would change nothing on the
 * screen.
 */
const LEAST_MOVE_MS = 20;

/** The rate that a picture plays at, and for how long, ms. */
export interface BeatMove {
  readonly rate: number;
  readonly forMs: number;
}

/**
 * Puts the pictures of a window on one beat. Streams begin at any moment, so the frames of a wall are spread over every refresh
 * of the display, and the window is drawn anew at each of them. When streams of the same rate change their pictures at the same
 * moment, the window is drawn once for all of them. The beat is counted from the zero of the page's clock, so players need not
 * know of each other.
 */
export class FrameBeat {
  /** Media times, ms. */
  private readonly frames: number[] = [];
  private next = 0;
  private toleratedMs = ON_MS;
  private movedAtMs = Number.NEGATIVE_INFINITY;

  /** @param mediaTimeS place of a presented frame on the media's timeline, s */
  frame(mediaTimeS: number): void {
    this.frames[this.next] = mediaTimeS * 1000;
    this.next = (this.next + 1) % REMEMBERED;
  }

  /**
   * The move that brings the picture onto the beat; `null` where the picture is on it, or its stream has none.
   * @param nowMs monotonic, of the page's clock
   * @param pictureS the place of the picture at that moment while it plays at its own pace, s
   * @param excessS how much further behind the live edge the player is than its stream asks for, s. Each move reduces it, so
   * that many moves do not add up
   */
  move(nowMs: number, pictureS: number, excessS: number): BeatMove | null {
    if (nowMs - this.movedAtMs < REST_MS) return null;
    const row = evenRow(this.frames);
    if (row === null) return null;
    const beatMs = row.intervalMs / Math.ceil(row.intervalMs / LONGEST_BEAT_MS);
    const offMs = nearest(nowMs - pictureS * 1000 + row.frameMs, beatMs);
    const isOn = Math.abs(offMs) <= this.toleratedMs;
    this.toleratedMs = DRIFTED_MS;
    if (isOn) return null;
    this.movedAtMs = nowMs;
    const direction = excessS > 0 ? 1 : -1;
    const beats = Math.ceil((LEAST_MOVE_MS - direction * offMs) / beatMs);
    return { rate: 1 + direction * CHANGE, forMs: (direction * offMs + beats * beatMs) / CHANGE };
  }
}

/** An even row of frames: its interval, and where one of its frames should be, ms. */
interface Row {
  readonly intervalMs: number;
  readonly frameMs: number;
  readonly unevenMs: number;
}

/**
 * The longest interval, of a rate that cameras have, that all frames fit. Frames may be missing, as in a page that has no time
 * for all of them. `null` where there is no such interval, or too few frames were seen.
 */
function evenRow(frames: readonly number[]): Row | null {
  const sorted = [...frames].sort((a, b) => a - b);
  const [firstMs, lastMs] = [sorted[0] ?? 0, sorted.at(-1) ?? 0];
  if (sorted.length < (lastMs - firstMs < LEAST_SPAN_MS ? REMEMBERED : LEAST_FRAMES)) return null;
  // No two frames are nearer to each other than one interval.
  const leastMs = Math.min(...sorted.slice(1).map((frame, index) => frame - (sorted[index] ?? 0)));
  const lowestRate = Math.max(1, Math.floor(1000 / (leastMs + UNEVEN_MS)));
  for (let rate = lowestRate; rate <= HIGHEST_RATE; rate += 1) {
    const [plain, ntsc] = [rowOf(sorted, 1000 / rate), rowOf(sorted, (1000 / rate) * NTSC)];
    const best = ntsc.unevenMs < plain.unevenMs ? ntsc : plain;
    if (best.unevenMs <= UNEVEN_MS) return best;
  }
  return null;
}

function rowOf(frames: readonly number[], intervalMs: number): Row {
  const firstMs = frames[0] ?? 0;
  let [earliest, latest] = [0, 0];
  for (const frame of frames) {
    const place = nearest(frame - firstMs, intervalMs);
    if (place < earliest) earliest = place;
    else if (place > latest) latest = place;
  }
  return { intervalMs, unevenMs: latest - earliest, frameMs: firstMs + (earliest + latest) / 2 };
}

/** How far a place is from the nearest multiple of an interval: negative before it. */
function nearest(place: number, interval: number): number {
  return place - Math.round(place / interval) * interval;
}
