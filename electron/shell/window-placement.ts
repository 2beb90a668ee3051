/** In device-independent pixels of the whole desktop, as Electron's `screen` and windows give them. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A monitor, as far as the placing of windows needs it: the part of Electron's `Display` that is used. */
export interface Monitor {
  readonly id: number;
  readonly bounds: Rectangle;
  /** Without task bars and docks. */
  readonly workArea: Rectangle;
}

export interface WindowPlace {
  /** Of the window with its frame, when it is neither maximised nor in full screen. */
  readonly bounds: Rectangle;
  readonly state: 'normal' | 'maximised' | 'fullscreen';
  /** The monitor that it was on. */
  readonly monitor: { readonly id: number; readonly bounds: Rectangle };
}

/** Of the window's upper edge at least this much must be on one monitor, for a hand to move it by. */
const TITLE = { height: 32, minWidth: 120 } as const;

/**
 * Where a window goes on the monitors of today. It goes with its monitor when that was moved. What lies on monitors as a whole (a
 * wall of several included) stays as it was. Otherwise the size is capped to the work area, and the window comes wholly inside
 * one: its own, else the one that it overlaps most, else the middle of the first. On a monitor of the same size as before it
 * stays where its title can be reached: somebody has pushed it there.
 *
 * @param monitors the primary one first; `bounds` is returned as it is when there is none
 */
export function fitToMonitors(place: WindowPlace, monitors: readonly Monitor[]): Rectangle {
  const own = monitors.find(({ id }) => id === place.monitor.id);
  const bounds =
    own === undefined
      ? place.bounds
      : {
          ...place.bounds,
          x: place.bounds.x + own.bounds.x - place.monitor.bounds.x,
          y: place.bounds.y + own.bounds.y - place.monitor.bounds.y,
        };
  if (isCovered(bounds, monitors)) return bounds;

  const home = own ?? mostOverlapped(bounds, monitors) ?? monitors[0];
  if (home === undefined) return bounds;
  const area = home.workArea;
  const capped = {
    ...bounds,
    width: Math.min(bounds.width, area.width),
    height: Math.min(bounds.height, area.height),
  };
  if (own !== undefined && isSameSize(own.bounds, place.monitor.bounds) && isTitleVisible(capped, monitors))
    return capped;
  if (own === undefined && overlap(capped, area) === 0) return centred(capped, area);
  return {
    ...capped,
    x: clamp(capped.x, area.x, area.x + area.width - capped.width),
    y: clamp(capped.y, area.y, area.y + area.height - capped.height),
  };
}

/** Whether enough of the window's upper edge is on one monitor's work area to see it and to move it by. */
export function isTitleVisible(bounds: Rectangle, monitors: readonly Monitor[]): boolean {
  const title = { ...bounds, height: Math.min(TITLE.height, bounds.height) };
  const wanted = title.height * Math.min(TITLE.minWidth, bounds.width);
  return monitors.some(
    ({ workArea }) =>
      title.y >= workArea.y && overlap(title, workArea) >= wanted && fitsBelow(title, workArea),
  );
}

function isSameSize(one: Rectangle, other: Rectangle): boolean {
  return one.width === other.width && one.height === other.height;
}

function fitsBelow(title: Rectangle, area: Rectangle): boolean {
  return title.y + title.height <= area.y + area.height;
}

/** Monitors that mirror each other count twice, which errs towards leaving the window alone. */
function isCovered(bounds: Rectangle, monitors: readonly Monitor[]): boolean {
  const covered = monitors.reduce((sum, { workArea }) => sum + overlap(bounds, workArea), 0);
  return covered >= bounds.width * bounds.height;
}

function mostOverlapped(bounds: Rectangle, monitors: readonly Monitor[]): Monitor | undefined {
  return monitors
    .filter(({ workArea }) => overlap(bounds, workArea) > 0)
    .sort((a, b) => overlap(bounds, b.workArea) - overlap(bounds, a.workArea))[0];
}

/** In square pixels. */
function overlap(a: Rectangle, b: Rectangle): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return Math.max(0, width) * Math.max(0, height);
}

function centred({ width, height }: Rectangle, area: Rectangle): Rectangle {
  return {
    x: area.x + Math.floor((area.width - width) / 2),
    y: area.y + Math.floor((area.height - height) / 2),
    width,
    height,
  };
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
