import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openHttpBridge } from './http-bridge.ts';

class FakeEvents extends EventTarget {
  static opened: FakeEvents[] = [];
  readonly address: string;
  constructor(address: string) {
    super();
    this.address = address;
    FakeEvents.opened.push(this);
  }
}

function fakePage() {
  const document = Object.assign(new EventTarget(), { visibilityState: 'visible' });
  const fullscreen = Object.assign(new EventTarget(), { matches: false });
  const locks: { released: boolean; release: () => Promise<void> }[] = [];
  const request = vi.fn(async () => {
    const lock = {
      released: false,
      release: async () => {
        lock.released = true;
      },
    };
    locks.push(lock);
    return lock;
  });
  const page = Object.assign(new EventTarget(), {
    document,
    matchMedia: () => fullscreen,
    navigator: { wakeLock: { request } },
  });
  const show = (state: 'visible' | 'hidden'): void => {
    document.visibilityState = state;
    document.dispatchEvent(new Event('visibilitychange'));
  };
  return { page: page as unknown as Window, fullscreen, locks, show };
}

const answer = vi.fn<(address: string, init: RequestInit) => Promise<Response>>();
beforeEach(() => {
  FakeEvents.opened = [];
  answer.mockReset();
  vi.stubGlobal('EventSource', FakeEvents);
  vi.stubGlobal('fetch', answer);
});
afterEach(() => vi.unstubAllGlobals());

describe('requests', () => {
  test('are posted with their input, and return the value of the answer', async () => {
    answer.mockResolvedValue(Response.json({ kind: 'answer', value: [7] }));
    const bridge = openHttpBridge(fakePage().page);
    expect(await bridge.request('journal.recent', { limit: 7 })).toEqual([7]);
    expect(answer).toHaveBeenCalledWith(
      '/bridge/journal.recent',
      expect.objectContaining({ method: 'POST', body: '{"limit":7}', redirect: 'error' }),
    );
  });

  test('without an input have no body, and without a value return undefined', async () => {
    answer.mockResolvedValue(Response.json({ kind: 'answer' }));
    const bridge = openHttpBridge(fakePage().page);
    expect(await bridge.request('session.get', undefined)).toBeUndefined();
    expect(answer.mock.calls[0]?.[1].body).toBeNull();
  });

  test("that fail carry the host's words", async () => {
    answer.mockResolvedValueOnce(Response.json({ kind: 'error', message: 'the disk is full' }));
    answer.mockResolvedValueOnce(new Response('Only the window of Holdfast is answered.', { status: 403 }));
    const bridge = openHttpBridge(fakePage().page);
    await expect(bridge.request('journal.recent', { limit: 1 })).rejects.toThrow('the disk is full');
    await expect(bridge.request('journal.recent', { limit: 1 })).rejects.toThrow('403: Only the window');
  });
});

describe('events', () => {
  test("are the host's, until the subscription ends", () => {
    const bridge = openHttpBridge(fakePage().page);
    const heard = vi.fn();
    const end = bridge.on('demo.changed', heard);
    const [events] = FakeEvents.opened;
    expect(events?.address).toBe('/bridge/events');
    events?.dispatchEvent(new MessageEvent('demo.changed', { data: '[1]' }));
    end();
    events?.dispatchEvent(new MessageEvent('demo.changed', { data: '[2]' }));
    expect(heard.mock.calls).toEqual([[[1]]]);
  });

  test('report that a hidden page is suspended, and that it is not when it is shown again', () => {
    const { page, show } = fakePage();
    const heard = vi.fn();
    openHttpBridge(page).on('activity.changed', heard);
    show('hidden');
    show('visible');
    expect(heard.mock.calls.map(([change]) => change.suspended)).toEqual([true, false]);
  });

  test('report full screen once the host has carried it out, and not when that failed', async () => {
    const bridge = openHttpBridge(fakePage().page);
    const heard = vi.fn();
    bridge.on('window.fullscreenChanged', heard);
    answer.mockResolvedValueOnce(Response.json({ kind: 'error', message: 'the browser is gone' }));
    await expect(bridge.request('window.setFullscreen', { fullscreen: true })).rejects.toThrow();
    expect(heard).not.toHaveBeenCalled();
    answer.mockResolvedValueOnce(Response.json({ kind: 'answer' }));
    await bridge.request('window.setFullscreen', { fullscreen: true });
    expect(heard.mock.calls).toEqual([[{ fullscreen: true }]]);
  });

  test('report full screen that the browser itself began or ended', () => {
    const { page, fullscreen } = fakePage();
    const heard = vi.fn();
    const end = openHttpBridge(page).on('window.fullscreenChanged', heard);
    const change = (matches: boolean): void => {
      fullscreen.dispatchEvent(Object.assign(new Event('change'), { matches }));
    };
    change(true);
    change(false);
    end();
    change(true);
    expect(heard.mock.calls).toEqual([[{ fullscreen: true }], [{ fullscreen: false }]]);
  });
});

describe('the display', () => {
  test('is kept awake while something plays, without a request to the host', async () => {
    const { page, locks } = fakePage();
    const bridge = openHttpBridge(page);
    await bridge.request('power.setPlaying', { playing: true });
    await bridge.request('power.setPlaying', { playing: true });
    expect(locks.map(({ released }) => released)).toEqual([false]);
    await bridge.request('power.setPlaying', { playing: false });
    expect(locks.map(({ released }) => released)).toEqual([true]);
    expect(answer).not.toHaveBeenCalled();
  });

  test('is kept awake again when the page was hidden, which ends its lock', async () => {
    const { page, locks, show } = fakePage();
    const bridge = openHttpBridge(page);
    await bridge.request('power.setPlaying', { playing: true });
    show('hidden');
    for (const lock of locks) lock.released = true;
    show('visible');
    await expect.poll(() => locks.map(({ released }) => released)).toEqual([true, false]);
  });
});
