import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, test } from 'vitest';
import type { DemoFault } from '../../shared/demo.ts';
import { createLiveFiles } from './create-live-files.ts';
import type { Clip } from './fmp4.ts';
import { EPOCH_MS } from './live-timeline.ts';
import { Origin } from './origin.ts';
import { LOW_LATENCY_SHAPE, PLAIN_SHAPE } from './stream-shape.ts';
import { committedClip, heavyClip } from './testing/test-clips.ts';

const START_MS = Date.UTC(2026, 2, 3, 4, 5, 6);
/** The last segment whose second has passed at START_MS. */
const LIVE_EDGE = (START_MS - EPOCH_MS) / 1000 - 1;

/** Larger than the system's socket buffers, so that such a segment cannot be sent at once. */
const WHOLE_SEGMENT = 24_000_000;

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function openOrigin(clip: Clip = committedClip('corridor-main.mp4')) {
  const clock = { nowMs: START_MS };
  const clips = { main: { moving: clip, black: null }, sub: null };
  const files = createLiveFiles({ clips, shape: PLAIN_SHAPE });
  const origin = await Origin.open({
    cameras: new Map([
      ['corridor', files],
      ['quay', files],
      ['hall', createLiveFiles({ clips, shape: LOW_LATENCY_SHAPE })],
    ]),
    now: () => clock.nowMs,
  });
  cleanUps.push(() => origin.close());
  return { origin, clock };
}

interface Reply {
  readonly status: number;
  readonly type: string | undefined;
  readonly body: string;
}

async function ask(origin: Origin, path: string, agent?: Agent): Promise<Reply> {
  const request = get(`${origin.baseUrl}${path}`, { agent: agent ?? false });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return {
    status: response.statusCode ?? 0,
    type: response.headers['content-type'],
    body: await text(response),
  };
}

async function failureOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'no failure',
    (error: NodeJS.ErrnoException) => error.code ?? error.message,
  );
}

/** A bare connection, because an HTTP library would hide details. */
async function openSocket(origin: Origin): Promise<Socket> {
  const socket = connect(origin.port, '127.0.0.1');
  cleanUps.push(() => socket.destroy());
  await once(socket, 'connect');
  return socket;
}

function send(socket: Socket, path: string): void {
  socket.write(`GET ${path} HTTP/1.1\r\nHost: site\r\n\r\n`);
}

function closing(socket: Socket): Promise<void> {
  socket.on('error', () => {});
  return new Promise((resolve) => socket.once('close', () => resolve()).resume());
}

/** Number of bytes that come until the connection has been silent for 200 ms. */
async function bytesUntilSilent(socket: Socket): Promise<number> {
  let received = 0;
  socket.on('data', (data) => {
    received += data.length;
  });
  socket.setTimeout(200);
  await once(socket, 'timeout');
  socket.setTimeout(0);
  return received;
}

function edgeOf(playlist: string): number {
  return Number(/(\d+)\.m4s\n$/.exec(playlist)?.[1]);
}

describe('without a fault', () => {
  test('the playlist names existing init segment and segments, with their types', async () => {
    const { origin } = await openOrigin();
    const playlist = await ask(origin, '/corridor/index.m3u8');
    expect(playlist).toMatchObject({ status: 200, type: 'application/vnd.apple.mpegurl' });
    expect(edgeOf(playlist.body)).toBe(LIVE_EDGE);
    for (const file of playlist.body.matchAll(/^\d+\.m4s$|(?<=URI=")[^"]+/gm))
      expect(await ask(origin, `/corridor/${file[0]}`)).toMatchObject({ status: 200, type: 'video/mp4' });
  });

  test('the live edge follows the clock', async () => {
    const { origin, clock } = await openOrigin();
    clock.nowMs += 3000;
    expect(edgeOf((await ask(origin, '/corridor/index.m3u8')).body)).toBe(LIVE_EDGE + 3);
  });

  test.each([
    ['/cellar/index.m3u8', 'This site has no camera "cellar".'],
    ['/', 'This site has no camera "".'],
    ['/corridor/sub.m3u8', 'The stream has no file "sub.m3u8".'],
    ['/corridor/../quay/index.m3u8/x', 'The stream has no file "../quay/index.m3u8/x".'],
    [`/corridor/${LIVE_EDGE + 1}.m4s`, `Segment ${LIVE_EDGE + 1} is not there yet`],
    ['/corridor/0.m4s', 'Segment 0 is gone'],
    ['/corridor/-1.m4s', 'The stream has no file "-1.m4s"'],
  ])('%s does not exist, and the answer says so', async (path, words) => {
    const { origin } = await openOrigin();
    const socket = await openSocket(origin);
    send(socket, path);
    const [head] = (await once(socket, 'data')) as [Buffer];
    const answer = head.toString().includes(words)
      ? head
      : Buffer.concat([head, ...(await once(socket, 'data'))]);
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 404 /);
    expect(answer.toString()).toContain(words);
  });

  test('one connection serves many requests', async () => {
    const { origin } = await openOrigin();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    cleanUps.push(() => agent.destroy());
    const ports = new Set<number | undefined>();
    agent.on('free', (socket: Socket) => ports.add(socket.localPort));
    for (const file of ['index.m3u8', 'init.mp4', `${LIVE_EDGE}.m4s`, 'nothing'])
      await ask(origin, `/quay/${file}`, agent);
    expect(ports.size).toBe(1);
  });

  test('HEAD gives the length without the body, other methods are refused', async () => {
    const { origin } = await openOrigin();
    const head = await fetch(`${origin.baseUrl}/corridor/init.mp4`, { method: 'HEAD' });
    expect(Number(head.headers.get('content-length'))).toBe(committedClip('corridor-main.mp4').init.length);
    const post = await fetch(`${origin.baseUrl}/corridor/init.mp4`, { method: 'POST' });
    expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    await post.text();
  });

  test('a clock before the epoch is reported', async () => {
    const { origin, clock } = await openOrigin();
    clock.nowMs = 0;
    const { status, body } = await ask(origin, '/corridor/index.m3u8');
    expect([status, body]).toEqual([500, expect.stringContaining('The clock says 0 ms since 1970')]);
  });

  test('a blocking reload is answered when the part is available, and not before', async () => {
    const { origin, clock } = await openOrigin();
    const asked = ask(origin, `/hall/index.m3u8?_HLS_msn=${LIVE_EDGE + 1}&_HLS_part=0`);
    const refused = await ask(origin, `/hall/index.m3u8?_HLS_msn=${LIVE_EDGE + 9}`);
    expect(refused.status).toBe(400);
    clock.nowMs += 334;
    expect((await asked).body).toContain(`URI="${LIVE_EDGE + 1}.0.m4s"`);
  });
});

describe('stop', () => {
  test('cuts open connections, also in the middle of an answer, and refuses new ones', async () => {
    const { origin } = await openOrigin(heavyClip(WHOLE_SEGMENT));
    const idle = await openSocket(origin);
    const busy = await openSocket(origin);
    send(busy, `/corridor/${LIVE_EDGE}.m4s`);
    await once(busy, 'readable');
    const stopped = origin.setFault('stop');
    await Promise.all([closing(idle), closing(busy), stopped]);
    expect(await failureOf(ask(origin, '/corridor/index.m3u8'))).toBe('ECONNREFUSED');
  });

  test('ends on the same port', async () => {
    const { origin } = await openOrigin();
    const { baseUrl } = origin;
    await origin.setFault('stop');
    await origin.setFault('none');
    expect(origin.baseUrl).toBe(baseUrl);
    expect((await ask(origin, '/corridor/index.m3u8')).status).toBe(200);
  });

  test('set and ended at once, any number of times, ends in the state of the last call', async () => {
    const { origin } = await openOrigin();
    await Promise.all(
      (['stop', 'none', 'stop', 'hang', 'stop', 'none'] as const).map((fault) => origin.setFault(fault)),
    );
    expect((await ask(origin, '/corridor/index.m3u8')).status).toBe(200);
    await Promise.all((['none', 'stop'] as const).map((fault) => origin.setFault(fault)));
    expect(await failureOf(ask(origin, '/corridor/index.m3u8'))).toBe('ECONNREFUSED');
  });
});

describe('hang', () => {
  test('accepts and answers nothing until it ends', async () => {
    const { origin } = await openOrigin();
    await origin.setFault('hang');
    const socket = await openSocket(origin);
    send(socket, '/corridor/index.m3u8');
    expect(await bytesUntilSilent(socket)).toBe(0);
    const answer = once(socket, 'data');
    await origin.setFault('none');
    expect(String((await answer)[0])).toMatch(/^HTTP\/1\.1 200 /);
  });

  test('stops an answer in the middle, which continues when the fault ends', async () => {
    const { origin } = await openOrigin(heavyClip(WHOLE_SEGMENT));
    const socket = await openSocket(origin);
    socket.pause();
    send(socket, `/corridor/${LIVE_EDGE}.m4s`);
    await once(socket, 'readable');
    await origin.setFault('hang');
    const early = await bytesUntilSilent(socket);
    expect(early).toBeGreaterThan(0);
    expect(early).toBeLessThan(WHOLE_SEGMENT);
    let received = early;
    const whole = new Promise<void>((resolve) => {
      socket.on('data', (data) => {
        received += data.length;
        if (received >= WHOLE_SEGMENT) resolve();
      });
    });
    await origin.setFault('none');
    await whole;
  });

  test('drops requests whose client has gone', async () => {
    const { origin } = await openOrigin();
    await origin.setFault('hang');
    const socket = await openSocket(origin);
    send(socket, '/corridor/index.m3u8');
    socket.end();
    socket.destroy();
    await origin.setFault('none');
    expect((await ask(origin, '/corridor/index.m3u8')).status).toBe(200);
  });

  test('ends with stop: the hung connection is cut', async () => {
    const { origin } = await openOrigin();
    await origin.setFault('hang');
    const socket = await openSocket(origin);
    send(socket, '/corridor/index.m3u8');
    await Promise.all([closing(socket), origin.setFault('stop')]);
  });
});

test('503 is the answer to everything until it ends', async () => {
  const { origin } = await openOrigin();
  await origin.setFault('503');
  for (const file of ['index.m3u8', 'init.mp4', `${LIVE_EDGE}.m4s`])
    expect(await ask(origin, `/corridor/${file}`)).toMatchObject({
      status: 503,
      type: 'text/plain; charset=utf-8',
    });
  await origin.setFault('none');
  expect((await ask(origin, '/corridor/index.m3u8')).status).toBe(200);
});

test('freeze keeps the playlist and its segments, and jumps to the live edge afterwards', async () => {
  const { origin, clock } = await openOrigin();
  await origin.setFault('freeze');
  const before = await ask(origin, '/corridor/index.m3u8');
  clock.nowMs += 600_000;
  await origin.setFault('freeze');
  expect(await ask(origin, '/corridor/index.m3u8')).toEqual(before);
  expect((await ask(origin, `/corridor/${LIVE_EDGE}.m4s`)).status).toBe(200);
  await origin.setFault('none');
  expect(edgeOf((await ask(origin, '/corridor/index.m3u8')).body)).toBe(LIVE_EDGE + 600);
});

describe('a fault of one camera', () => {
  const symptom: Record<Exclude<DemoFault, 'none' | 'hang'>, (reply: Promise<Reply>) => Promise<unknown>> = {
    stop: (reply) => failureOf(reply),
    '503': async (reply) => (await reply).status,
    freeze: async (reply) => edgeOf((await reply).body),
  };
  test.each([
    ['stop', 'ECONNRESET'],
    ['503', 503],
    ['freeze', LIVE_EDGE],
  ] as const)('%s leaves the others alone and ends by itself', async (fault, seen) => {
    const { origin, clock } = await openOrigin();
    await origin.setFault(fault, { camera: 'quay' });
    clock.nowMs += 5000;
    expect(await symptom[fault](ask(origin, '/quay/index.m3u8'))).toBe(seen);
    expect(edgeOf((await ask(origin, '/corridor/index.m3u8')).body)).toBe(LIVE_EDGE + 5);
    await origin.setFault('none', { camera: 'quay' });
    expect(edgeOf((await ask(origin, '/quay/index.m3u8')).body)).toBe(LIVE_EDGE + 5);
  });

  test('hang holds only its requests; stop then resets them', async () => {
    const { origin } = await openOrigin();
    await origin.setFault('hang', { camera: 'quay' });
    const hung = failureOf(ask(origin, '/quay/index.m3u8'));
    expect((await ask(origin, '/corridor/index.m3u8')).status).toBe(200);
    await origin.setFault('stop', { camera: 'quay' });
    expect(await hung).toBe('ECONNRESET');
  });

  test('continues after a fault of the whole site', async () => {
    const { origin } = await openOrigin();
    await origin.setFault('503', { camera: 'quay' });
    await origin.setFault('stop');
    await origin.setFault('none');
    expect((await ask(origin, '/quay/index.m3u8')).status).toBe(503);
    expect((await ask(origin, '/corridor/index.m3u8')).status).toBe(200);
  });

  test('is refused for a camera that the site does not have', async () => {
    const { origin } = await openOrigin();
    await expect(origin.setFault('hang', { camera: 'cellar' })).rejects.toThrow('no camera "cellar"');
  });
});

test('an answer comes in the manner that it specifies', async () => {
  const manner = { pieceBytes: 2, framing: 'chunks', everyMs: 0, interim: 2 } as const;
  const origin = await Origin.open({
    cameras: new Map([
      ['odd', { answer: () => ({ kind: 'file', type: 'text/plain', body: 'abcde', manner }) as const }],
    ]),
    now: () => START_MS,
  });
  cleanUps.push(() => origin.close());
  const socket = await openSocket(origin);
  socket.write('GET /odd/x HTTP/1.1\r\nHost: site\r\nConnection: close\r\n\r\n');
  const answer = await text(socket);
  expect(answer.split('HTTP/1.1 102 Processing\r\n\r\n')).toHaveLength(3);
  expect(answer).not.toContain('content-length');
  expect(answer.slice(answer.lastIndexOf('\r\n\r\n2'))).toBe(
    '\r\n\r\n2\r\nab\r\n2\r\ncd\r\n1\r\ne\r\n0\r\n\r\n',
  );
});
