import { BrowserWindow, type BrowserWindowConstructorOptions, screen } from 'electron';
import type { WindowMemory } from './window-memory.ts';
import {
  fitToMonitors,
  isTitleVisible,
  type Monitor,
  type Rectangle,
  type WindowPlace,
} from './window-placement.ts';

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
  if (asked.size === null && asked.presentation === 'window') {
    const normalBounds = (): Rectangle => (isUnfolded || bounds === null ? window.getNormalBounds() : bounds);
    rememberPlace(window, normalBounds, (placeNow) => memory.remember(name, { place: placeNow }));
  }
  bringBackWhenStranded(window);
  return window;
}

function rememberPlace(
  window: BrowserWindow,
  normalBounds: () => Rectangle,
  onPlace: (place: WindowPlace) => void,
): void {
  const remember = (): void => {
    // Minimised or hidden it has no place of its own; before it is shown it may not have reached it yet.
    if (window.isMinimized() || !window.isVisible()) return;
    const bounds = plain(normalBounds());
    const monitor = screen.getDisplayMatching(bounds);
    onPlace({
      bounds,
      state: window.isFullScreen() ? 'fullscreen' : window.isMaximized() ? 'maximised' : 'normal',
      monitor: { id: monitor.id, bounds: plain(monitor.bounds) },
    });
  };
  window.on('move', remember);
  window.on('resize', remember);
  window.on('maximize', remember);
  window.on('unmaximize', remember);
  window.on('enter-full-screen', remember);
  window.on('leave-full-screen', remember);
  window.on('close', remember);
}

/** Not every desktop moves windows off a monitor that goes away. */
function bringBackWhenStranded(window: BrowserWindow): void {
  const check = (): void => {
    if (window.isFullScreen() || window.isMaximized() || window.isMinimized()) return;
    const bounds = plain(window.getBounds());
    const now = monitors();
    if (isTitleVisible(bounds, now)) return;
    const nearest = screen.getDisplayMatching(bounds);
    window.setBounds(
      fitToMonitors({ bounds, state: 'normal', monitor: { id: nearest.id, bounds: nearest.bounds } }, now),
    );
  };
  screen.on('display-removed', check);
  screen.on('display-metrics-changed', check);
  window.once('closed', () => {
    screen.off('display-removed', check);
    screen.off('display-metrics-changed', check);
  });
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
