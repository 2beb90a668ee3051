import { isDeepStrictEqual } from 'node:util';
import { BrowserWindow, type BrowserWindowConstructorOptions, screen } from 'electron';
import { WantedPlace } from './wanted-place.ts';
import type { WindowMemory } from './window-memory.ts';
import { fitToMonitors, type Monitor, type Rectangle, type WindowPlace } from './window-placement.ts';

interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Placing {
  /** By which the window is remembered. */
  readonly name: string;
  readonly memory: WindowMemory;
  /** Of the content, in device-independent pixels, for the first time. */
  readonly defaultSize: Size;
  /** What the command line asks for: it wins over what is remembered, and is itself not remembered. */
  readonly asked?: { readonly size: Size | null; readonly presentation: 'window' | 'fullscreen' };
}

/**
 * Creates a window at the place where it was last time, on the monitors of today, and shows it once its page is drawn.
 * From then on the window's place and its address's fragment are remembered.
 */
export function createPlacedWindow(
  { name, memory, defaultSize, asked = { size: null, presentation: 'window' } }: Placing,
  options: BrowserWindowConstructorOptions,
): BrowserWindow {
  const place = asked.size === null ? (memory.recall(name)?.place ?? null) : null;
  const bounds = place === null ? null : fitToMonitors(place, monitors());
  const isFullscreen = asked.presentation === 'fullscreen' || place?.state === 'fullscreen';
  const window = new BrowserWindow({
    ...(bounds ?? { ...(asked.size ?? defaultSize), useContentSize: true }),
    ...options,
    fullscreen: isFullscreen,
    show: false,
  });
  // Once more: on a monitor of another scale than the first, the size at creation is counted in the first one's pixels.
  if (bounds !== null && !isFullscreen) window.setBounds(bounds);
  window.once('ready-to-show', () => {
    if (place?.state === 'maximised' && !isFullscreen) window.maximize();
    window.show();
  });
  // A window that is created in full screen has no place of its own to go back to.
  let isUnfolded = !isFullscreen;
  window.once('leave-full-screen', () => {
    if (isUnfolded) return;
    isUnfolded = true;
    if (bounds !== null) window.setBounds(bounds);
    else {
      const { width, height } = asked.size ?? defaultSize;
      window.setContentSize(width, height);
      window.center();
    }
  });
  window.webContents.on('did-navigate-in-page', (_event, url, isMainFrame) => {
    if (isMainFrame) memory.remember(name, { shown: new URL(url).hash });
  });
  const normalBounds = (): Rectangle => (isUnfolded || bounds === null ? window.getNormalBounds() : bounds);
  const isRemembered = asked.size === null && asked.presentation === 'window';
  keepPlace(window, place, normalBounds, (wanted) => {
    if (isRemembered) memory.remember(name, { place: wanted });
  });
  return window;
}

/** Notices where the window is wanted, and brings it there, or inside of the monitors that are there. */
function keepPlace(
  window: BrowserWindow,
  openedAt: WindowPlace | null,
  normalBounds: () => Rectangle,
  onWanted: (place: WindowPlace) => void,
): void {
  const where = (): Rectangle => plain(normalBounds());
  /** `due`: the monitors have changed while it could not be put anywhere. */
  let putting: 'done' | 'due' = 'done';
  const wanted = new WantedPlace({
    wanted: openedAt,
    where,
    put: (place) => {
      putting = canBePut(window) ? 'done' : 'due';
      if (putting === 'due') return;
      const bounds = fitToMonitors(place, monitors());
      if (!isDeepStrictEqual(bounds, plain(window.getBounds()))) window.setBounds(bounds);
    },
    onWanted,
  });
  if (openedAt !== null) wanted.openedIn(plain(fitToMonitors(openedAt, monitors())));
  const look = (): void => {
    // Minimised or hidden it has no place of its own; before it is shown it may not have reached it yet.
    if (window.isMinimized() || !window.isVisible()) return;
    const bounds = where();
    const monitor = screen.getDisplayMatching(bounds);
    wanted.moved({
      bounds,
      state: window.isFullScreen() ? 'fullscreen' : window.isMaximized() ? 'maximised' : 'normal',
      monitor: { id: monitor.id, bounds: plain(monitor.bounds) },
    });
  };
  const lookOrPut = (): void => {
    if (putting === 'due' && canBePut(window)) wanted.monitorsChanged();
    else look();
  };
  window.on('show', look);
  window.on('move', look);
  window.on('resize', look);
  window.on('maximize', look);
  window.on('unmaximize', lookOrPut);
  window.on('restore', lookOrPut);
  window.on('enter-full-screen', look);
  window.on('leave-full-screen', lookOrPut);
  window.on('close', () => {
    look();
    wanted.settle();
  });
  const onMonitors = (): void => wanted.monitorsChanged();
  screen.on('display-added', onMonitors);
  screen.on('display-removed', onMonitors);
  screen.on('display-metrics-changed', onMonitors);
  window.once('closed', () => {
    wanted.dispose();
    screen.off('display-added', onMonitors);
    screen.off('display-removed', onMonitors);
    screen.off('display-metrics-changed', onMonitors);
  });
}

function canBePut(window: BrowserWindow): boolean {
  return !window.isFullScreen() && !window.isMaximized() && !window.isMinimized();
}

function monitors(): Monitor[] {
  const primary = screen.getPrimaryDisplay();
  const others = screen.getAllDisplays().filter(({ id }) => id !== primary.id);
  return [primary, ...others];
}

/** In whole pixels, and without whatever else Electron's object has. */
function plain({ x, y, width, height }: Rectangle): Rectangle {
  return { x: Math.round(x), y: Math.round(y), width: Math.round(width), height: Math.round(height) };
}
