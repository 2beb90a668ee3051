import { describe, expect, test, vi } from 'vitest';
import { SETTINGS_REQUESTS, VIEWER_REQUESTS } from '../shared/bridge.ts';
import { createIpcGate, type RequestHandlers, type RequestSender } from './ipc-gate.ts';

const ORIGIN = 'app://holdfast';
const WINDOW = 7;
const SETTINGS = 9;
const trusted: RequestSender = { frame: { origin: ORIGIN, position: 'main' }, windowId: WINDOW };

function gateWithSpies() {
  const handlers = {
    'session.get': vi.fn(),
    'config.save': vi.fn(),
    'gateway.playlist': vi.fn(),
    'gateway.media': vi.fn(),
    'gateway.cancel': vi.fn(),
    'journal.append': vi.fn(),
    'journal.recent': vi.fn(() => []),
    'demo.setFault': vi.fn(() => []),
    'power.setPlaying': vi.fn(),
    'window.setFullscreen': vi.fn(),
  };
  const rejected: string[] = [];
  const gate = createIpcGate({
    handlers: handlers as unknown as RequestHandlers,
    origin: ORIGIN,
    requestsOf: (id) => (id === WINDOW ? VIEWER_REQUESTS : id === SETTINGS ? SETTINGS_REQUESTS : null),
    onRejected: (message) => rejected.push(message),
  });
  const untouched = (): boolean =>
    Object.values(handlers).every((handler) => handler.mock.calls.length === 0);
  return { gate, handlers, rejected, untouched };
}

describe('what the gate turns away', () => {
  const strangers: [string, RequestSender, string][] = [
    ['a frame that is gone', { ...trusted, frame: null }, 'its frame is gone'],
    ['a window it does not know', { ...trusted, windowId: 8 }, 'not come from a window of Holdfast'],
    [
      'a subframe',
      { ...trusted, frame: { origin: ORIGIN, position: 'subframe' } },
      'not come from the main frame',
    ],
    [
      'another origin',
      { ...trusted, frame: { origin: 'https://example.org', position: 'main' } },
      'https://example.org',
    ],
    ['an opaque origin', { ...trusted, frame: { origin: 'null', position: 'main' } }, '"null"'],
    [
      'an origin that only begins alike',
      { ...trusted, frame: { origin: `${ORIGIN}.example.org`, position: 'main' } },
      'example.org',
    ],
  ];
  test.each(strangers)('%s', async (_who, sender, words) => {
    const { gate, rejected, untouched } = gateWithSpies();
    const reply = await gate(sender, 'power.setPlaying', { playing: true });
    expect(reply).toEqual({ kind: 'error', message: expect.stringContaining(words) });
    expect(reply).toMatchObject({ message: expect.stringContaining('power.setPlaying') });
    expect(rejected).toHaveLength(1);
    expect(untouched()).toBe(true);
  });

  test.each(['no.such', 'toString', '__proto__', '', 'session.get '])(
    'the unknown name "%s"',
    async (name) => {
      const { gate, rejected, untouched } = gateWithSpies();
      const reply = await gate(trusted, name, undefined);
      expect(reply).toEqual({ kind: 'error', message: `"${name}": the host knows no request of this name` });
      expect(rejected).toHaveLength(1);
      expect(untouched()).toBe(true);
    },
  );

  const others: [string, RequestSender, string][] = [
    ['the viewer that would save a configuration', trusted, 'config.save'],
    ['the viewer that would read it', trusted, 'config.get'],
    ['the viewer that would start from another one', trusted, 'config.startFrom'],
    ['the settings that would acknowledge', { ...trusted, windowId: SETTINGS }, 'alarms.acknowledge'],
    ['the settings that would ask a site', { ...trusted, windowId: SETTINGS }, 'gateway.playlist'],
  ];
  test.each(others)('%s', async (_who, sender, name) => {
    const { gate, rejected, untouched } = gateWithSpies();
    const message = `"${name}": refused, it is not for this window to ask`;
    expect(await gate(sender, name, {})).toEqual({ kind: 'error', message });
    expect(rejected).toEqual([message]);
    expect(untouched()).toBe(true);
  });

  test.each([[undefined], [null], [{ name: 'session.get' }], [['session.get']]])(
    'a name that is not text (%s)',
    async (name) => {
      const { gate, untouched } = gateWithSpies();
      expect(await gate(trusted, name, undefined)).toMatchObject({ kind: 'error' });
      expect(untouched()).toBe(true);
    },
  );

  test('a long name, without repeating all of it', async () => {
    const { gate, rejected } = gateWithSpies();
    await gate(trusted, 'x'.repeat(1_000_000), undefined);
    expect(rejected[0]?.length).toBeLessThan(200);
  });

  const payloads: [string, unknown, string][] = [
    ['power.setPlaying', { playing: 'yes' }, 'playing: '],
    ['power.setPlaying', undefined, 'input: '],
    ['power.setPlaying', { playing: true, extra: 1 }, 'extra'],
    ['gateway.cancel', { requestId: 'x'.repeat(65) }, 'requestId: '],
    [
      'gateway.playlist',
      { site: 'a', pathname: '/index.html', requestId: 'x', deadlineMs: 1000 },
      'pathname: ',
    ],
    ['gateway.playlist', { pathname: '/sites/a/1.m3u8', requestId: 'x', deadlineMs: 1000 }, 'site: '],
    [
      'gateway.media',
      { site: 'a', pathname: '/sites/a/1.ts', requestId: 'x', deadlineMs: 1000, firstByteMs: 0, range: null },
      'firstByteMs: ',
    ],
    ['journal.recent', { limit: 1e9 }, 'limit: '],
    ['demo.setFault', { siteId: 'north', fault: 'explode' }, 'fault: '],
    ['session.get', { anything: true }, 'input: '],
  ];
  test.each(payloads)('%s with %o, saying where it is wrong', async (name, input, where) => {
    const { gate, rejected, untouched } = gateWithSpies();
    const reply = await gate(trusted, name, input);
    expect(reply).toMatchObject({ kind: 'error', message: expect.stringContaining(where) });
    expect(reply).toMatchObject({ message: expect.stringContaining(`"${name}"`) });
    expect(rejected).toHaveLength(1);
    expect(untouched()).toBe(true);
  });
});

describe('what gets through', () => {
  test('a known request with its input and its window, and the answer comes back', async () => {
    const { gate, handlers, rejected } = gateWithSpies();
    const reply = await gate(trusted, 'journal.recent', { limit: 5 });
    expect(reply).toEqual({ kind: 'answer', value: [] });
    expect(handlers['journal.recent']).toHaveBeenCalledExactlyOnceWith({ limit: 5 }, WINDOW);
    expect(rejected).toEqual([]);
  });

  test('what the settings window alone may ask for', async () => {
    const { gate, handlers } = gateWithSpies();
    const input = { draft: {}, revision: 'a' };
    expect(await gate({ ...trusted, windowId: SETTINGS }, 'config.save', input)).toMatchObject({
      kind: 'answer',
    });
    expect(handlers['config.save']).toHaveBeenCalledExactlyOnceWith(input, SETTINGS);
  });

  test("a handler's failure is told in its words, behind the request's name", async () => {
    const { gate, handlers, rejected } = gateWithSpies();
    handlers['demo.setFault'].mockImplementation(() => {
      throw new Error('no demo is running');
    });
    expect(await gate(trusted, 'demo.setFault', { siteId: 'north', fault: 'stop' })).toEqual({
      kind: 'error',
      message: '"demo.setFault": no demo is running',
    });
    expect(rejected).toEqual([]);
  });
});
