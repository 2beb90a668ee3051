import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import type Hls from 'hls.js';
import { ClipFolder } from '../electron/demo/clip-folder.ts';
import { createLiveFiles } from '../electron/demo/create-live-files.ts';
import type { LiveAnswer, LiveFiles } from '../electron/demo/live-files.ts';
import { USUAL_CONDITION } from '../electron/demo/live-files.ts';
import { LOW_LATENCY_SHAPE, PLAIN_SHAPE, type StreamShape } from '../electron/demo/stream-shape.ts';
import type { TransportSound } from './rig/oddities/sound-in-transport-stream.ts';
import { rigCameras } from './rig/rig-cameras.ts';
import { type CameraStream, streamOfCamera } from './rig/stream-of-camera.ts';
import { launchHoldfast, PROJECT, type RunningHoldfast } from './support/launch.ts';

/** The demo's and the rig's streams in a player that knows nothing of Holdfast: plain hls.js. */

const SHAPES: Readonly<Record<string, StreamShape>> = {
  'plain-1s': PLAIN_SHAPE,
  'plain-2s': { ...PLAIN_SHAPE, segmentMs: 2000 },
  'transport-stream': { ...PLAIN_SHAPE, container: 'mpegts' },
  'undated-transport-stream-2s': {
    ...PLAIN_SHAPE,
    container: 'mpegts',
    segmentMs: 2000,
    programDateTimes: false,
  },
  'parts-333': LOW_LATENCY_SHAPE,
  'parts-200-of-2s': { ...LOW_LATENCY_SHAPE, partMs: 200, segmentMs: 2000 },
  multivariant: { ...PLAIN_SHAPE, multivariant: true },
  'multivariant-in-parts': { ...LOW_LATENCY_SHAPE, multivariant: true },
};

const TRANSPORT_STREAM = { ...PLAIN_SHAPE, container: 'mpegts' } as const;
const sound = (sound: TransportSound): Partial<CameraStream> => ({
  stream: TRANSPORT_STREAM,
  oddities: [{ kind: 'sound', sound, presence: 'always' }],
});

/** Unusual streams of the rig that a standard player plays all the same. */
const ODD: Readonly<Record<string, Partial<CameraStream>>> = {
  'aac-in-a-transport-stream': sound('aac'),
  'mp2-in-a-transport-stream': sound('mp2'),
  encrypted: {
    stream: TRANSPORT_STREAM,
    oddities: [{ kind: 'encrypted', method: 'AES-128', key: 'given' }],
  },
  'encrypted-mp4': { oddities: [{ kind: 'encrypted', method: 'AES-128', key: 'given' }] },
  'growing-list': { oddities: [{ kind: 'growing-list', bytesAtStart: 996_000 }] },
  compressed: { oddities: [{ kind: 'compressed', coding: 'br' }] },
  mediamtx: { server: 'mediamtx', stream: { ...LOW_LATENCY_SHAPE, partMs: 200 } },
  srs: { server: 'srs', stream: TRANSPORT_STREAM },
};

const PAGE = '<!doctype html><video muted autoplay playsinline></video><script src="/hls.js"></script>';

let server: Server;
let folder = '';
let holdfast: RunningHoldfast;

test.beforeAll(async () => {
  const folderOfClips = new ClipFolder(path.join(PROJECT, 'electron/demo/clips'));
  const clips = await folderOfClips.streamClips('quay', 'main');
  const streams = new Map(
    Object.entries(SHAPES).map(([name, shape]) => [name, createLiveFiles({ clips, shape })]),
  );
  const [camera] = rigCameras(1);
  if (camera === undefined) throw new Error('The rig has no camera.');
  for (const [name, odd] of Object.entries(ODD)) {
    const stream = {
      stream: PLAIN_SHAPE,
      pictures: 'demo',
      server: 'files',
      oddities: [],
      oddWhen: 'always',
      ...odd,
    } as const;
    const site = { clips: 'main', furtherBaseUrl: null } as const;
    streams.set(
      name,
      await streamOfCamera(
        { ...stream, oddities: [...stream.oddities] },
        { ...camera, id: name },
        site,
        folderOfClips,
      ),
    );
  }
  const script = await readFile(createRequire(import.meta.url).resolve('hls.js/dist/hls.min.js'));
  server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://site.test');
    if (pathname === '/') return response.setHeader('content-type', 'text/html').end(PAGE);
    if (pathname === '/hls.js') return response.setHeader('content-type', 'text/javascript').end(script);
    const [, name = '', ...file] = pathname.split('/');
    const stream = streams.get(name);
    if (stream === undefined) return response.writeHead(404).end();
    const answer = await answerOf(stream, file.join('/'), searchParams);
    if (answer.kind === 'redirect') return response.writeHead(302, { location: answer.location }).end();
    if (answer.kind !== 'file') return response.writeHead(404).end();
    return response.writeHead(200, { ...answer.headers, 'content-type': answer.type }).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // No camera: the window beside the player's decodes nothing.
  folder = await mkdtemp(path.join(tmpdir(), 'holdfast-origin-streams-'));
  const config = path.join(folder, 'empty.json');
  await writeFile(config, JSON.stringify({ version: 1, sites: [], cameras: [], views: [] }));
  holdfast = await launchHoldfast({ args: ['--config', config, '--window', '800x600'] });
});

test.afterAll(async () => {
  await holdfast?.close();
  server?.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true, force: true });
});

async function answerOf(
  stream: LiveFiles,
  file: string,
  query: URLSearchParams,
): Promise<Exclude<LiveAnswer, { kind: 'wait' }>> {
  for (;;) {
    const answer = stream.answer(file, query, Date.now(), USUAL_CONDITION);
    if (answer.kind !== 'wait') return answer;
    await new Promise((resolve) => setTimeout(resolve, answer.untilMs - Date.now()));
  }
}

interface Played {
  readonly errors: string[];
  readonly playedS: number;
  readonly latencyS: number;
  readonly targetLatencyS: number | null;
  readonly levels: number;
}

const EXPECTED = [
  ...Object.entries(SHAPES).map(([name, { multivariant, partMs }]) => ({
    name,
    levels: multivariant ? 2 : 1,
    partMs,
  })),
  ...Object.entries(ODD).map(([name, { stream }]) => ({ name, levels: 1, partMs: stream?.partMs ?? null })),
];

for (const { name, levels, partMs } of EXPECTED)
  test(`a bare hls.js plays ${name} without an error`, async () => {
    const { port } = server.address() as AddressInfo;
    const opened = holdfast.app.waitForEvent('window');
    await holdfast.app.evaluate(({ BrowserWindow }, url) => {
      const window = new BrowserWindow({
        width: 640,
        height: 360,
        webPreferences: { backgroundThrottling: false },
      });
      return window.loadURL(url);
    }, `http://127.0.0.1:${port}/`);
    const page = await opened;
    const played = await page.evaluate(async (url): Promise<Played> => {
      const { Hls: Player } = window as unknown as { Hls: typeof Hls };
      const video = document.querySelector('video');
      if (video === null) throw new Error('The page has no video.');
      const hls = new Player();
      const errors: string[] = [];
      hls.on(Player.Events.ERROR, (_event, { details, error, bufferInfo }) => {
        // A picture that stops although a second or more of media is buffered is this machine's fault, not the
        // stream's.
        const isOwn = details === Player.ErrorDetails.BUFFER_STALLED_ERROR && (bufferInfo?.len ?? 0) > 1;
        if (!isOwn) errors.push(`${details}: ${error.message}`);
      });
      hls.loadSource(url);
      hls.attachMedia(video);
      const presented = (): Promise<number> =>
        new Promise((resolve) =>
          video.requestVideoFrameCallback((_now, { mediaTime }) => resolve(mediaTime)),
        );
      const first = await presented();
      let last = first;
      while (last - first < 5) last = await presented();
      return {
        errors,
        playedS: last - first,
        latencyS: hls.latency,
        targetLatencyS: hls.targetLatency,
        levels: hls.levels.length,
      };
    }, `http://127.0.0.1:${port}/${name}/index.m3u8`);
    await page.close();
    expect(played.errors).toEqual([]);
    expect(played.playedS).toBeGreaterThanOrEqual(5);
    expect(played.levels).toBe(levels);
    if (partMs !== null) expect(played.targetLatencyS).toBeCloseTo((3 * partMs) / 1000, 1);
  });
