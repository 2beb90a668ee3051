import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { configSchema } from '../../shared/config/config.ts';
import { type Rig, type RigCameraStream, startRig } from '../rig/rig.ts';
import { rigCameras } from '../rig/rig-cameras.ts';
import { launchHoldfast, type RunningHoldfast } from './launch.ts';
import { parseMemoryMb, readTree } from './process-tree.ts';
import { NOTHING_ODD } from './tile-trial.ts';

/** A camera of the hostile site; its name says what is hostile about its stream. */
export interface HostileCamera {
  readonly name: string;
  readonly stream: RigCameraStream;
  /** Its stream at the other site: normal by default, or hostile too. */
  readonly backup?: 'well' | 'hostile';
}

/** Memory that is shared with no file and no other process, MB (10^6 bytes). */
export interface WallMemory {
  readonly main: number;
  readonly page: number;
}

/** Interval of the memory readings while the site is hostile, ms. */
const MEMORY_EVERY_MS = 500;

/**
 * One window over a hostile site and a normal one. Each site has a process of its own, so that the hostile one's own
 * load does not affect the other. The first tile is normal at both of its first sites; all others begin at the hostile
 * site, which behaves normally until {@link turn} is called.
 */
export class HostileWall implements AsyncDisposable {
  readonly cameras: readonly (HostileCamera & { readonly id: string })[];
  readonly hostile: Rig;
  readonly well: Rig;
  readonly holdfast: RunningHoldfast;
  private readonly held: AsyncDisposableStack;

  private constructor(
    cameras: HostileWall['cameras'],
    hostile: Rig,
    well: Rig,
    holdfast: RunningHoldfast,
    held: AsyncDisposableStack,
  ) {
    this.cameras = cameras;
    this.hostile = hostile;
    this.well = well;
    this.holdfast = holdfast;
    this.held = held;
  }

  static async open(hostileCameras: readonly HostileCamera[]): Promise<HostileWall> {
    await using held = new AsyncDisposableStack();
    const shown: readonly HostileCamera[] = [{ name: NOTHING_ODD, stream: {} }, ...hostileCameras];
    const ids = rigCameras(shown.length);
    const streamsOf = (isHostile: boolean): Record<string, RigCameraStream> =>
      Object.fromEntries(
        shown.map(({ stream, backup = 'well' }, index) => {
          const { oddities: _oddities, ...plain } = stream;
          const isOdd = isHostile || backup === 'hostile';
          return [ids[index]?.id ?? '', isOdd ? { ...stream, oddWhen: 'other-encoding' } : plain];
        }),
      );
    const hostile = held.use(
      await startRig({
        sites: [{ id: 'main', name: 'Main', clips: 'main', streams: streamsOf(true) }],
        cameras: shown.length,
      }),
    );
    const well = held.use(
      await startRig({
        sites: (['Backup', 'Spare'] as const).map((name) => ({
          id: name.toLowerCase(),
          name,
          clips: 'backup',
          streams: streamsOf(false),
        })),
        cameras: shown.length,
      }),
    );
    // Otherwise the number of hot standbys would follow the machine's load, and the memory would follow it too.
    const config = hostile.config({ policies: { failback: { stableMs: 1000 }, hotStandbys: 'off' } });
    const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-hostile-'));
    held.defer(() => rm(folder, { recursive: true, force: true }));
    const file = path.join(folder, 'holdfast.json');
    const written = configSchema.parse({
      ...config,
      sites: [...config.sites, ...well.config().sites],
      cameras: config.cameras.map((camera, index) => ({
        ...camera,
        name: shown[index]?.name,
        ...(index === 0 && { siteOrder: ['backup', 'spare'] }),
      })),
    });
    await writeFile(file, JSON.stringify(written));
    const holdfast = await launchHoldfast({ args: ['--config', file, '--window', '1280x800'] });
    held.defer(() => holdfast.close());
    const cameras = shown.map((camera, index) => ({ ...camera, id: config.cameras[index]?.id ?? '' }));
    return new HostileWall(cameras, hostile, well, holdfast, held.move());
  }

  get page(): Page {
    return this.holdfast.page;
  }

  /** From now on the site is hostile. */
  async turn(): Promise<void> {
    const cameras = this.cameras.slice(1).map(({ id }) => id);
    await this.hostile.setFault('main', 'other-encoding', { cameras });
    const both = this.cameras.filter(({ backup }) => backup === 'hostile').map(({ id }) => id);
    for (const { id } of both.length > 0 ? this.well.sites : [])
      await this.well.setFault(id, 'other-encoding', { cameras: both });
  }

  /** The memory of main process and page after a garbage collection of both. */
  async settledMemory(): Promise<WallMemory> {
    const session = await this.page.context().newCDPSession(this.page);
    await session.send('HeapProfiler.collectGarbage');
    await session.detach();
    await this.holdfast.app.evaluate(async () => {
      const { Session } = process.getBuiltinModule('node:inspector/promises');
      const inspector = new Session();
      inspector.connect();
      await inspector.post('HeapProfiler.collectGarbage');
      inspector.disconnect();
    });
    return this.memory();
  }

  /** The largest memory of each while `act` ran. */
  async mostMemory(act: () => Promise<unknown>): Promise<WallMemory> {
    let most = await this.memory();
    const acting = act().then(() => 'done' as const);
    for (;;) {
      const timer = new Promise<'again'>((resolve) => setTimeout(() => resolve('again'), MEMORY_EVERY_MS));
      if ((await Promise.race([acting, timer])) === 'done') return most;
      const now = await this.memory();
      most = { main: Math.max(most.main, now.main), page: Math.max(most.page, now.page) };
    }
  }

  /** Without shared memory: when a test draws the videos, the window fills it with data that can be dropped. */
  private async memory(): Promise<WallMemory> {
    const sums = { main: 0, page: 0 };
    for (const { pid, kind } of await readTree(this.holdfast.app.process().pid ?? Number.NaN)) {
      if (kind !== 'main' && kind !== 'renderer') continue;
      const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
      sums[kind === 'main' ? 'main' : 'page'] += parseMemoryMb(rollup, ['Pss_Anon']) ?? 0;
    }
    return sums;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.held.disposeAsync();
  }
}
