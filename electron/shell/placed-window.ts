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
  /** The name under which the window is remembered. */
  readonly name: string;
  readonly memory: WindowMemory;
  /** Size of the content the first time, in device-independent pixels. */
  readonly defaultSize: Size;
  /** The command line's wishes: they win over what is remembered, and are not remembered themselves. */
  readonly asked?: { readonly size: Size | null; readonly presentation: 'window' | 'fullscreen' };
}

/**
 * Creates a window at its last place, adapted to the present monitors, and shows it once its page is drawn. After that,
 * the window's place and the fragment of its address are remembered.
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
  // Set again: on a monitor with another scale than the first, the size at creation is in the first monitor's pixels.
  if (bounds !== null && !isFullscreen) window.setBounds(bounds);
  window.once('ready-to-show', () => {
    if (place?.state === 'maximised' && !isFullscreen) window.maximize();
    window.show();
  });
  // A window created in full screen has no place of its own to return to.
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

/** Tracks the wanted place of the window, and moves the window there, or into the present monitors. */
function keepPlace(
  window: BrowserWindow,
  openedAt: WindowPlace | null,
  normalBounds: () => Rectangle,
  onWanted: (place: WindowPlace) => void,
): void {
  const where = (): Rectangle => plain(normalBounds());
  /** `due`: the monitors have changed while the window could not be moved. */
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
    // A minimised or hidden window has no place of its own; before it is shown, it may not have reached it yet.
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

/** In whole pixels, and without the other properties of Electron's object. */
function plain({ x, y, width, height }: Rectangle): Rectangle {
  return { x: Math.round(x), y: Math.round(y), width: Math.round(width), height: Math.round(height) };
}
