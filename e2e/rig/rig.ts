import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Fault } from '../../electron/demo/faults.ts';
import { type NetworkConditions, PERFECT_NETWORK } from '../../electron/demo/network-conditions.ts';
import { PLAIN_SHAPE, type StreamShape } from '../../electron/demo/stream-shape.ts';
import type { Config } from '../../shared/config/config.ts';
import { type RigCamera, rigCameras } from './rig-cameras.ts';
import { type RigConfigOptions, rigConfig } from './rig-config.ts';
import {
  fromRigSchema,
  type OpenRigSite,
  type RigAnswer,
  type RigCommand,
  type RigSiteOptions,
  type RigSiteStats,
  type RigStep,
  type ToRig,
} from './rig-protocol.ts';
import type { CameraStream } from './stream-of-camera.ts';

/** What differs in a camera's stream from the rig's other streams. {@link CameraStream} describes each member. */
export interface RigCameraStream extends Partial<Omit<CameraStream, 'stream'>> {
  readonly stream?: Partial<StreamShape>;
}

/** One of the rig's sites, as a test describes it. */
export interface RigSite extends RigSiteOptions {
  /** What differs in the streams, by camera id. */
  readonly streams?: Readonly<Record<string, RigCameraStream>>;
}

export interface RigOptions {
  /** In order of priority. */
  readonly sites: readonly RigSite[];
  /** Number of cameras, 1 to 64. */
  readonly cameras: number;
  /** What differs from {@link PLAIN_SHAPE} in all streams. */
  readonly stream?: Partial<StreamShape>;
  /** Seed of the random jitter and loss, by default 1. */
  readonly seed?: number;
  /** Linux network namespace of the sites (ip-netns(8)), which needs root; by default that of this process. */
  readonly networkNamespace?: string;
}

/**
 * Starts a rig: sites on loopback that fail on command, all in one separate process.
 * @throws {Error} with the message of the rig's process, for sites, cameras or a stream that are not possible
 */
export async function startRig({
  sites,
  cameras,
  stream,
  seed = 1,
  networkNamespace,
}: RigOptions): Promise<Rig> {
  const line = new RigLine(networkNamespace);
  try {
    const wall = rigCameras(cameras);
    const streamOf = ({ stream: own, ...rest }: RigCameraStream = {}): CameraStream => ({
      pictures: 'demo',
      server: 'files',
      oddities: [],
      oddWhen: 'always',
      ...rest,
      stream: { ...PLAIN_SHAPE, ...stream, ...own },
    });
    const opened = await line.ask('opened', {
      type: 'open',
      sites: sites.map(({ streams, ...site }) => ({
        ...site,
        streams: Object.fromEntries(wall.map(({ id }) => [id, streamOf(streams?.[id])])),
      })),
      cameras,
      seed,
    });
    return new Rig(line, sites, opened.sites, wall);
  } catch (error) {
    await line.close();
    throw error;
  }
}

/** Sites that fail on command. They end with `close`, at the end of an `await using`, and with the process that started them. */
export class Rig implements AsyncDisposable {
  readonly cameras: readonly RigCamera[];
  readonly sites: readonly { readonly id: string; readonly baseUrl: string }[];
  private readonly line: RigLine;
  private readonly openSites: readonly OpenRigSite[];
  private siteOptions: readonly RigSiteOptions[];
  private folder: string | null = null;

  constructor(
    line: RigLine,
    siteOptions: readonly RigSiteOptions[],
    openSites: readonly OpenRigSite[],
    cameras: readonly RigCamera[],
  ) {
    this.line = line;
    this.siteOptions = siteOptions;
    this.openSites = openSites;
    this.cameras = cameras;
    this.sites = openSites.map(({ id, baseUrl }) => ({ id, baseUrl }));
  }

  /** A configuration for Holdfast, with the logins that the sites accept now. */
  config(options?: RigConfigOptions): Config {
    return rigConfig(this.siteOptions, this.openSites, this.cameras, options);
  }

  /** Writes {@link config} to a file that `close` removes, and which replaces the earlier one. @returns the file's path */
  configFile(options?: RigConfigOptions): string {
    return this.write('holdfast.json', `${JSON.stringify(this.config(options), null, 2)}\n`);
  }

  /** The environment variables with which Holdfast trusts the sites with `tls: 'trusted'`. */
  environment(): Readonly<Record<string, string>> {
    const trusted = this.openSites.flatMap(({ id, certificate }) =>
      this.siteOptions.some((site) => site.id === id && site.tls === 'trusted')
        ? (certificate?.trusted ?? [])
        : [],
    );
    return trusted.length === 0 ? {} : { NODE_EXTRA_CA_CERTS: this.write('trusted.pem', trusted.join('')) };
  }

  /**
   * Gives a site, or some of its cameras, one or several faults, which replace the earlier ones. It resolves when they
   * are completely active.
   * @returns when they took effect, ms since 1970
   * @throws {Error} for a site or camera that the rig does not have, and for a certificate's fault without TLS
   */
  async setFault(
    siteId: string,
    fault: Fault | readonly Fault[],
    { cameras }: { readonly cameras?: readonly string[] } = {},
  ): Promise<number> {
    const faults = typeof fault === 'string' || 'kind' in fault ? [fault] : [...fault];
    return this.take({ kind: 'fault', atMs: 0, siteId, faults, ...(cameras && { cameras: [...cameras] }) });
  }

  /** Ends all faults of a site and of its cameras. @returns when, ms since 1970 */
  async clear(siteId: string): Promise<number> {
    return (await this.line.ask('cleared', { type: 'clear', siteId })).inForceMs;
  }

  /** @param conditions what differs from a perfect network; they apply to everything that the site sends from now on */
  async setConditions(siteId: string, conditions: Partial<NetworkConditions>): Promise<void> {
    await this.take({
      kind: 'conditions',
      atMs: 0,
      siteId,
      conditions: { ...PERFECT_NETWORK, ...conditions },
    });
  }

  /**
   * Replaces the password or token of a site, which then refuses the old one. {@link config} has the new one.
   * @throws {Error} where the site needs no login
   */
  async renewLogin(siteId: string): Promise<void> {
    const { login } = await this.line.ask('login', { type: 'renew-login', siteId });
    this.siteOptions = this.siteOptions.map((site) => (site.id === siteId ? { ...site, login } : site));
  }

  /**
   * Takes the steps at their times, and resolves after the last one. Several schedules may run at the same time.
   * @returns when each step took effect, ms since 1970, in the order of their times
   */
  async run(schedule: readonly RigStep[]): Promise<readonly number[]> {
    return (await this.line.ask('ran', { type: 'run', steps: [...schedule] })).inForceMs;
  }

  /** The requests to each site since the start, and its connections and sessions that are open now; in the sites' order. */
  async stats(): Promise<readonly RigSiteStats[]> {
    return (await this.line.ask('stats', { type: 'stats' })).sites;
  }

  /** Ends the process and removes the files. May be called again. */
  async close(): Promise<void> {
    await this.line.close();
    if (this.folder !== null) rmSync(this.folder, { recursive: true, force: true });
    this.folder = null;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  private async take(step: RigStep): Promise<number> {
    const [inForceMs] = await this.run([step]);
    if (inForceMs === undefined) throw new Error('The rig took no step');
    return inForceMs;
  }

  private write(name: string, text: string): string {
    this.folder ??= mkdtempSync(path.join(tmpdir(), 'holdfast-rig-'));
    const file = path.join(this.folder, name);
    // Explicit, so that it does not depend on the umask: Holdfast refuses a configuration that everybody may write.
    writeFileSync(file, text, { mode: 0o600 });
    return file;
  }
}

/** The connection to the rig's process. Each command gets one answer. */
class RigLine {
  private readonly child: ChildProcess;
  private readonly open = new Map<number, { resolve(answer: RigAnswer): void; reject(error: Error): void }>();
  private readonly ended: Promise<void>;
  private lastId = 0;
  private state: { kind: 'running' } | { kind: 'ended'; words: string } = { kind: 'running' };

  constructor(networkNamespace?: string) {
    const node = [process.execPath, '--disable-warning=ExperimentalWarning'];
    // "ip netns exec" replaces itself with the rig's process, so messages and signals reach that process.
    const [execPath = process.execPath, ...execArgv] =
      networkNamespace === undefined ? node : ['ip', 'netns', 'exec', networkNamespace, ...node];
    this.child = fork(fileURLToPath(new URL('rig-process.ts', import.meta.url)), { execPath, execArgv });
    this.child.on('message', (message) => {
      const { id, answer } = fromRigSchema.parse(message);
      this.open.get(id)?.resolve(answer);
      this.open.delete(id);
    });
    this.ended = new Promise((resolve) => {
      const end = (words: string): void => {
        this.state = { kind: 'ended', words };
        for (const { reject } of this.open.values()) reject(new Error(words));
        this.open.clear();
        resolve();
      };
      this.child.once('error', (error) => end(`The rig's process could not be started: ${error.message}`));
      this.child.once('exit', (code, signal) => end(`The rig's process ended with ${signal ?? code}`));
    });
  }

  async ask<T extends RigAnswer['type']>(
    type: T,
    command: RigCommand,
  ): Promise<Extract<RigAnswer, { type: T }>> {
    if (this.state.kind === 'ended') throw new Error(this.state.words);
    const id = ++this.lastId;
    const answer = await new Promise<RigAnswer>((resolve, reject) => {
      this.open.set(id, { resolve, reject });
      this.child.send({ id, command } satisfies ToRig);
    });
    if (answer.type === 'failed') throw new Error(answer.reason);
    if (!isOf(answer, type)) throw new Error(`The rig answered "${answer.type}" instead of "${type}"`);
    return answer;
  }

  async close(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }
}

function isOf<T extends RigAnswer['type']>(
  answer: RigAnswer,
  type: T,
): answer is Extract<RigAnswer, { type: T }> {
  return answer.type === type;
}
