import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../shared/testing/virtual-clock.ts';
import { LASTING_MS, UNREST_MS, WantedPlace } from './wanted-place.ts';
import { fitToMonitors, type Monitor, type Rectangle, type WindowPlace } from './window-placement.ts';

const LARGE: Monitor = monitor(1920, 1080);
const SMALL: Monitor = monitor(1280, 720);

function monitor(width: number, height: number): Monitor {
  const bounds = { x: 0, y: 0, width, height };
  return { id: 1, bounds, workArea: bounds };
}

const bounds = (x: number, y: number, width: number, height: number): Rectangle => ({ x, y, width, height });
const placeOf = (at: Rectangle, on = LARGE, state: WindowPlace['state'] = 'normal'): WindowPlace => ({
  bounds: at,
  state,
  monitor: { id: on.id, bounds: on.bounds },
});

const WANTED = bounds(900, 500, 1000, 560);

/** A window on a desktop with one monitor, which reports each of its moves. */
class Desktop {
  readonly clock = new VirtualClock();
  readonly remembered: WindowPlace[] = [];
  readonly wanted: WantedPlace;
  on = LARGE;
  at: Rectangle;

  constructor(wanted: WindowPlace | null, at = WANTED) {
    this.at = at;
    this.wanted = new WantedPlace({
      wanted,
      put: (place) => this.move(fitToMonitors(place, [this.on])),
      where: () => this.at,
      onWanted: (place) => this.remembered.push(place),
      clock: this.clock,
    });
  }

  move(to: Rectangle, state: WindowPlace['state'] = 'normal'): void {
    this.at = to;
    this.wanted.moved(placeOf(to, this.on, state));
  }

  change(to: Monitor): void {
    this.on = to;
    this.wanted.monitorsChanged();
  }

  later(ms = LASTING_MS + UNREST_MS): void {
    this.clock.tick(ms);
  }
}

describe('a window whose monitor gets a lower resolution', () => {
  it('is moved and shrunk to fit, and returns to its place when the resolution is back', () => {
    const desktop = new Desktop(placeOf(WANTED));
    desktop.change(SMALL);
    expect(desktop.at).toEqual(bounds(280, 160, 1000, 560));
    desktop.later();
    desktop.change(LARGE);
    expect(desktop.at).toEqual(WANTED);
    desktop.later();
    expect(desktop.remembered).toEqual([]);
  });

  it('returns also when the desktop itself has shrunk it, before or after it reported the change', () => {
    const desktop = new Desktop(placeOf(WANTED));
    desktop.move(bounds(0, 0, 200, 100));
    desktop.later(100);
    desktop.change(SMALL);
    desktop.move(bounds(0, 0, 100, 50));
    desktop.later(UNREST_MS / 2);
    expect(desktop.at).toEqual(bounds(280, 160, 1000, 560));
    desktop.move(bounds(0, 0, 300, 200));
    desktop.later();
    desktop.change(LARGE);
    expect(desktop.at).toEqual(WANTED);
    expect(desktop.remembered).toEqual([]);
  });

  it('stays where the operator has moved it since then', () => {
    const desktop = new Desktop(placeOf(WANTED));
    desktop.change(SMALL);
    desktop.later();
    const chosen = bounds(10, 20, 600, 400);
    desktop.move(chosen);
    desktop.later();
    desktop.change(LARGE);
    expect(desktop.at).toEqual(chosen);
    expect(desktop.remembered).toEqual([placeOf(chosen, SMALL)]);
  });

  it('and is maximised there is remembered as maximised, at its wanted place', () => {
    const desktop = new Desktop(placeOf(WANTED));
    desktop.change(SMALL);
    desktop.later();
    desktop.move(desktop.at, 'maximised');
    desktop.later();
    expect(desktop.remembered).toEqual([placeOf(WANTED, LARGE, 'maximised')]);
  });
});

describe('a window that was opened on smaller monitors than its wanted place needs', () => {
  it('remembers that place, and returns to it when the monitors allow it', () => {
    const fitted = fitToMonitors(placeOf(WANTED), [SMALL]);
    const desktop = new Desktop(placeOf(WANTED), fitted);
    desktop.on = SMALL;
    desktop.wanted.openedIn(fitted);
    desktop.move(fitted);
    desktop.later();
    expect(desktop.remembered).toEqual([]);
    desktop.change(LARGE);
    expect(desktop.at).toEqual(WANTED);
  });
});

describe('a move', () => {
  it('is remembered once it has lasted, or when the window closes', () => {
    const desktop = new Desktop(null);
    desktop.move(bounds(1, 2, 600, 400));
    desktop.later(LASTING_MS / 2);
    desktop.move(bounds(3, 4, 600, 400));
    desktop.later();
    expect(desktop.remembered).toEqual([placeOf(bounds(3, 4, 600, 400))]);
    desktop.move(bounds(5, 6, 600, 400));
    desktop.wanted.settle();
    expect(desktop.remembered).toHaveLength(2);
    desktop.wanted.dispose();
    expect(desktop.clock.pending()).toBe(0);
  });
});
