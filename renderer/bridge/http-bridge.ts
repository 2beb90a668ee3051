import type { BridgeTransport } from '../../shared/bridge.ts';
import type { MediaRequest } from '../../shared/gateway/gateway-exchange.ts';
import { BRIDGE_EVENTS_PATH, BRIDGE_PATH, bridgeReplySchema } from '../../shared/http-bridge-contract.ts';
import { loadMedia } from './http-media.ts';

type Listener = (payload: unknown) => void;

/**
 * The bridge of a page that an ordinary browser shows, to the host that served it. What only such a page can know or
 * do, it answers itself: whether it is visible (the browser stops hidden videos, other than Electron), whether it
 * fills the screen, keeping the display awake, and opening the settings beside it.
 */
export function openHttpBridge(page: Window): BridgeTransport {
  const listeners = new Map<string, Set<Listener>>();
  const tell = (name: string, payload: unknown): void => {
    for (const listener of listeners.get(name) ?? []) listener(payload);
  };
  tellVisibility(page, tell);
  tellFullscreen(page, tell);
  const setPlaying = displayWake(page);
  const events = new EventSource(BRIDGE_EVENTS_PATH);

  return {
    request: async (name, input) => {
      if (name === 'power.setPlaying') return setPlaying(input);
      if (name === 'settings.open') return openSettings(page);
      // The answers below are JSON. The input was checked by the bridge's client.
      if (name === 'gateway.media') return loadMedia(input as MediaRequest);
      const response = await fetch(BRIDGE_PATH + encodeURIComponent(name), {
        method: 'POST',
        cache: 'no-store',
        redirect: 'error',
        headers: { 'content-type': 'application/json' },
        body: input === undefined ? null : JSON.stringify(input),
      });
      if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
      const reply = bridgeReplySchema.parse(await response.json());
      if (reply.kind === 'error') throw new Error(reply.message);
      // Without a window manager the window keeps its size, and the media query does not notice.
      if (name === 'window.setFullscreen') tell('window.fullscreenChanged', input);
      return reply.value;
    },
    on: (name, listener) => {
      const own = (payload: unknown): void => listener(payload);
      const set = listeners.get(name) ?? new Set();
      listeners.set(name, set.add(own));
      const hear = ({ data }: MessageEvent<string>): void => own(JSON.parse(data));
      events.addEventListener(name, hear);
      return () => {
        set.delete(own);
        events.removeEventListener(name, hear);
      };
    },
  };
}

/** One window of the settings for all that ask: the name finds the open one. */
function openSettings(page: Window): void {
  const settings = page.open('/settings.html', 'holdfast-settings', 'popup,width=1040,height=760');
  if (settings === null) throw new Error('the browser did not let the settings window open');
  settings.focus();
}

function tellVisibility(page: Window, tell: (name: string, payload: unknown) => void): void {
  page.document.addEventListener('visibilitychange', () => {
    const suspended = page.document.visibilityState === 'hidden';
    const reason = suspended ? 'the window is hidden or minimised' : 'the window is shown again';
    tell('activity.changed', { suspended, reason });
  });
}

function tellFullscreen(page: Window, tell: (name: string, payload: unknown) => void): void {
  const fullscreen = page.matchMedia('(display-mode: fullscreen)');
  fullscreen.addEventListener('change', ({ matches }) =>
    tell('window.fullscreenChanged', { fullscreen: matches }),
  );
  // Started in full screen: told once the page is there to listen.
  if (fullscreen.matches)
    page.addEventListener('load', () => tell('window.fullscreenChanged', { fullscreen: true }));
}

/** A lock ends with the page's visibility, so that it is asked for again when the page is shown again. */
function displayWake(page: Window): (input: unknown) => Promise<void> {
  let wanted = false;
  let lock: WakeLockSentinel | null = null;
  const settle = async (): Promise<void> => {
    const isVisible = page.document.visibilityState === 'visible';
    if (wanted && isVisible && (lock === null || lock.released))
      lock = await page.navigator.wakeLock.request('screen');
    else if (!wanted && lock !== null) {
      const held = lock;
      lock = null;
      await held.release();
    }
  };
  page.document.addEventListener('visibilitychange', () => void settle().catch(console.error));
  return async (input) => {
    wanted = typeof input === 'object' && input !== null && 'playing' in input && input.playing === true;
    await settle();
  };
}
