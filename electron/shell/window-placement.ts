/** In device-independent pixels of the whole desktop, as in Electron's `screen` and windows. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The part of Electron's `Display` that is used here. */
export interface Monitor {
  readonly id: number;
  readonly bounds: Rectangle;
  /** Without task bars and docks. */
  readonly workArea: Rectangle;
}

export interface WindowPlace {
  /** The window with its frame, when it is neither maximised nor in full screen. */
  readonly bounds: Rectangle;
  readonly state: 'normal' | 'maximised' | 'fullscreen';
  /** The monitor that it was on. */
  readonly monitor: { readonly id: number; readonly bounds: Rectangle };
}

/** The part of the window's upper edge that must be on one monitor, so that the window can be moved by hand. */
const TITLE = { height: 32, minWidth: 120 } as const;

/**
 * The place of a window on the present monitors. It moves with its monitor. A window that lies on monitors as a whole,
 * also across several, keeps its place. Otherwise its size is limited to the work area, and it moves wholly into one
 * monitor: its own, else the one that it overlaps most, else the middle of the first. On a monitor of the same size as
 * before, it keeps its place as long as its title can be reached: somebody has moved it there.
 * @param monitors the primary one first; without any, `bounds` is returned unchanged
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

/** Whether enough of the window's upper edge is on one monitor's work area to see it and to move the window by it. */
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

/** Monitors that mirror each other count twice, which at worst leaves the window where it is. */
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
