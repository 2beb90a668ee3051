/**
 * Put into a window from outside: measures the gaps of every tile in it, Holdfast's or a peer's, in one and the same
 * way, with the viewer's own frame source and gap meter.
 */

import { FrameSource } from '../../../../renderer/playback/frame-source.ts';
import { GapMeter } from '../../../../renderer/playback/gap-meter.ts';
import { systemClock } from '../../../../renderer/playback/system-clock.ts';

/** What the harness asks. */
export interface ScreenMeter {
  /**
   * Longest time without a new picture on top of each tile, ms, of the intervals that overlap the given time; `null`
   * where no frame is known. In the order of the tiles.
   * @param spans from and to, ms of the page's clock
   */
  longestGaps(spans: readonly (readonly [number, number])[]): (number | null)[];
}

const meters: GapMeter[] = [];

for (const tile of document.querySelectorAll('[data-tile]')) {
  const meter = new GapMeter();
  meters[Number(tile.getAttribute('data-tile')) - 1] = meter;
  watchTile(tile, meter);
}
const screenMeter: ScreenMeter = {
  longestGaps: (spans) =>
    spans.map(([fromMs, toMs], index) => meters[index]?.longestBetween(fromMs, toMs) ?? null),
};
Reflect.set(globalThis, 'screenMeter', screenMeter);

/** Until the page ends. */
function watchTile(tile: Element, meter: GapMeter): void {
  const watched = new WeakSet<Element>();
  const presented = new WeakSet<Element>();
  let shown: Element | null = null;
  const look = (): void => {
    for (const video of tile.querySelectorAll<HTMLVideoElement>('.tile-stage video')) {
      if (watched.has(video)) continue;
      watched.add(video);
      new FrameSource(video, systemClock, ({ atMs }) => {
        presented.add(video);
        // A picture that has just been raised may tell of a frame from before.
        if (topmost(tile) === video) meter.frame(Math.max(atMs, meter.lastFrameMs() ?? atMs));
      });
    }
    const top = topmost(tile);
    // A picture that is raised is new from then on, not from its next frame.
    if (top !== shown && top !== null && presented.has(top))
      meter.frame(Math.max(performance.now(), meter.lastFrameMs() ?? 0));
    shown = top;
  };
  look();
  // Pictures come and go as elements, and are raised by their z-index.
  new MutationObserver(look).observe(tile, {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: ['style'],
  });
}

/** As the picture sampler sees it: a held frame lies over the videos as a canvas. */
function topmost(tile: Element): Element | null {
  let top: HTMLElement | null = null;
  for (const picture of tile.querySelectorAll<HTMLElement>('.tile-stage video, .tile-stage canvas'))
    if (top === null || Number(picture.style.zIndex) > Number(top.style.zIndex)) top = picture;
  return top;
}
