import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../../../shared/testing/virtual-clock.ts';
import { connectToFirst } from './connect-to-first.ts';

const cleanUps: (() => unknown)[] = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0).reverse()) cleanUp();
});

async function listen(): Promise<number> {
  const server = net.createServer((socket) => socket.on('error', () => {}));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanUps.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

/** How an address behaves: a port of 127.0.0.1 that accepts or refuses, or no answer at all. */
type Way = number | 'black hole';

/** Connects to addresses that are named 0, 1, … in this order. */
function race(ways: readonly Way[]) {
  const clock = new VirtualClock();
  const controller = new AbortController();
  const tried: { readonly address: string; readonly socket: net.Socket }[] = [];
  const connected = connectToFirst({
    addresses: ways.map((_way, index) => ({ address: String(index), family: 4 })),
    connect: ({ address }) => {
      const way = ways[Number(address)] ?? 'black hole';
      const socket = way === 'black hole' ? new net.Socket() : net.connect(way, '127.0.0.1');
      tried.push({ address, socket });
      cleanUps.push(() => socket.destroy());
      return socket;
    },
    readyEvent: 'connect',
    objection: () => null,
    clock,
    signal: controller.signal,
  });
  connected.catch(() => {});
  return { clock, controller, connected, tried };
}

describe('connecting to the first of several addresses', () => {
  it('waits 250 ms for an address that does not answer, and ends its attempt when the next one is connected', async () => {
    const { clock, connected, tried } = race(['black hole', await listen()]);
    clock.tick(249);
    expect(tried).toHaveLength(1);
    clock.tick(1);
    expect((await connected).address.address).toBe('1');
    expect(tried.map(({ socket }) => socket.destroyed)).toEqual([true, false]);
    expect(clock.pending()).toBe(0);
  });

  it('goes to the next address immediately where one refuses', async () => {
    const { clock, connected } = race([await closedPort(), await listen()]);
    expect((await connected).address.address).toBe('1');
    expect(clock.now()).toBe(0);
  });

  it('keeps the first attempt when the next one begins: on a slow link it may be the only one that succeeds', async () => {
    const { clock, connected, tried } = race(['black hole', 'black hole']);
    clock.tick(10_000);
    expect(tried.map(({ socket }) => socket.destroyed)).toEqual([false, false]);
    tried[0]?.socket.emit('connect');
    expect((await connected).address.address).toBe('0');
  });

  it('tries no other address once the first one is connected', async () => {
    const { clock, connected, tried } = race([await listen(), await listen()]);
    await connected;
    clock.tick(10_000);
    expect(tried).toHaveLength(1);
  });

  it('reports what an address answered, rather than that another one cannot be reached', async () => {
    const clock = new VirtualClock();
    const errors = ['ENETUNREACH', 'ECONNREFUSED'].map((code) => Object.assign(new Error(code), { code }));
    const connected = connectToFirst({
      addresses: ['::1', '127.0.0.1'].map((address) => ({ address, family: 4 })),
      connect: () => {
        const socket = new net.Socket();
        const error = errors.shift();
        setImmediate(() => socket.destroy(error));
        return socket;
      },
      readyEvent: 'connect',
      objection: () => null,
      clock,
      signal: new AbortController().signal,
    });
    await expect(connected).rejects.toThrow('ECONNREFUSED');
  });

  it('goes on to the next address where the connection is not acceptable', async () => {
    const port = await listen();
    let count = 0;
    const { address } = await connectToFirst({
      addresses: ['0', '1'].map((name) => ({ address: name, family: 4 })),
      connect: () => {
        const socket = net.connect(port, '127.0.0.1');
        cleanUps.push(() => socket.destroy());
        return socket;
      },
      readyEvent: 'connect',
      objection: () => {
        count += 1;
        return count === 1 ? new Error('another certificate') : null;
      },
      clock: new VirtualClock(),
      signal: new AbortController().signal,
    });
    expect(address.address).toBe('1');
  });

  it('ends every attempt when the caller gives up', async () => {
    const { clock, controller, connected, tried } = race(['black hole', 'black hole', 'black hole']);
    clock.tick(250);
    controller.abort(new Error('given up'));
    await expect(connected).rejects.toThrow('given up');
    expect(tried.map(({ socket }) => socket.destroyed)).toEqual([true, true]);
    expect(clock.pending()).toBe(0);
  });
});

async function closedPort(): Promise<number> {
  const server = net.createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
