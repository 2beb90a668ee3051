/**
 * A script that the harness runs in a window of Holdfast or of a peer. It measures the gaps of every tile in the same way,
 * with the viewer's own frame source and gap meter.
 */

import { FrameSource } from '../../../../renderer/playback/frame-source.ts';
import { GapMeter } from '../../../../renderer/playback/gap-meter.ts';
import { systemClock } from '../../../../renderer/playback/system-clock.ts';

/** What the harness calls. */
export interface ScreenMeter {
  /**
   * The longest interval between two new pictures on top of each tile, ms, of those that overlap the span of the tile;
   * `null` where no frame is known. In the order of the tiles.
   * @param spans beginning and end for each tile, ms of the page's clock
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

/** Watches a tile until the page ends. */
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
        // A video that has just been raised may report a frame from before.
        if (topmost(tile) === video) meter.frame(Math.max(atMs, meter.lastFrameMs() ?? atMs));
      });
    }
    const top = topmost(tile);
    // A picture that is raised is new at once, and not only with its next frame.
    if (top !== shown && top !== null && presented.has(top))
      meter.frame(Math.max(performance.now(), meter.lastFrameMs() ?? 0));
    shown = top;
  };
  look();
  // Pictures are elements that are added and removed, and raised by their z-index.
  new MutationObserver(look).observe(tile, {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: ['style'],
  });
}

/** The topmost picture, as the screen sampler sees it. A held frame is a canvas above the videos. */
function topmost(tile: Element): Element | null {
  let top: HTMLElement | null = null;
  for (const picture of tile.querySelectorAll<HTMLElement>('.tile-stage video, .tile-stage canvas'))
    if (top === null || Number(picture.style.zIndex) > Number(top.style.zIndex)) top = picture;
  return top;
}
