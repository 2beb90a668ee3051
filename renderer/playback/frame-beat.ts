/** So many of the newest frames are looked at: as many as Chromium takes its own pace from, see {@link LEAST_MOVE_MS}. */
const REMEMBERED = 32;
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
/** Between the beginnings of two moves, ms: a window that cannot end them in time is not kept busy with them. */
const REST_MS = 10_000;
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

/**
 * The row that frames stand in: the interval of the rate that all of them fit to, and where one of them should be, ms. Frames
 * that were left out do not matter. `null` where there is none, or too few were seen.
 */
function evenRow(frames: readonly number[]): { intervalMs: number; frameMs: number } | null {
  if (frames.length < REMEMBERED) return null;
  const sorted = [...frames].sort((a, b) => a - b);
  const firstMs = sorted[0] ?? 0;
  const steps = sorted.slice(1).map((frame, index) => frame - (sorted[index] ?? 0));
  const usualMs = steps.sort((a, b) => a - b)[steps.length >> 1] ?? 0;
  const rate = Math.round(1000 / usualMs);
  if (!(rate >= 1 && rate <= HIGHEST_RATE)) return null;
  const [best] = [1000 / rate, (1000 / rate) * NTSC]
    .map((intervalMs) => {
      const places = sorted.map((frame) => nearest(frame - firstMs, intervalMs));
      const [earliest, latest] = [Math.min(...places), Math.max(...places)];
      return { intervalMs, unevenMs: latest - earliest, frameMs: firstMs + (earliest + latest) / 2 };
    })
    .sort((a, b) => a.unevenMs - b.unevenMs);
  return best !== undefined && best.unevenMs <= UNEVEN_MS ? best : null;
}

/** How far a place is from the nearest multiple of an interval: negative before it. */
function nearest(place: number, interval: number): number {
  return place - Math.round(place / interval) * interval;
}
