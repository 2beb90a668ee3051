import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { ClipFolder } from '../../electron/demo/clip-folder.ts';
import { createLiveFiles, type StreamClips } from '../../electron/demo/create-live-files.ts';
import type { DemoSiteId } from '../../electron/demo/demo-wall.ts';
import { readClip } from '../../electron/demo/fmp4.ts';
import type { LiveFiles } from '../../electron/demo/live-files.ts';
import type { StreamShape } from '../../electron/demo/stream-shape.ts';
import { odditySchema, withOddity } from './oddities/oddity.ts';
import { phaseOfPictures, type RigCamera } from './rig-cameras.ts';
import { servedByGo2rtc } from './servers/go2rtc.ts';
import { MEDIAMTX_1_18, MEDIAMTX_1_20_1, servedByMediaMtx } from './servers/mediamtx.ts';
import { servedBySrs } from './servers/srs.ts';

export const streamShapeSchema: z.ZodType<StreamShape> = z.strictObject({
  segmentMs: z.union([z.literal(1000), z.literal(2000), z.literal(4000), z.literal(5000)]),
  container: z.enum(['fmp4', 'mpegts']),
  partMs: z.union([z.literal(200), z.literal(333), z.null()]),
  programDateTimes: z.boolean(),
  multivariant: z.boolean(),
  windowSegments: z.int().min(3),
  keyPictures: z.enum(['begin-segments', 'anywhere']),
  keptSegments: z.int().min(0),
});

export const cameraStreamSchema = z.strictObject({
  stream: streamShapeSchema,
  /** `key-each-12-s`: one key picture in 12 s, as smart codecs encode. Its shape must let segments begin anywhere. */
  pictures: z.enum(['demo', 'key-each-12-s']),
  /** The server that the site imitates; `mediamtx` is MediaMTX 1.18. `go2rtc` has its own segments and ignores the shape. */
  server: z.enum(['files', 'mediamtx', 'mediamtx-1.20.1', 'srs', 'go2rtc']),
  /** The first oddity is nearest to the camera: the later ones change what it gives. */
  oddities: z.array(odditySchema),
  /** When the oddities apply. `other-encoding`: only under the fault of this name, which then changes nothing else. */
  oddWhen: z.enum(['always', 'other-encoding']),
});
/** One camera's stream at one site. */
export type CameraStream = z.infer<typeof cameraStreamSchema>;

const LONG_KEY_INTERVAL = fileURLToPath(new URL('clips/key-each-12-s-', import.meta.url));

/**
 * What the origin of a site serves for a camera.
 * @param site the demo site whose clips the stream shows, and the site's further address, `null` without one
 * @throws {RangeError} for a stream that is not possible
 */
export async function streamOfCamera(
  { stream: shape, pictures, server, oddities, oddWhen }: CameraStream,
  camera: RigCamera,
  site: { readonly clips: DemoSiteId; readonly furtherBaseUrl: string | null },
  folder: ClipFolder,
): Promise<LiveFiles> {
  const clips =
    pictures === 'demo'
      ? await folder.streamClips(camera.clip, site.clips)
      : await longKeyInterval(site.clips);
  const phaseMs = phaseOfPictures(pictures, camera);
  const served = ((): LiveFiles => {
    if (server === 'go2rtc') return servedByGo2rtc(clips.main.moving, phaseMs);
    const files = createLiveFiles({ clips, shape, phaseMs });
    const { moving } = clips.main;
    if (server === 'mediamtx') return servedByMediaMtx(files, moving, MEDIAMTX_1_18);
    if (server === 'mediamtx-1.20.1') return servedByMediaMtx(files, moving, MEDIAMTX_1_20_1);
    return server === 'srs' ? servedBySrs(files, shape, camera.id) : files;
  })();
  const odd = { shape, camera: camera.id, furtherBaseUrl: site.furtherBaseUrl };
  const changed = oddities.reduce((files, oddity) => withOddity(files, oddity, odd), served);
  return oddWhen === 'always' ? changed : underOtherEncoding(changed, served);
}

function underOtherEncoding(changed: LiveFiles, usual: LiveFiles): LiveFiles {
  return {
    ...changed,
    answer: (file, query, nowMs, condition, cookies) =>
      (condition.encoding === 'other' ? changed : usual).answer(
        file,
        query,
        nowMs,
        { ...condition, encoding: 'usual' },
        cookies,
      ),
  };
}

async function longKeyInterval(site: DemoSiteId): Promise<StreamClips> {
  const file = `${LONG_KEY_INTERVAL}${site}.mp4`;
  return { main: { moving: readClip(await readFile(file), file), black: null }, sub: null };
}
