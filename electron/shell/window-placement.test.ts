import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitToMonitors, isTitleVisible, type Monitor, type WindowPlace } from './window-placement.ts';

/** 1920x1080 with a task bar of 40 px at the bottom. */
const LEFT: Monitor = monitor(1, 0);
const RIGHT: Monitor = monitor(2, 1920);

function monitor(id: number, x: number, y = 0, width = 1920, height = 1080): Monitor {
  return { id, bounds: { x, y, width, height }, workArea: { x, y, width, height: height - 40 } };
}

function place(bounds: WindowPlace['bounds'], on: Monitor): WindowPlace {
  return { bounds, state: 'normal', monitor: { id: on.id, bounds: on.bounds } };
}

describe('a remembered window', () => {
  test('comes back where it was', () => {
    const bounds = { x: 2000, y: 100, width: 1200, height: 800 };
    expect(fitToMonitors(place(bounds, RIGHT), [LEFT, RIGHT])).toEqual(bounds);
  });

  test('that spans two monitors spans them again', () => {
    const bounds = { x: 0, y: 0, width: 3840, height: 1040 };
    expect(fitToMonitors(place(bounds, LEFT), [LEFT, RIGHT])).toEqual(bounds);
  });

  test('that was moved over the edge by hand stays there while its title can be reached', () => {
    const bounds = { x: 1500, y: 800, width: 1200, height: 800 };
    expect(fitToMonitors(place(bounds, LEFT), [LEFT])).toEqual(bounds);
  });

  test('moves with its monitor', () => {
    const bounds = { x: 2000, y: 100, width: 1200, height: 800 };
    const below = monitor(RIGHT.id, 0, 1080);
    expect(fitToMonitors(place(bounds, RIGHT), [LEFT, below])).toEqual({ ...bounds, x: 80, y: 1180 });
  });

  test('comes to the middle of the first monitor when its own is gone', () => {
    const bounds = { x: 2000, y: 100, width: 1200, height: 800 };
    expect(fitToMonitors(place(bounds, RIGHT), [LEFT])).toEqual({ x: 360, y: 120, width: 1200, height: 800 });
  });

  test('moves into the monitor that still shows a strip of it without its title', () => {
    const bounds = { x: 1910, y: -300, width: 1200, height: 800 };
    const placed = fitToMonitors(place(bounds, RIGHT), [LEFT]);
    expect(placed).toEqual({ x: 720, y: 0, width: 1200, height: 800 });
  });

  test('shrinks to the work area of a monitor with a lower resolution', () => {
    const small = monitor(1, 0, 0, 1280, 720);
    const bounds = { x: 100, y: 100, width: 1800, height: 900 };
    const placed = fitToMonitors(place(bounds, LEFT), [small]);
    expect(placed).toEqual(small.workArea);
  });

  test('keeps its place when no monitor is known', () => {
    const bounds = { x: 5, y: 6, width: 700, height: 500 };
    expect(fitToMonitors(place(bounds, LEFT), [])).toEqual(bounds);
  });
});

test('on any remaining monitors, its title can be reached', () => {
  const side = fc.integer({ min: 320, max: 16_384 });
  const origin = fc.integer({ min: -20_000, max: 20_000 });
  const bounds = fc.record({ x: origin, y: origin, width: side, height: side });
  const monitors = fc.uniqueArray(
    fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 640, max: 4000 })),
    { minLength: 1, maxLength: 4, selector: ([id]) => id },
  );
  fc.assert(
    fc.property(bounds, fc.integer({ min: 1, max: 6 }), monitors, (wanted, ownId, sizes) => {
      // Side by side, as desktops arrange them.
      let x = 0;
      const present = sizes.map(([id, width]) => {
        const next = monitor(id, x, 0, width, 720);
        x += width;
        return next;
      });
      const placed = fitToMonitors(place(wanted, monitor(ownId, 0)), present);
      expect(isTitleVisible(placed, present)).toBe(true);
    }),
  );
});
