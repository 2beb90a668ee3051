import { afterEach, expect, it } from 'vitest';
import { VirtualClock } from '../../../shared/testing/virtual-clock.ts';
import { ListReader, type ListWorker, type StartListWorker } from './list-reader.ts';
import type { FromListWorker, ToListWorker } from './list-work.ts';
import { SiteBases } from './site-bases.ts';
import { SiteBody } from './site-body.ts';

const SITE = {
  id: 'north',
  baseUrl: 'http://nvr.test/live/',
  furtherAddresses: [{ baseUrl: 'http://cdn.test/', sendLogin: false }],
};
const PIECE_BYTES = 65_536;

const readers: ListReader[] = [];
afterEach(() => {
  for (const reader of readers.splice(0)) reader.dispose();
});

function open(startWorker?: StartListWorker) {
  const bases = new SiteBases(SITE);
  const clock = new VirtualClock();
  const reader = new ListReader(bases, clock, startWorker);
  readers.push(reader);
  const target = { base: bases.main, url: new URL('http://nvr.test/live/cam/index.m3u8') };
  const read = (pieces: Iterable<Buffer> | AsyncIterable<Buffer>, signal = new AbortController().signal) =>
    reader.read(new SiteBody(asynchronous(pieces), 'North'), {
      siteName: 'North',
      asked: target,
      answered: target,
      token: { name: 'key', value: 's3cret-t0ken' },
      signal,
    });
  return { reader, clock, read };
}

async function* asynchronous(pieces: Iterable<Buffer> | AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield* pieces;
}

function inPieces(text: string): Buffer[] {
  const bytes = Buffer.from(text);
  return Array.from({ length: Math.ceil(bytes.length / PIECE_BYTES) }, (_, index) =>
    bytes.subarray(index * PIECE_BYTES, (index + 1) * PIECE_BYTES),
  );
}

/** A recorder's playlist with this many segments, of a second each. */
function recording(segments: number): string {
  const lines = Array.from(
    { length: segments },
    (_, number) => `#EXTINF:1,\nhttp://cdn.test/${number}.ts?key=s3cret-t0ken\n`,
  );
  return `#EXTM3U\n#EXT-X-TARGETDURATION:1\n${lines.join('')}`;
}

/** A worker that the test controls. */
class PlayedWorker {
  readonly heard: ToListWorker[] = [];
  terminated = false;
  private readonly listeners = new Map<string, (value: unknown) => void>();

  on(name: string, listener: (value: unknown) => void): this {
    this.listeners.set(name, listener);
    return this;
  }

  postMessage(message: ToListWorker): void {
    this.heard.push(message);
    if (message.kind === 'piece') this.send({ kind: 'taken', list: message.list });
  }

  send(message: FromListWorker): void {
    this.listeners.get('message')?.(message);
  }

  fail(): void {
    this.listeners.get('error')?.(new Error('out of memory'));
  }

  unref(): void {}

  async terminate(): Promise<number> {
    this.terminated = true;
    return 0;
  }
}

function played() {
  const workers: PlayedWorker[] = [];
  let begun = 0;
  const opened = open(() => {
    const worker = new PlayedWorker();
    workers.push(worker);
    return worker as unknown as ListWorker;
  });
  /** Reads a large playlist, and waits until the worker has all of it. */
  const begin = async (signal?: AbortSignal) => {
    const reading = opened.read(inPieces(recording(3000)), signal);
    reading.catch(() => {});
    begun += 1;
    const ended = () => workers.flatMap(({ heard }) => heard.filter(({ kind }) => kind === 'end')).length;
    while (ended() < begun) await new Promise(setImmediate);
    return { reading };
  };
  return { ...opened, workers, begin };
}

it('gives the same for a large playlist, read by a worker, as for its newest part read directly', async () => {
  const { read } = open();
  const large = await read(inPieces(recording(10_800)));
  const lines = large.trimEnd().split('\n');
  expect(lines.at(-1)).toBe('/sites/north/%5Cfurther-1/10799.ts');
  const skipped = Number(lines.find((line) => line.startsWith('#EXT-X-MEDIA-SEQUENCE:'))?.split(':')[1]);
  expect(skipped).toBeGreaterThan(0);
  const newest = recording(10_800)
    .split('\n')
    .slice(2 + 2 * skipped)
    .join('\n');
  const small = await read([
    Buffer.from(`#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXT-X-MEDIA-SEQUENCE:${skipped}\n${newest}`),
  ]);
  expect(large.replace(/^#EXT-X-MEDIA-SEQUENCE.*\n/m, '')).toBe(
    small.replace(/^#EXT-X-MEDIA-SEQUENCE.*\n/m, ''),
  );
});

it('reads small playlists in the host, and gives a worker those with many lines', async () => {
  const { read, workers } = played();
  await read([Buffer.from(recording(100))]);
  expect(workers).toEqual([]);
  void read([Buffer.from(`#EXTM3U\n${'a\n'.repeat(500)}`)]).catch(() => {});
  while (workers[0]?.heard.at(-1)?.kind !== 'end') await new Promise(setImmediate);
  expect(workers).toHaveLength(1);
});

it('reports in words the fault that a worker found', async () => {
  const { read } = open();
  await expect(read(inPieces(`#EXTM3U\n${'a\n'.repeat(60_000)}`))).rejects.toMatchObject({
    reason: 'too-large',
    message: expect.stringContaining('North'),
  });
});

it('ends a worker that takes too long, and reads the next list by another one', async () => {
  const { clock, begin, workers } = played();
  const { reading: first } = await begin();
  const { reading: second } = await begin();
  clock.tick(5000);
  for (const reading of [first, second])
    await expect(reading).rejects.toMatchObject({
      reason: 'not-media',
      message: 'the playlist of North takes too long to read',
    });
  expect(workers[0]?.terminated).toBe(true);
  const { reading: third } = await begin();
  expect(workers).toHaveLength(2);
  workers[1]?.send({ kind: 'done', list: 3, text: 'read' });
  expect(await third).toBe('read');
});

it('ends a worker that takes too long, even if nobody waits for the playlist any more', async () => {
  const { clock, begin, workers } = played();
  const stop = new AbortController();
  const { reading } = await begin(stop.signal);
  stop.abort(new Error('given up'));
  await expect(reading).rejects.toThrow('given up');
  expect(workers[0]?.heard.at(-1)?.kind).toBe('drop');
  expect(workers[0]?.terminated).toBe(false);
  clock.tick(5000);
  expect(workers[0]?.terminated).toBe(true);
});

it('fails the playlists of a worker that ended by itself', async () => {
  const { begin, workers } = played();
  const { reading } = await begin();
  workers[0]?.fail();
  await expect(reading).rejects.toMatchObject({ reason: 'not-media' });
});

it('gives up its playlists when the site is closed', async () => {
  const { reader, begin, workers } = played();
  const { reading } = await begin();
  reader.dispose();
  await expect(reading).rejects.toMatchObject({ reason: 'cancelled' });
  expect(workers[0]?.terminated).toBe(true);
});

it('reads eight large playlists at a time, and the next one when one of them is done', async () => {
  const { read, begin, workers } = played();
  for (let count = 0; count < 8; count += 1) await begin();
  const ninth = read(inPieces(recording(3000)));
  ninth.catch(() => {});
  for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
  const hasBegun = () => workers[0]?.heard.some(({ kind, list }) => kind === 'begin' && list === 9);
  expect(hasBegun()).toBe(false);
  workers[0]?.send({ kind: 'done', list: 1, text: 'read' });
  while (hasBegun() !== true) await new Promise(setImmediate);
});

it('tells the worker that the connection of a playlist broke', async () => {
  const { read, workers } = played();
  async function* broken(): AsyncGenerator<Buffer> {
    yield* inPieces(recording(3000));
    throw new Error('reset');
  }
  await expect(read(broken())).rejects.toThrow('reset');
  expect(workers[0]?.heard.at(-1)?.kind).toBe('drop');
});
