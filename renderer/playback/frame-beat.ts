/** So many of the newest frames are looked at: as many as Chromium takes its own pace from, see {@link LEAST_MOVE_MS}. */
const REMEMBERED = 32;
/** Fewer of them do where they took so long, ms: a page without processor time is told of a few in each second. */
const LEAST_FRAMES = 8;
const LEAST_SPAN_MS = 2000;
/** Picture rates that cameras name, frames a second; each may be meant by 1001/1000, as NTSC's are. */
const HIGHEST_RATE = 60;
const NTSC = 1001 / 1000;
/** Frames that are further from an even row say that the stream has no beat, ms: time stamps in whole ms are not. */
const UNEVEN_MS = 1.5;
/** Slow streams are put on a part of their interval that is no longer than this, ms, so that no picture is moved far. */
const LONGEST_BEAT_MS = 70;
/**
 * A picture is on the beat that is no further off than the first, ms. One that was there, or was moved, is left alone up to
 * the second: cameras' clocks drift, and a busy window ends a move late.
 */
const ON_MS = 1;
const DRIFTED_MS = 4;
/**
 * Between the beginnings of two moves, ms: longer than the longest of them. On 2 cores that 64 tiles fill, a moment without
 * processor time takes all pictures off the beat, and off it they fill the cores: they have to be back on it soon.
 */
const REST_MS = 3000;
/** A picture is moved by so much of its pace. */
const CHANGE = 0.05;
/**
 * The least that a picture is moved by, ms; one that is nearer goes on to the next beat. Chromium keeps showing frames at the
 * refreshes that it has once chosen, up to half a frame late or early, while their pace stays within some 0.4 % over 32 of
 * them (VideoRendererAlgorithm, VideoCadenceEstimator): a smaller move would change nothing on the screen.
 */
const LEAST_MOVE_MS = 20;

/** How fast a picture plays, and for how long, ms. */
export interface BeatMove {
  readonly rate: number;
  readonly forMs: number;
}

/**
 * Puts the pictures of a window on one beat. Streams begin whenever they begin, so that the frames of a wall fall on
 * every refresh of the display, and each of those draws the window anew. When streams of the same rate change their
 * pictures in the same moment, the window is drawn once for all of them. The beat is counted from the zero of the
 * page's clock, so players need not know of each other.
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
   * What brings the picture onto the beat; `null` where it is there, or its stream has none.
   * @param nowMs monotonic, of the page's clock
   * @param pictureS the place of the picture at that moment while it plays at its own pace, s
   * @param excessS how much further behind the live edge it is than its stream asks for, s: a move brings it closer to
   * that, or many of them would add up
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

/** The row that frames stand in: its interval, and where one of them should be; ms. */
interface Row {
  readonly intervalMs: number;
  readonly frameMs: number;
  readonly unevenMs: number;
}

/**
 * The longest interval, of a rate that cameras name, that all frames fit to. Frames that were left out, as by a page that has no
 * time for all of them, do not matter. `null` where there is none, or too few were seen.
 */
function evenRow(frames: readonly number[]): Row | null {
  const sorted = [...frames].sort((a, b) => a - b);
  const [firstMs, lastMs] = [sorted[0] ?? 0, sorted.at(-1) ?? 0];
  if (sorted.length < (lastMs - firstMs < LEAST_SPAN_MS ? REMEMBERED : LEAST_FRAMES)) return null;
  // No two frames are nearer to each other than an interval.
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
