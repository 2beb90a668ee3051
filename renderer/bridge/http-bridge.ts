import type { BridgeTransport } from '../../shared/bridge.ts';
import type { MediaRequest } from '../../shared/gateway/gateway-exchange.ts';
import { BRIDGE_EVENTS_PATH, BRIDGE_PATH, bridgeReplySchema } from '../../shared/http-bridge-contract.ts';
import { loadMedia } from './http-media.ts';

type Listener = (payload: unknown) => void;

/**
 * The bridge of a page in an ordinary browser, to the host that served the page. The bridge answers itself what only such a page
 * knows or can do: whether it is visible (unlike Electron, the browser stops hidden videos), whether it fills the screen, keeping
 * the display awake, and opening the settings beside it.
 */
export function openHttpBridge(page: Window): BridgeTransport {
  const listeners = new Map<string, Set<Listener>>();
  const emit = (name: string, payload: unknown): void => {
    for (const listener of listeners.get(name) ?? []) listener(payload);
  };
  emitVisibility(page, emit);
  emitFullscreen(page, emit);
  const setPlaying = displayWake(page);
  const events = new EventSource(BRIDGE_EVENTS_PATH);

  return {
    request: async (name, input) => {
      if (name === 'power.setPlaying') return setPlaying(input);
      if (name === 'settings.open') return openSettings(page);
      // The other answers are JSON. The bridge's client has checked the input.
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
      // Without a window manager the window keeps its size, and the media query does not fire.
      if (name === 'window.setFullscreen') emit('window.fullscreenChanged', input);
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

/** One settings window for all requests: its name finds the open one. */
function openSettings(page: Window): void {
  const settings = page.open('/settings.html', 'holdfast-settings', 'popup,width=1040,height=760');
  if (settings === null) throw new Error('the browser did not let the settings window open');
  settings.focus();
}

function emitVisibility(page: Window, emit: (name: string, payload: unknown) => void): void {
  page.document.addEventListener('visibilitychange', () => {
    const suspended = page.document.visibilityState === 'hidden';
    const reason = suspended ? 'the window is hidden or minimised' : 'the window is shown again';
    emit('activity.changed', { suspended, reason });
  });
}

function emitFullscreen(page: Window, emit: (name: string, payload: unknown) => void): void {
  const fullscreen = page.matchMedia('(display-mode: fullscreen)');
  fullscreen.addEventListener('change', ({ matches }) =>
    emit('window.fullscreenChanged', { fullscreen: matches }),
  );
  // A page that starts in full screen reports that once the page can listen.
  if (fullscreen.matches)
    page.addEventListener('load', () => emit('window.fullscreenChanged', { fullscreen: true }));
}

/** Hiding the page ends its lock, so the lock is requested again when the page is shown again. */
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
