import { describe, expect, test, vi } from 'vitest';
import { ALARM_KINDS } from '../../shared/alarms/alarm.ts';
import { type RequestName, SETTINGS_REQUESTS, VIEWER_REQUESTS } from '../../shared/bridge.ts';
import { VirtualClock } from '../../shared/testing/virtual-clock.ts';
import { MAX_QUEUED } from '../host/journal.ts';
import { createIpcGate, type RequestHandlers, type RequestSender } from './ipc-gate.ts';
import { REQUEST_LIMITS } from './request-limits.ts';

const ORIGIN = 'app://holdfast';
const WINDOW = 7;
const SETTINGS = 9;
const trusted: RequestSender = { frame: { origin: ORIGIN, position: 'main' }, windowId: WINDOW };

function gateWithSpies() {
  const clock = new VirtualClock();
  const handlers = {
    'session.get': vi.fn(),
    'config.save': vi.fn(),
    'gateway.playlist': vi.fn(),
    'gateway.media': vi.fn(),
    'gateway.cancel': vi.fn(),
    'journal.append': vi.fn(),
    'journal.recent': vi.fn(() => []),
    'journal.export': vi.fn(async () => {}),
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
    clock,
  });
  const untouched = (): boolean =>
    Object.values(handlers).every((handler) => handler.mock.calls.length === 0);
  return { gate, clock, handlers, rejected, untouched };
}

describe('what the gate refuses', () => {
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
    ['gateway.mediaRest', { requestId: '' }, 'requestId: '],
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

describe('the journal', () => {
  const time = '2031-04-09T14:03:12.345Z';
  const place = { view: 'Wall', tile: 1, camera: 'gate' };
  const lines: [string, object][] = [
    ['acknowledges', { kind: 'acknowledged', time, ...place, alarm: 'no-video', by: 'anna' }],
    [
      'reports an alarm',
      { kind: 'alarm', time, ...place, alarm: 'video-restored', stream: null, cause: null },
    ],
  ];
  test.each(lines)('takes no entry from a window that %s', async (_what, line) => {
    const { gate, untouched } = gateWithSpies();
    expect(await gate(trusted, 'journal.append', line)).toMatchObject({
      kind: 'error',
      message: expect.stringContaining('kind: '),
    });
    expect(untouched()).toBe(true);
  });
});

describe('the request limits of a window', () => {
  const ask = (gate: ReturnType<typeof gateWithSpies>['gate'], windowId = WINDOW) =>
    gate({ ...trusted, windowId }, 'power.setPlaying', { playing: true });
  const { burst } = REQUEST_LIMITS['power.setPlaying'];

  test('a flood is answered up to the burst, and the log gets one line a minute about it', async () => {
    const { gate, clock, handlers, rejected } = gateWithSpies();
    const replies = await Promise.all(Array.from({ length: burst + 1000 }, () => ask(gate)));
    const words = '"power.setPlaying": refused, it was asked for too often: again in 200 ms';
    expect(replies.filter(({ kind }) => kind === 'answer')).toHaveLength(burst);
    expect(replies.at(-1)).toEqual({ kind: 'error', message: words });
    expect(handlers['power.setPlaying']).toHaveBeenCalledTimes(burst);
    expect(rejected).toEqual([words]);
    clock.tick(59_000);
    for (let times = 0; times < burst + 10; times += 1) await ask(gate);
    expect(rejected).toHaveLength(1);
    clock.tick(1000);
    for (let times = 0; times < burst + 10; times += 1) await ask(gate);
    expect(rejected).toHaveLength(2);
  });

  test('other requests and other windows are answered meanwhile, and the limited one again later', async () => {
    const { gate, clock } = gateWithSpies();
    for (let times = 0; times < burst + 10; times += 1) await ask(gate);
    expect(await ask(gate)).toMatchObject({ kind: 'error' });
    expect(await gate(trusted, 'journal.recent', { limit: 1 })).toMatchObject({ kind: 'answer' });
    expect(await gate({ ...trusted, windowId: SETTINGS }, 'session.get', undefined)).toMatchObject({
      kind: 'answer',
    });
    clock.tick(200);
    expect(await ask(gate)).toMatchObject({ kind: 'answer' });
  });

  test('requests that the schema refuses count as well, and do not flood the log', async () => {
    const { gate, rejected } = gateWithSpies();
    for (let times = 0; times < burst; times += 1) await gate(trusted, 'power.setPlaying', {});
    expect(await ask(gate)).toMatchObject({ message: expect.stringContaining('too often') });
    for (let times = 0; times < 1000; times += 1) await gate(trusted, `no.such.${times}`, undefined);
    expect(rejected.length).toBeLessThan(30);
  });

  const inputs: [RequestName, unknown][] = [
    ['config.save', { draft: { version: 1, junk: 'x'.repeat(4_000_000) }, revision: 'a' }],
    ['config.save', { draft: { version: 1, junk: new ArrayBuffer(4_000_001) }, revision: 'a' }],
    ['gateway.playlist', { site: 'x'.repeat(64_000), pathname: '/', requestId: 'x', deadlineMs: 1 }],
    ['journal.recent', new Array(4_000_000_000)],
    ['power.setPlaying', 'x'.repeat(1000)],
  ];
  test.each(inputs)('%s with an input that is too large is not even parsed', async (name, input) => {
    const { gate, rejected, untouched } = gateWithSpies();
    const windowId = name === 'config.save' ? SETTINGS : WINDOW;
    const message = `"${name}": refused, its input is larger than ${REQUEST_LIMITS[name].bytes} bytes`;
    expect(await gate({ ...trusted, windowId }, name, input)).toEqual({ kind: 'error', message });
    expect(rejected).toEqual([message]);
    expect(untouched()).toBe(true);
  });

  test('one export at a time, and few in a minute', async () => {
    const { gate, clock, handlers } = gateWithSpies();
    const wanted = { format: 'csv', filter: {} };
    const written = Promise.withResolvers<void>();
    handlers['journal.export'].mockReturnValueOnce(written.promise);
    const first = gate(trusted, 'journal.export', wanted);
    expect(await gate(trusted, 'journal.export', wanted)).toEqual({
      kind: 'error',
      message: '"journal.export": refused, another one is still being carried out',
    });
    written.resolve();
    expect(await first).toMatchObject({ kind: 'answer' });
    handlers['journal.export'].mockRejectedValueOnce(new Error('the disk is full'));
    expect(await gate(trusted, 'journal.export', wanted)).toMatchObject({
      message: '"journal.export": the disk is full',
    });
    for (let times = 0; times < 2; times += 1)
      expect(await gate(trusted, 'journal.export', wanted)).toMatchObject({ kind: 'answer' });
    expect(await gate(trusted, 'journal.export', wanted)).toEqual({
      kind: 'error',
      message: '"journal.export": refused, it was asked for too often: again in 60 s',
    });
    clock.tick(60_000);
    expect(await gate(trusted, 'journal.export', wanted)).toMatchObject({ kind: 'answer' });
  });

  test('everything that windows may report to the journal at once fits in its queue', () => {
    const reporting = ['journal.append', 'alarms.report'] as const;
    const reported = reporting.reduce((sum, name) => sum + REQUEST_LIMITS[name].burst, 0);
    // One of each kind, for the largest number of cameras that a configuration may have and for the window.
    const acknowledged = ALARM_KINDS.length * (4096 + 1);
    expect(reported + acknowledged).toBeLessThan(MAX_QUEUED);
  });

  test('a wall of 64 tiles stays at a tenth of the limits', () => {
    const asked: Partial<Record<RequestName, number>> = {
      'gateway.playlist': 400,
      'gateway.media': 400,
      'gateway.cancel': 800,
      // A change to another view of 64 tiles every 15 seconds; a tile reports five kinds of alarm at its start.
      'journal.append': 5,
      'alarms.report': 30,
      'standbys.allot': 0.5,
      'host.ping': 0.5,
      'journal.recent': 1,
    };
    for (const [name, perS] of Object.entries(asked))
      expect(REQUEST_LIMITS[name as RequestName].perS, name).toBeGreaterThanOrEqual(10 * perS);
  });
});

describe('what the gate lets through', () => {
  test('a known request reaches its handler with input and window, and the answer comes back', async () => {
    const { gate, handlers, rejected } = gateWithSpies();
    const reply = await gate(trusted, 'journal.recent', { limit: 5 });
    expect(reply).toEqual({ kind: 'answer', value: [] });
    expect(handlers['journal.recent']).toHaveBeenCalledExactlyOnceWith({ limit: 5 }, WINDOW);
    expect(rejected).toEqual([]);
  });

  test('what only the settings window may ask for', async () => {
    const { gate, handlers } = gateWithSpies();
    const input = { draft: {}, revision: 'a' };
    expect(await gate({ ...trusted, windowId: SETTINGS }, 'config.save', input)).toMatchObject({
      kind: 'answer',
    });
    expect(handlers['config.save']).toHaveBeenCalledExactlyOnceWith(input, SETTINGS);
  });

  test('a handler’s failure is reported in its own words, after the request’s name', async () => {
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
