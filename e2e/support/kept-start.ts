import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Browser, chromium, expect, type Page } from '@playwright/test';
import { memoryHolds } from './process-memory.ts';
import { processTree } from './process-tree.ts';
import { expectWallOn } from './wall.ts';

/** A secret that a configuration may name. */
const SECRET = { HOLDFAST_TRIAL_TOKEN: 'a-secret-of-the-trial' };
const DEMO_TILES = 9;
/** Time limit of a start on a busy machine, ms. */
const START_TIMEOUT_MS = 60_000;

/** A kept Holdfast that runs the demo, with a secret in the environment with which it was started. */
export interface KeptStart {
  readonly keeperId: number;
  /** The id of the process with the window; waits until there is one other than `not`. */
  readonly viewerId: (not?: number) => Promise<number>;
  readonly output: () => string;
  /** Ends it by a signal to the keeper, and returns the exit code. */
  readonly end: () => Promise<number | null>;
}

/** @param command the command, without Holdfast's own options */
export async function startKeptHoldfast(
  command: readonly [executable: string, ...args: string[]],
): Promise<KeptStart> {
  const userDataDir = await mkdtemp(path.join(tmpdir(), 'holdfast-kept-'));
  const [executable, ...args] = command;
  const options = [`--user-data-dir=${userDataDir}`, '--dev', '--remote-debugging-port=0'];
  const started = spawn(executable, [...args, ...options], {
    // Not the project's folder: nothing may be found there by chance.
    cwd: userDataDir,
    env: { ...process.env, ...SECRET },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const chunks: string[] = [];
  started.stdout.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
  started.stderr.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
  const ended = new Promise<number | null>((resolve) => started.once('close', resolve));
  const record = path.join(userDataDir, 'running.json');
  return {
    keeperId: started.pid ?? Number.NaN,
    output: () => chunks.join(''),
    viewerId: async (not) => {
      let id: unknown;
      await expect
        .poll(
          async () => {
            id = JSON.parse(await readFile(record, 'utf8').catch(() => '{}')).pid;
            return id !== undefined && id !== not;
          },
          { timeout: START_TIMEOUT_MS },
        )
        .toBe(true);
      const browser = await connect(userDataDir);
      await expectWallOn(await onlyPage(browser), DEMO_TILES);
      await browser.close();
      return Number(id);
    },
    end: async () => {
      started.kill('SIGTERM');
      const exitCode = await ended;
      await rm(userDataDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
      return exitCode;
    },
  };
}

/** The process with the window is killed repeatedly: the same keeper brings all its pictures back each time. */
export async function expectKept(start: KeptStart, kills: number): Promise<void> {
  let viewer = await start.viewerId();
  for (let times = 1; times <= kills; times += 1) {
    process.kill(viewer, 'SIGKILL');
    viewer = await start.viewerId(viewer);
    expect(processTree(start.keeperId), 'what the keeper has started').toContain(viewer);
  }
}

/** The keeper and the process with the window have the secret in their memory; no other process has. */
export async function expectSecretKept(start: KeptStart): Promise<void> {
  const viewer = await start.viewerId();
  expect(memoryHolds(viewer, SECRET.HOLDFAST_TRIAL_TOKEN), 'the process with the window knows it').toBe(true);
  const environments = await Promise.all(
    processTree(viewer).map((id) => readFile(`/proc/${id}/environ`, 'utf8').catch(() => '')),
  );
  expect(environments.filter((text) => text.includes(SECRET.HOLDFAST_TRIAL_TOKEN))).toEqual([]);
  const others = processTree(start.keeperId).filter((id) => id !== start.keeperId && id !== viewer);
  // Pages, graphics, network, the processes from which they are forked, and the demo.
  expect(others.length).toBeGreaterThan(4);
  const holding = others.filter((id) => holds(id));
  expect(await Promise.all(holding.map((id) => readFile(`/proc/${id}/cmdline`, 'utf8')))).toEqual([]);
}

/** A process that has ended has no memory. */
function holds(id: number): boolean {
  try {
    return memoryHolds(id, SECRET.HOLDFAST_TRIAL_TOKEN);
  } catch {
    return false;
  }
}

async function connect(userDataDir: string): Promise<Browser> {
  let browser: Browser | null = null;
  await expect
    .poll(
      async () => {
        // A killed process leaves this file behind; its port belongs to nobody.
        const active = await readFile(path.join(userDataDir, 'DevToolsActivePort'), 'utf8').catch(() => '');
        browser = await chromium
          .connectOverCDP(`http://127.0.0.1:${active.split('\n')[0]}`)
          .catch(() => null);
        return browser !== null;
      },
      { timeout: START_TIMEOUT_MS },
    )
    .toBe(true);
  if (browser === null) throw new Error('there is no browser');
  return browser;
}

async function onlyPage(browser: Browser): Promise<Page> {
  const pages = (): Page[] => browser.contexts().flatMap((context) => context.pages());
  await expect.poll(pages).toHaveLength(1);
  const [page] = pages();
  if (page === undefined) throw new Error('the window was closed');
  return page;
}
