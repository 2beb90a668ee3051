import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { type Config, configSchema } from '../../shared/config/config.ts';
import { type Rig, type RigCameraStream, type RigSite, startRig } from '../rig/rig.ts';
import { phaseOfPictures, rigCameras } from '../rig/rig-cameras.ts';
import type { FieldShape } from './field-shapes.ts';
import { launchHoldfast, type RunningHoldfast } from './launch.ts';
import type { TrialCamera } from './tile-trial.ts';

/** A short stable time, so that tests do not wait. Milliseconds. */
const STABLE_MS = 1000;

export type FieldCamera<S extends FieldShape> = S & TrialCamera;

export interface FieldWallOptions<S extends FieldShape> {
  /** Prepares the sites before the window sends requests to them. */
  prepare?(rig: Rig, cameras: readonly FieldCamera<S>[]): Promise<void>;
  /** The stable time of the sites. Milliseconds; short by default, so that tests do not wait. */
  readonly stableMs?: number;
  /** Settings of the other site in addition to its address. */
  readonly backup?: Partial<Config['sites'][number]>;
}

/** One application over two sites whose cameras send unusual streams, with a tile for each. */
export class FieldWall<S extends FieldShape> implements AsyncDisposable {
  readonly cameras: readonly FieldCamera<S>[];
  readonly rig: Rig;
  readonly holdfast: RunningHoldfast;
  private readonly folder: string;

  private constructor(
    cameras: readonly FieldCamera<S>[],
    rig: Rig,
    holdfast: RunningHoldfast,
    folder: string,
  ) {
    this.cameras = cameras;
    this.rig = rig;
    this.holdfast = holdfast;
    this.folder = folder;
  }

  static async open<S extends FieldShape>(
    shapes: readonly S[],
    { prepare, backup, stableMs = STABLE_MS }: FieldWallOptions<S> = {},
  ): Promise<FieldWall<S>> {
    await using held = new AsyncDisposableStack();
    const shown = rigCameras(shapes.length);
    const cameras = shapes.map((shape, index) => {
      const camera = shown[index];
      if (camera === undefined) throw new Error(`The rig has no camera for "${shape.name}"`);
      return {
        ...shape,
        id: camera.id,
        phaseMs: phaseOfPictures(shape.main.pictures ?? 'demo', camera),
        sites: ['main', 'backup'] as const,
      };
    });
    const site = (
      id: string,
      name: string,
      streamOf: (camera: FieldCamera<S>) => RigCameraStream,
    ): RigSite => ({
      id,
      name,
      further: true,
      streams: Object.fromEntries(cameras.map((camera) => [camera.id, streamOf(camera)])),
    });
    const rig = held.use(
      await startRig({
        sites: [
          site('main', 'Main', ({ main }) => main),
          site('backup', 'Backup', ({ main, backup }) => backup ?? main),
        ],
        cameras: shapes.length,
      }),
    );
    await prepare?.(rig, cameras);
    const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-field-'));
    held.defer(() => rm(folder, { recursive: true, force: true }));
    const file = path.join(folder, 'holdfast.json');
    await writeFile(file, JSON.stringify(configOf(rig, shapes, stableMs, backup)));
    const holdfast = await launchHoldfast({ args: ['--config', file, '--window', '1280x800'] });
    held.move();
    return new FieldWall(cameras, rig, holdfast, folder);
  }

  get page(): Page {
    return this.holdfast.page;
  }

  async close(): Promise<void> {
    await this.holdfast.close();
    await this.rig.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

function configOf(
  rig: Rig,
  shapes: readonly FieldShape[],
  stableMs: number,
  backup: Partial<Config['sites'][number]> | undefined,
): Config {
  const config = rig.config({ policies: { failback: { stableMs } } });
  const sites = config.sites.map((site) => (site.id === 'backup' ? { ...site, ...backup } : site));
  const cameras = config.cameras.map((camera, index) => ({ ...camera, name: shapes[index]?.name ?? '' }));
  return configSchema.parse({ ...config, sites, cameras });
}
