import { spawnSync } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type ClientHttp2Session, connect, type OutgoingHttpHeaders } from 'node:http2';
import { get } from 'node:https';
import { type AddressInfo, connect as connectSocket } from 'node:net';
import path from 'node:path';
import { connect as connectSecurely } from 'node:tls';
import { expect, type Page, test } from '@playwright/test';
import type { DemoFault } from '../shared/demo.ts';
import {
  installedBrowser,
  launchChromiumShell,
  type RunningChromiumShell,
  SHELL,
} from './support/launch-chromium.ts';
import { expectNeverBlank, expectOneChangeOfMark } from './support/pictures.ts';
import { memoryHolds } from './support/process-memory.ts';
import { processTree } from './support/process-tree.ts';
import { startLooking, stopLooking } from './support/screen-sampler.ts';
import { expectNewPictures, expectRedundancy, expectWallOn, setDemoFault } from './support/wall.ts';
import { CORE_TAG } from './tiers.mjs';

/** The Chromium shell: the main job in an installed browser, and what is refused at its port. */

const TILES = 9;
/** As the configuration may name one. */
const SECRET = { HOLDFAST_TRIAL_TOKEN: 'a-secret-of-the-trial' };

const browser = installedBrowser();
// biome-ignore lint/suspicious/noSkippedTests: counted and named, with the remedy
test.skip(browser.kind === 'missing', browser.kind === 'missing' ? browser.reason : '');

test.describe.configure({ lock: '-exclusive-' });

let holdfast: RunningChromiumShell;

test.beforeAll(async () => {
  if (browser.kind === 'found') holdfast = await launchChromiumShell([], SECRET);
});
test.afterAll(async () => holdfast?.close());

test('all nine tiles go on when the first site stops', { tag: CORE_TAG }, async () => {
  const { page } = holdfast;
  await expectWallOn(page, TILES, 'main');
  await expectRedundancy(page, TILES, 'main');
  await startLooking(page);
  await setDemoFault(page, 'main', 'stop');
  await expectWallOn(page, TILES, 'backup');
  const looks = await stopLooking(page);
  expectNeverBlank(looks, TILES);
  expectOneChangeOfMark(looks, 'first', 'second');
  await setDemoFault(page, 'main', 'none');
});

test('the window says what this shell lacks', async () => {
  const { page } = holdfast;
  const words = page.getByText(/no keychain/);
  const dismiss = page.getByRole('button', { name: 'Dismiss' });
  // As root, the notice about the sandbox comes first.
  while ((await dismiss.isVisible()) && !(await words.isVisible())) await dismiss.click();
  await expect(words).toBeVisible();
});

test('the page is a secure context, speaks HTTP/2, and knows no token', async () => {
  const found = await holdfast.page.evaluate(() => ({
    secure: isSecureContext,
    protocol: (performance.getEntriesByType('navigation')[0] as PerformanceNavigationTiming).nextHopProtocol,
    cookie: document.cookie,
    // The fragment is the page's own: the view that it shows.
    address: location.origin + location.pathname + location.search,
  }));
  expect(found).toEqual({ secure: true, protocol: 'h2', cookie: '', address: `${holdfast.origin}/` });
});

test('no user of the computer can read the token from the list of processes', async () => {
  // biome-ignore lint/suspicious/noSkippedTests: other systems show command lines in other ways
  test.skip(process.platform !== 'linux', 'it reads /proc, which only Linux has');
  const [cookie] = await holdfast.page.context().cookies(holdfast.origin);
  expect(cookie).toMatchObject({ httpOnly: true, secure: true, sameSite: 'Strict' });
  const token = cookie?.value ?? '';
  expect(token.length).toBeGreaterThanOrEqual(43);
  const children = await readFile(`/proc/${holdfast.host.pid}/task/${holdfast.host.pid}/children`, 'utf8');
  const commands = await Promise.all(
    children
      .trim()
      .split(' ')
      .map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8')),
  );
  expect(commands.join()).toContain(holdfast.origin);
  expect(commands.join()).not.toContain(token);
});

test('the token goes to no other server of this computer', async () => {
  const context = holdfast.page.context();
  const { hostname } = new URL(holdfast.origin);
  expect(hostname).toMatch(/^[0-9a-f]{32}\.localhost$/);
  expect((await context.cookies()).map(({ domain }) => domain)).toEqual([hostname]);
  const cookies: (string | undefined)[] = [];
  const other = createServer((request, response) => {
    if (request.url === '/') cookies.push(request.headers.cookie);
    response.end('another server');
  });
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const stray = await context.newPage();
  try {
    const { port } = other.address() as AddressInfo;
    for (const host of ['127.0.0.1', 'localhost', 'another.localhost'])
      await stray.goto(`http://${host}:${port}/`);
    expect(cookies).toEqual([undefined, undefined, undefined]);
  } finally {
    await stray.close();
    other.close();
  }
});

test("no process that the host has started has the host's secrets in its memory", () => {
  // biome-ignore lint/suspicious/noSkippedTests: other systems show memory in other ways
  test.skip(process.platform !== 'linux', 'it reads /proc, which only Linux has');
  const { pid } = holdfast.host;
  if (pid === undefined) throw new Error('the host has no process');
  expect(memoryHolds(pid, SECRET.HOLDFAST_TRIAL_TOKEN)).toBe(true);
  const children = processTree(pid).slice(1);
  // The browser, its processes, and the demo.
  expect(children.length).toBeGreaterThan(3);
  expect(children.filter((id) => memoryHolds(id, SECRET.HOLDFAST_TRIAL_TOKEN))).toEqual([]);
});

test('many connections neither stop the window nor prevent it from opening more', async () => {
  const port = Number(new URL(holdfast.origin).port);
  const sockets = Array.from({ length: 300 }, () =>
    connectSocket({ host: '127.0.0.1', port })
      .on('error', () => {})
      .resume(),
  );
  try {
    // All but a limited number are closed by the server.
    await expect.poll(() => sockets.filter(({ destroyed }) => destroyed).length).toBeGreaterThan(200);
    await expectNewPictures(holdfast.page);
    expect(await statusOf(await ownHeaders())).toBe(200);
  } finally {
    for (const socket of sockets) socket.destroy();
  }
});

test('a site that hangs is reported to the page with its reason, by the page’s deadline', async () => {
  const { page } = holdfast;
  await setDemoFault(page, 'main', 'hang');
  await expectDemoFault(page, 'main', 'hang');
  const outcome = await page.evaluate(() =>
    fetch('/sites/main/quay/index.m3u8', { headers: { 'x-site': 'main', 'x-deadline-ms': '300' } }).then(
      (response) => response.headers.get('x-holdfast-reason'),
      (error: Error) => error.message,
    ),
  );
  expect(outcome).toBe('timeout');
  await setDemoFault(page, 'main', 'none');
});

test('the window goes to full screen and back', async () => {
  const { page } = holdfast;
  await page.keyboard.press('F11');
  await expect(page.locator('[data-demo-site]')).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(page.locator('[data-demo-site]')).toHaveCount(2);
});

test('the settings open in a window of their own, with the same host', async () => {
  const { page } = holdfast;
  const [settings] = await Promise.all([
    page.waitForEvent('popup'),
    page.locator('.demo-bar').getByRole('button', { name: 'Settings' }).click(),
  ]);
  await expect(settings.getByRole('heading', { name: 'Sites' })).toBeVisible();
  await expect(settings.getByText('Backup', { exact: true })).toBeVisible();
  await settings.close();
  await expectWallOn(page, TILES);
});

test('events reach the page while requests of other sites hang', async () => {
  const { page } = holdfast;
  await setDemoFault(page, 'main', 'hang');
  await expectDemoFault(page, 'main', 'hang');
  await page.evaluate(() => {
    for (let index = 0; index < 12; index += 1)
      void fetch(`/sites/main/quay/index.m3u8?${index}`, {
        headers: { 'x-site': 'main', 'x-deadline-ms': '8000' },
      });
  });
  await setDemoFault(page, 'main', 'none');
  await expectDemoFault(page, 'main', 'none');
});

/** Waits until the page has got the host's event, before the hanging requests end. */
async function expectDemoFault(page: Page, siteId: string, fault: DemoFault): Promise<void> {
  const button = page.locator(`[data-demo-site="${siteId}"] button[data-fault="${fault}"]`);
  await expect(button).toHaveAttribute('aria-checked', 'true', { timeout: 5000 });
}

/** The headers that the window would send, including the token; each test changes one. */
async function ownHeaders(): Promise<Record<string, string>> {
  const [cookie] = await holdfast.page.context().cookies(holdfast.origin);
  return {
    ':path': '/',
    cookie: `${cookie?.name}=${cookie?.value}`,
    'sec-fetch-site': 'same-origin',
    'sec-fetch-mode': 'cors',
    'sec-fetch-dest': 'empty',
  };
}

/** By the address that the browser was given: the system's own look-up may not know the name. */
function connectToHost(): ClientHttp2Session {
  const { hostname, port } = new URL(holdfast.origin);
  return connect(holdfast.origin, {
    createConnection: () =>
      connectSecurely({
        host: '127.0.0.1',
        port: Number(port),
        servername: hostname,
        rejectUnauthorized: false,
        ALPNProtocols: ['h2'],
      }),
  });
}

async function statusOf(headers: OutgoingHttpHeaders): Promise<number> {
  const client = connectToHost();
  try {
    return await new Promise((resolve, reject) => {
      const stream = client.request(headers);
      stream.on('response', (answer) => resolve(Number(answer[':status'])));
      stream.on('error', reject);
      client.on('error', reject);
      stream.resume();
      stream.end();
    });
  } finally {
    client.destroy();
  }
}

test('the window itself is answered', { tag: CORE_TAG }, async () => {
  expect(await statusOf(await ownHeaders())).toBe(200);
});

const REFUSED: readonly (readonly [string, Record<string, string>, number])[] = [
  ['has no token', { cookie: '' }, 403],
  ['has no token, and asks for a site', { cookie: '', ':path': '/sites/main/quay/index.m3u8' }, 403],
  ['has no token, and listens', { cookie: '', ':path': '/bridge/events' }, 403],
  ['names the address in place of the host', { ':authority': '127.0.0.1' }, 421],
  ['names another host', { ':authority': 'rebound.example' }, 421],
  ['comes from a foreign origin', { origin: 'https://rebound.example' }, 403],
  ['comes from another site', { 'sec-fetch-site': 'cross-site' }, 403],
  ['comes by another method', { ':method': 'PUT' }, 405],
  ['posts to a site', { ':method': 'POST', ':path': '/sites/main/quay/index.m3u8' }, 405],
];
for (const [words, headers, status] of REFUSED)
  test(`a request ${words} is refused`, async () => {
    expect(await statusOf({ ...(await ownHeaders()), ...headers })).toBe(status);
  });

test('HTTP/1.1 is not answered', async () => {
  const { cookie = '' } = await ownHeaders();
  const outcome = await new Promise<number | 'no connection'>((resolve) => {
    const { hostname, port } = new URL(holdfast.origin);
    const request = get(
      {
        host: '127.0.0.1',
        port,
        servername: hostname,
        rejectUnauthorized: false,
        headers: { cookie, host: `${hostname}:${port}` },
      },
      (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      },
    );
    request.on('error', () => resolve('no connection'));
  });
  expect(['no connection', 403]).toContain(outcome);
});

/** Starts the shell as from a terminal, and waits until it has ended by itself. */
function endOf(args: readonly string[]): { readonly status: number | null; readonly stderr: string } {
  return spawnSync(process.execPath, [SHELL, ...args], { encoding: 'utf8', timeout: 30_000 });
}

test('a second start ends by itself, and says that one is running', () => {
  const { status, stderr } = endOf([`--user-data-dir=${holdfast.userDataDir}`]);
  expect(stderr).toContain('already running');
  expect(status).toBe(0);
});

test('a second start with another configuration fails, and the running window says so', async () => {
  const { page, userDataDir, output } = holdfast;
  const file = path.join(userDataDir, 'another.json');
  await writeFile(file, JSON.stringify({ version: 1, sites: [], cameras: [], views: [] }));
  const { status, stderr } = endOf([`--user-data-dir=${userDataDir}`, '--config', file]);
  expect(stderr).toContain(`${file} was not opened: Holdfast is already running`);
  expect(status).toBe(1);
  await expect.poll(output).toContain(`started a second time, with ${file}`);
  const words = page.getByText(`started a second time, with ${file}`);
  const dismiss = page.getByRole('button', { name: 'Dismiss' });
  // Earlier notices come first.
  await expect(async () => {
    if (!(await words.isVisible())) await dismiss.click({ timeout: 1000 });
    expect(await words.isVisible()).toBe(true);
  }).toPass();
  await expectWallOn(page, TILES);
});

test('a debugging port is not opened without --dev', () => {
  const { status, stderr } = endOf(['--remote-debugging-port=0']);
  expect(stderr).toMatch(/--remote-debugging-port .*--dev/);
  expect(status).toBe(2);
});

test('it ends with its window, and leaves no process behind', { tag: CORE_TAG }, async () => {
  const { page, ended, userDataDir, close } = await launchChromiumShell();
  const running = await processesNaming(userDataDir);
  expect(running.length).toBeGreaterThan(1);
  await page.close();
  expect(await ended).toBe(0);
  await expect.poll(() => processesNaming(userDataDir)).toEqual([]);
  await close();
});

test('a browser ends when its host is killed', async () => {
  const { host, userDataDir, close } = await launchChromiumShell();
  host.kill('SIGKILL');
  await expect.poll(() => processesNaming(userDataDir)).toEqual([]);
  await close();
});

/** Ids of the processes that have `text` on their command line; the browser's helpers among them. */
async function processesNaming(text: string): Promise<string[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const named = await Promise.all(
    ids.map(async (id) =>
      (await readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')).includes(text) ? [id] : [],
    ),
  );
  return named.flat();
}
