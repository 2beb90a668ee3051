import { once } from 'node:events';
import { type ClientHttp2Session, connect, type IncomingHttpHeaders } from 'node:http2';
import { request as http1Request } from 'node:https';
import { createConnection, type Socket } from 'node:net';
import { type ConnectionOptions, type TLSSocket, connect as tlsConnect } from 'node:tls';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { VIEWER_REQUESTS } from '../../shared/bridge.ts';
import { createIpcGate, type RequestHandlers } from '../app/ipc-gate.ts';
import { selfSignedCertificate } from '../host/self-signed-certificate.ts';
import { createBridgeRoute, WINDOW_ID } from './bridge-route.ts';
import { MAX_REFUSED, MAX_STRANGERS } from './connection-limit.ts';
import { TOKEN_COOKIE } from './door.ts';
import { EventStream } from './event-stream.ts';
import { LOOPBACK, openWebServer, randomServerName, type WebServer } from './web-server.ts';

const TOKEN = 'the-token';
const name = randomServerName();
const certificate = await selfSignedCertificate(name, new Date());

let server: WebServer;
let client: ClientHttp2Session;
let page: Record<string, string>;
const asked: Request[] = [];
const refusals: string[] = [];
let route: (request: Request) => Promise<Response>;
const events = new EventStream();

beforeEach(async () => {
  asked.length = 0;
  refusals.length = 0;
  route = async () => new Response('the page');
  server = await openWebServer({
    name,
    certificate,
    token: TOKEN,
    onRefused: (words) => refusals.push(words),
    routes: (origin) => {
      const gate = createIpcGate({
        handlers: {
          'journal.recent': ({ limit }: { limit: number }) => [limit],
        } as unknown as RequestHandlers,
        origin,
        requestsOf: (id) => (id === WINDOW_ID ? VIEWER_REQUESTS : null),
        onRejected: () => {},
      });
      const bridge = createBridgeRoute({ gate, events, origin });
      return (request) => {
        asked.push(request);
        return new URL(request.url).pathname.startsWith('/bridge/') ? bridge(request) : route(request);
      };
    },
  });
  client = connectToServer();
  page = { cookie: `${TOKEN_COOKIE}=${TOKEN}`, 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' };
});

afterEach(async () => {
  client.destroy();
  await server.close();
});

/** Connects as the browser does, which knows the address of the name; the system's look-up may not know such a name. */
function secureSocket(options: ConnectionOptions = {}): TLSSocket {
  const { hostname, port } = new URL(server.origin);
  return tlsConnect({
    host: LOOPBACK,
    port: Number(port),
    servername: hostname,
    ca: certificate.cert,
    ALPNProtocols: ['h2'],
    ...options,
  });
}

function connectToServer(): ClientHttp2Session {
  const connected = connect(server.origin, { createConnection: () => secureSocket() });
  connected.on('error', () => {});
  return connected;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

async function ask(headers: Record<string, string>, body?: string): Promise<Answer> {
  const stream = client.request(headers, { endStream: body === undefined });
  if (body !== undefined) stream.end(body);
  const [answered] = (await once(stream, 'response')) as [IncomingHttpHeaders & { ':status': number }];
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return { status: answered[':status'], headers: answered, body: Buffer.concat(chunks).toString() };
}

function post(name: string, body?: string, headers: Record<string, string> = {}): Promise<Answer> {
  return ask(
    {
      ...page,
      ':method': 'POST',
      ':path': `/bridge/${name}`,
      origin: server.origin,
      'content-type': 'application/json',
      ...headers,
    },
    body ?? '',
  );
}

test('its own page gets the route’s status, headers and body', async () => {
  route = async () => new Response('found', { status: 206, headers: { 'x-own': 'yes' } });
  const { status, headers, body } = await ask({ ...page, ':path': '/sites/main/a?b=c' });
  expect({ status, own: headers['x-own'], body }).toEqual({ status: 206, own: 'yes', body: 'found' });
  expect(asked.map(({ url }) => url)).toEqual([`${server.origin}/sites/main/a?b=c`]);
});

test('a HEAD is answered without a body', async () => {
  route = async () => new Response(null, { headers: { 'x-own': 'yes' } });
  expect(await ask({ ...page, ':method': 'HEAD', ':path': '/' })).toMatchObject({ status: 200, body: '' });
});

test.each<[string, Record<string, string>, number]>([
  ['without the token', { cookie: '' }, 403],
  ['from a foreign origin', { origin: 'https://evil.example' }, 403],
  ['from another site', { 'sec-fetch-site': 'cross-site' }, 403],
  ['by a name that was rebound', { ':authority': 'evil.example' }, 421],
  ['by another method', { ':method': 'DELETE' }, 405],
])('a request %s is refused before it reaches a route', async (_how, headers, status) => {
  const answer = await ask({ ...page, ':path': '/', ...headers });
  expect(answer.status).toBe(status);
  expect(answer.body).not.toContain('the page');
  expect(asked).toEqual([]);
  expect(refusals).toHaveLength(1);
});

test('the refusal is a dark, empty document to a window, under a policy that forbids everything', async () => {
  const { headers, body } = await ask({
    ...page,
    ':path': '/',
    cookie: '',
    'sec-fetch-mode': 'navigate',
    'sec-fetch-dest': 'document',
  });
  expect(headers['content-type']).toContain('text/html');
  expect(body).toContain('color-scheme');
  expect(headers['content-security-policy']).toContain("default-src 'none'");
});

test.each(['@evil.example/', '//evil.example/', 'https://evil.example/', '*'])(
  'a path that is none ("%s") does not reach a route as another address',
  async (path) => {
    const stream = client.request({ ...page, ':path': path });
    stream.on('error', () => {});
    stream.resume();
    await new Promise((resolve) => stream.once('close', resolve));
    expect(asked.filter(({ url }) => !url.startsWith(`${server.origin}/`))).toEqual([]);
  },
);

test('HTTP/1.1 is refused', async () => {
  const { port } = new URL(server.origin);
  const outcome = await new Promise<string>((resolve) => {
    const request = http1Request(
      { host: LOOPBACK, servername: name, port, ca: certificate.cert, headers: page },
      (response) => {
        response.resume();
        resolve(`status ${response.statusCode}`);
      },
    );
    request.on('error', () => resolve('no connection'));
    request.end();
  });
  expect(['no connection', 'status 403']).toContain(outcome);
  expect(asked).toEqual([]);
});

test('TLS 1.2 is refused', async () => {
  await expect(once(secureSocket({ maxVersion: 'TLSv1.2' }), 'secureConnect')).rejects.toThrow();
});

test('each server has a name of its own, which nobody can guess', () => {
  expect(server.origin).toMatch(/^https:\/\/[0-9a-f]{32}\.localhost:\d+$/);
  expect(randomServerName()).not.toBe(name);
});

test('a request with the address instead of the name is refused', async () => {
  const { port } = new URL(server.origin);
  expect(await ask({ ...page, ':path': '/', ':authority': `${LOOPBACK}:${port}` })).toMatchObject({
    status: 421,
  });
});

/** Resolved when the server has the connection. */
async function openConnections(count: number): Promise<Socket[]> {
  const port = Number(new URL(server.origin).port);
  return Promise.all(
    Array.from({ length: count }, async () => {
      const socket = createConnection({ host: LOOPBACK, port });
      socket.on('error', () => {});
      socket.resume();
      await once(socket, 'connect');
      return socket;
    }),
  );
}

test('connections without the token displace one another, and neither the window nor a new window', async () => {
  expect(await ask({ ...page, ':path': '/' })).toMatchObject({ status: 200 });
  const strangers = await openConnections(MAX_STRANGERS);
  const windowEnded = vi.fn();
  client.on('close', windowEnded);
  const further = await openConnections(MAX_STRANGERS);
  await expect
    .poll(() => strangers.filter(({ destroyed }) => destroyed).length, { timeout: 8000 })
    .toBe(MAX_STRANGERS);
  expect(await ask({ ...page, ':path': '/' })).toMatchObject({ status: 200 });
  expect(windowEnded).not.toHaveBeenCalled();
  const first = client;
  client = connectToServer();
  expect(await ask({ ...page, ':path': '/' })).toMatchObject({ status: 200 });
  first.destroy();
  for (const socket of [...strangers, ...further]) socket.destroy();
});

test('closing the server also ends connections that have sent nothing', async () => {
  const [silent] = await openConnections(1);
  if (silent === undefined) throw new Error('none was opened');
  // The server has accepted it once it has accepted a later one.
  const later = secureSocket();
  later.on('error', () => {});
  await once(later, 'secureConnect');
  await server.close();
  await expect.poll(() => silent.destroyed, { timeout: 8000 }).toBe(true);
});

test('connections that were closed are not counted', async () => {
  const atOnce = MAX_STRANGERS / 4;
  for (let round = 0; round < 8; round += 1) {
    const strangers = Array.from({ length: atOnce }, () => secureSocket());
    // By then the server has accepted them.
    await Promise.all(strangers.map((socket) => once(socket, 'secureConnect')));
    expect(await ask({ ...page, ':path': '/', cookie: '' })).toMatchObject({ status: 403 });
    const gone = Promise.all(strangers.map((socket) => once(socket, 'close')));
    for (const socket of strangers) socket.destroy();
    await gone;
  }
});

test('a connection with many requests without the token is closed', async () => {
  const ended = once(client, 'close');
  for (let request = 0; request < MAX_REFUSED; request += 1)
    expect(await ask({ ...page, ':path': '/', cookie: '' })).toMatchObject({ status: 403 });
  const last = client.request({ ...page, ':path': '/', cookie: '' });
  last.on('error', () => {});
  await ended;
});

test('when the browser cancels a request, the route’s work for it ends', async () => {
  let cancelled = false;
  const begun = new Promise<Request>((resolve) => {
    route = async (request) => {
      resolve(request);
      return new Response(
        new ReadableStream({
          start: (controller) => controller.enqueue(new TextEncoder().encode('x')),
          cancel: () => {
            cancelled = true;
          },
        }),
      );
    };
  });
  const stream = client.request({ ...page, ':path': '/sites/main/slow' });
  const { signal } = await begun;
  await once(stream, 'data');
  const aborted = new Promise((resolve) => signal.addEventListener('abort', resolve));
  stream.close();
  await aborted;
  await expect.poll(() => cancelled).toBe(true);
});

test('an answer that breaks off is an error to the browser, never a shorter answer', async () => {
  route = async () =>
    new Response(
      new ReadableStream({
        start: (controller) => controller.enqueue(new TextEncoder().encode('half')),
        pull: (controller) => controller.error(new Error('reset')),
      }),
    );
  const stream = client.request({ ...page, ':path': '/sites/main/x.ts' });
  stream.resume();
  const [error] = await once(stream, 'error');
  expect(error).toMatchObject({ message: expect.stringContaining('NGHTTP2_INTERNAL_ERROR') });
});

test('the bridge passes the input to the gate and its reply back', async () => {
  expect(JSON.parse((await post('journal.recent', '{"limit":7}')).body)).toEqual({
    kind: 'answer',
    value: [7],
  });
  expect(JSON.parse((await post('journal.recent', '{"limit":0}')).body)).toMatchObject({ kind: 'error' });
  expect(JSON.parse((await post('journal.recent')).body)).toMatchObject({ kind: 'error' });
  expect(JSON.parse((await post('no.such')).body)).toMatchObject({ kind: 'error' });
  expect(JSON.parse((await post('%zz', '1')).body)).toMatchObject({ kind: 'error' });
});

test('the bridge accepts no input that is not JSON, is not declared as JSON, or is too large', async () => {
  expect((await post('journal.recent', '{"limit":')).status).toBe(400);
  expect((await post('journal.recent', '{}', { 'content-type': 'text/plain' })).status).toBe(415);
  expect((await post('journal.recent', `"${'x'.repeat(4_000_000)}"`)).status).toBe(413);
});

test('requests of the bridge cannot be made by GET', async () => {
  expect((await ask({ ...page, ':path': '/bridge/session.get' })).status).toBe(405);
});

test('the events are one stream that does not end', async () => {
  const stream = client.request({ ...page, ':path': '/bridge/events' });
  const [answered] = (await once(stream, 'response')) as [IncomingHttpHeaders];
  expect(answered['content-type']).toBe('text/event-stream');
  const heard: string[] = [];
  stream.on('data', (chunk: Buffer) => heard.push(chunk.toString()));
  events.emit('demo.changed', []);
  await expect.poll(() => heard.join('')).toContain('event: demo.changed\ndata: []\n\n');
  stream.close();
});
