import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { CLIPS_ARGUMENT, type FromDemo, fromDemoSchema, type ToDemo } from './demo-protocol.ts';
import { DEMO_CAMERAS } from './demo-wall.ts';

const ENTRY = fileURLToPath(new URL('demo-process.ts', import.meta.url));

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

function start(args: readonly string[] = []): ChildProcess {
  const child = fork(ENTRY, args, { execArgv: ['--disable-warning=ExperimentalWarning'] });
  children.push(child);
  return child;
}

/** The next message, checked as the host checks it. */
async function next(child: ChildProcess): Promise<FromDemo> {
  const [message] = await once(child, 'message');
  return fromDemoSchema.parse(message);
}

async function baseUrls(child: ChildProcess): Promise<[string, string]> {
  const message = await next(child);
  if (message.type !== 'ready') throw new Error(`not ready: ${JSON.stringify(message)}`);
  expect(message.sites.map(({ id, name }) => [id, name])).toEqual([
    ['main', 'Main'],
    ['backup', 'Backup'],
  ]);
  const [main, backup] = message.sites.map((site) => site.baseUrl);
  return [main ?? '', backup ?? ''];
}

async function setFault(child: ChildProcess, command: Omit<ToDemo, 'type'>): Promise<void> {
  const answer = next(child);
  child.send({ type: 'set-fault', ...command } satisfies ToDemo);
  expect(await answer).toEqual({ type: 'fault-set', ...command });
}

test('both sites serve every camera, on one timeline', async () => {
  const sites = await baseUrls(start());
  for (const camera of DEMO_CAMERAS) {
    const [main, backup] = await Promise.all(
      sites.map(async (site) => (await fetch(`${site}/${camera.id}/index.m3u8`)).text()),
    );
    // Equal in every segment's number and date-time that both list: a second may pass between the answers.
    const listed = (playlist = ''): string[] =>
      playlist.match(/#EXT-X-PROGRAM-DATE-TIME:.*\n.*\n\d+\.m4s/g) ?? [];
    expect(listed(main).filter((segment) => listed(backup).includes(segment)).length).toBeGreaterThanOrEqual(
      5,
    );
  }
});

test('a stopped site refuses while the other serves, and comes back at the same address', async () => {
  const child = start();
  const [main, backup] = await baseUrls(child);
  await setFault(child, { siteId: 'main', fault: 'stop' });
  await expect(fetch(`${main}/quay/index.m3u8`)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
  expect((await fetch(`${backup}/quay/index.m3u8`)).status).toBe(200);
  await setFault(child, { siteId: 'main', fault: 'none' });
  expect((await fetch(`${main}/quay/index.m3u8`)).status).toBe(200);
});

test('a directory without clips is reported with the name of the missing file, and ends the process', async () => {
  const child = start([`${CLIPS_ARGUMENT}/nowhere`]);
  const exit = once(child, 'exit');
  expect(await next(child)).toMatchObject({
    type: 'failed',
    reason: expect.stringContaining('car-park-main.mp4'),
  });
  expect((await exit)[0]).toBe(1);
});

test.each([
  [
    'for a site that the demo does not have',
    { type: 'set-fault', siteId: 'moon', fault: 'stop' },
    /no site "moon"/,
  ],
  ['that is not in the protocol', { type: 'set-fault', siteId: 'main', fault: 'explode' }, /fault/],
])('a command %s is reported and ends the process', async (_name, command, words) => {
  const child = start();
  await baseUrls(child);
  const exit = once(child, 'exit');
  const answer = next(child);
  child.send(command);
  expect(await answer).toMatchObject({ type: 'failed', reason: expect.stringMatching(words) });
  expect((await exit)[0]).toBe(1);
});

test('it ends when its parent disconnects', async () => {
  const child = start();
  await baseUrls(child);
  const exit = once(child, 'exit');
  child.disconnect();
  expect((await exit)[0]).toBe(0);
});
