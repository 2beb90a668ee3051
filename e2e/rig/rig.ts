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

/** How a camera's stream differs from the rig's others; {@link CameraStream} tells what each thing means. */
export interface RigCameraStream extends Partial<Omit<CameraStream, 'stream'>> {
  readonly stream?: Partial<StreamShape>;
}

/** One of the rig's sites, as a test asks for it. */
export interface RigSite extends RigSiteOptions {
  /** By camera id. */
  readonly streams?: Readonly<Record<string, RigCameraStream>>;
}

export interface RigOptions {
  /** In order of priority. */
  readonly sites: readonly RigSite[];
  /** 1 to 64. */
  readonly cameras: number;
  /** What differs from {@link PLAIN_SHAPE}, of all streams. */
  readonly stream?: Partial<StreamShape>;
  /** Of jitter and loss; 1 by default. */
  readonly seed?: number;
  /** A network namespace of Linux that the sites are in (ip-netns(8)), which takes root; without it this process's. */
  readonly networkNamespace?: string;
}

/**
 * Starts a rig: sites on loopback, in one process of their own, that fail on command.
 * @throws {Error} in the words of the rig's process, for sites, cameras or a stream that cannot be had
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

/** Sites that fail on command. Ended by `close`, by `await using`, and with the process that started it. */
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

  /** A configuration for Holdfast, with the logins that are good now. */
  config(options?: RigConfigOptions): Config {
    return rigConfig(this.siteOptions, this.openSites, this.cameras, options);
  }

  /** Writes {@link config} to a folder that goes with the rig, in place of the one before. Returns the file's path. */
  configFile(options?: RigConfigOptions): string {
    return this.write('holdfast.json', `${JSON.stringify(this.config(options), null, 2)}\n`);
  }

  /** What Holdfast has to be started with to trust the sites with `tls: 'trusted'`. */
  environment(): Readonly<Record<string, string>> {
    const trusted = this.openSites.flatMap(({ id, certificate }) =>
      this.siteOptions.some((site) => site.id === id && site.tls === 'trusted')
        ? (certificate?.trusted ?? [])
        : [],
    );
    return trusted.length === 0 ? {} : { NODE_EXTRA_CA_CERTS: this.write('trusted.pem', trusted.join('')) };
  }

  /**
   * Puts a site, or some of its cameras, under one fault or several at once, in place of those before. Resolved when
   * they are wholly in force.
   * @returns when they came into force, ms since 1970
   * @throws {Error} for a site or camera that the rig does not have, and a certificate's fault without TLS
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

  /** @param conditions what differs from a perfect line; for what the site sends from now on */
  async setConditions(siteId: string, conditions: Partial<NetworkConditions>): Promise<void> {
    await this.take({
      kind: 'conditions',
      atMs: 0,
      siteId,
      conditions: { ...PERFECT_NETWORK, ...conditions },
    });
  }

  /**
   * Issues another password or token at a site; the one before is refused from then on. {@link config} has the new one.
   * @throws {Error} where the site asks for no login
   */
  async renewLogin(siteId: string): Promise<void> {
    const { login } = await this.line.ask('login', { type: 'renew-login', siteId });
    this.siteOptions = this.siteOptions.map((site) => (site.id === siteId ? { ...site, login } : site));
  }

  /**
   * Takes the steps at their times. Several schedules may run at once.
   * @returns when each step came into force, ms since 1970, in the order of their times; after the last one
   */
  async run(schedule: readonly RigStep[]): Promise<readonly number[]> {
    return (await this.line.ask('ran', { type: 'run', steps: [...schedule] })).inForceMs;
  }

  /** What each site was asked since the start, and holds open now; in their order. */
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
    // Whatever the umask is: a configuration that everybody may write is not taken.
    writeFileSync(file, text, { mode: 0o600 });
    return file;
  }
}

/** The line to the rig's process: each command has its answer. */
class RigLine {
  private readonly child: ChildProcess;
  private readonly open = new Map<number, { resolve(answer: RigAnswer): void; reject(error: Error): void }>();
  private readonly ended: Promise<void>;
  private lastId = 0;
  private state: { kind: 'running' } | { kind: 'ended'; words: string } = { kind: 'running' };

  constructor(networkNamespace?: string) {
    const node = [process.execPath, '--disable-warning=ExperimentalWarning'];
    // "ip netns exec" becomes the process that it starts, so that the line and the signals reach that one.
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
