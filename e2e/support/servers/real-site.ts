import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { FailingSite } from './failing-site.ts';
import { listening } from './ports.ts';
import { RunningProgram } from './program.ts';
import type { RealServer, SitePlan } from './real-server.ts';

/** Number of segments with which a player wants to begin, if the server lists that many. */
const SEGMENTS_TO_BEGIN = 3;
/** Time limit for the server to list them, ms. */
const READY_MS = 30_000;
const LOOK_AGAIN_MS = 100;

/** One site: a real server with its publisher, started by this test. */
export class RealSite implements FailingSite, AsyncDisposable {
  private readonly plan: SitePlan;
  private readonly folder: string;
  private openedMs = 0;
  private server: RunningProgram | null = null;
  private publisher: readonly RunningProgram[] = [];

  private constructor(plan: SitePlan, folder: string) {
    this.plan = plan;
    this.folder = folder;
  }

  /** @throws where a program ends, or lists nothing in time, with its output */
  static async open(server: RealServer, mark: string): Promise<RealSite> {
    const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-server-'));
    const site = new RealSite(await server.plan({ folder, mark }), folder);
    try {
      await site.start();
      await site.listsSegments();
      site.openedMs = Date.now();
      return site;
    } catch (error) {
      await site.close();
      throw error;
    }
  }

  get baseUrl(): string {
    return this.plan.baseUrl;
  }

  get playlist(): string {
    return this.plan.playlist;
  }

  /** Starts what does not run: the server, then its publisher. */
  async start(): Promise<void> {
    await this.startServer();
    await this.startPublisher();
  }

  private async startServer(): Promise<void> {
    if (this.server !== null && !this.server.hasEnded) return;
    const server = await RunningProgram.start(this.plan.server);
    this.server = server;
    for (const port of this.plan.ports) await listening(port, () => server.hasEnded);
    if (server.hasEnded) throw new Error(server.story);
  }

  private async startPublisher(): Promise<void> {
    if (this.publisher.some(({ hasEnded }) => !hasEnded)) return;
    const started: RunningProgram[] = [];
    for (const program of this.plan.publisher) started.push(await RunningProgram.start(program));
    this.publisher = started;
  }

  /** Stops it as its operator would; a connected publisher ends too. */
  async stopServer(): Promise<void> {
    await this.server?.stop();
    if (this.plan.publishesTo === 'server') await this.killPublisher();
  }

  async killServer(): Promise<void> {
    await this.server?.kill();
    if (this.plan.publishesTo === 'server') await this.killPublisher();
  }

  async killPublisher(): Promise<void> {
    await Promise.all(this.publisher.map((program) => program.kill()));
  }

  async freezeServer(): Promise<void> {
    this.server?.freeze();
  }

  async thawServer(): Promise<void> {
    this.server?.thaw();
  }

  /** Number of readers of the camera; `null` where the server does not report it. */
  async readers(): Promise<number | null> {
    return (await this.plan.readers?.()) ?? null;
  }

  /**
   * The largest number of requests for its playlist within a second since it was opened; `null` where the server does
   * not report it.
   */
  async mostPollsPerS(): Promise<number | null> {
    if (this.plan.accessLog === undefined) return null;
    const lines = (await readFile(this.plan.accessLog, 'utf8')).split('\n');
    const polls = lines.flatMap((line) => {
      const [second, asked] = line.split(' ');
      return asked?.endsWith('.m3u8') && Number(second) * 1000 > this.openedMs ? [Number(second)] : [];
    });
    return Math.max(0, ...polls.map((from) => polls.filter((at) => at >= from && at < from + 1).length));
  }

  async close(): Promise<void> {
    await this.killPublisher();
    await this.server?.kill();
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  private async listsSegments(): Promise<void> {
    const giveUpMs = Date.now() + READY_MS;
    while (Date.now() < giveUpMs) {
      const ended = [this.server, ...this.publisher].find((program) => program?.hasEnded);
      if (ended != null) throw new Error(ended.story);
      if ((await this.segmentsListed()) >= (this.plan.segmentsToBegin ?? SEGMENTS_TO_BEGIN)) return;
      await pause(LOOK_AGAIN_MS);
    }
    const programs = [this.server, ...this.publisher].map((program) => program?.story);
    throw new Error(`No segments were listed in ${READY_MS / 1000} s.\n${programs.join('\n')}`);
  }

  /** For a multivariant playlist, those of the first variant. */
  private async segmentsListed(): Promise<number> {
    const address = new URL(this.playlist, this.baseUrl);
    const text = await textOf(address);
    const variant = /^#EXT-X-STREAM-INF:.*\n(.+)$/m.exec(text)?.[1];
    const media = variant === undefined ? text : await textOf(new URL(variant, address));
    return (media.match(/#EXTINF/g) ?? []).length;
  }
}

async function textOf(address: URL): Promise<string> {
  try {
    const response = await fetch(address);
    return response.ok ? await response.text() : '';
  } catch {
    return '';
  }
}
