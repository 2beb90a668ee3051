import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import type { Fault } from '../electron/demo/faults.ts';
import { startRig } from './rig/rig.ts';
import { RigResolver } from './rig/rig-resolver.ts';
import { launchWithNameServer, missingForNameServer } from './support/name-server-wrapper.ts';
import { skipWithout } from './support/skip-without.ts';
import { expectTiles, expectWallOn } from './support/wall.ts';

/** A site's name moves to another server, while the old one goes on answering. */

const DNS_PORT = 53;
const NAME = 'main.sites.test';
const OLD_ADDRESS = '127.0.0.1';
const NEW_ADDRESS = '127.0.0.2';
/**
 * Time limit: the longest wait between two tries of a tile without any stream, a look-up, and the start of a player on
 * a busy machine.
 */
const NOTICED_MS = 20_000;

test.describe.configure({ lock: '-exclusive-' });

for (const [words, fault] of [
  ['answers 503', { kind: 'status', status: 503, of: 'everything' }],
  ['lists nothing new', 'freeze'],
] satisfies [string, Fault][])
  test(`a site whose name moves to another server while the old one ${words} is shown again without a restart`, async () => {
    const missing = missingForNameServer();
    skipWithout(missing);
    await using held = new AsyncDisposableStack();
    const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-moved-name-'));
    held.defer(() => rm(folder, { recursive: true, force: true }));
    const resolver = held.use(await RigResolver.open(DNS_PORT));
    resolver.set(NAME, { address: OLD_ADDRESS });
    const rig = held.use(
      await startRig({
        sites: [
          { id: 'main', name: 'Main' },
          { id: 'new-server', name: 'New server' },
        ],
        cameras: 1,
      }),
    );
    const config = rig.config();
    const [main, newServer] = config.sites;
    if (main === undefined || newServer === undefined) throw new Error('The rig has not both servers');
    held.use(await forward(portOf(main.baseUrl), portOf(newServer.baseUrl)));
    const named = { ...main, baseUrl: main.baseUrl.replace(OLD_ADDRESS, NAME) };
    const holdfast = await launchWithNameServer(folder, { ...config, sites: [named] });
    held.defer(() => holdfast.close());
    const { page } = holdfast;

    await expectWallOn(page, 1, 'main');
    await rig.setFault('main', fault);
    await expectTiles(page, 1, '[data-phase="holding"]', 30_000);
    resolver.set(NAME, { address: NEW_ADDRESS });
    await expectWallOn(page, 1, 'main', NOTICED_MS);
    const requests = Object.values((await rig.stats())[1]?.requests ?? {});
    expect(
      requests.reduce((sum, { media }) => sum + media, 0),
      'media of the new server',
    ).toBeGreaterThan(0);
  });

function portOf(baseUrl: string): number {
  return Number(new URL(baseUrl).port);
}

/** Makes the server at a port of 127.0.0.1 answer at another port of 127.0.0.2 as well. */
async function forward(from: number, to: number): Promise<AsyncDisposable> {
  const server = createServer((socket) => {
    const onward = connect(to, OLD_ADDRESS);
    for (const [one, other] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      one.on('error', () => {}).once('close', () => other.destroy());
      one.pipe(other);
    }
  });
  server.listen(from, NEW_ADDRESS);
  await once(server, 'listening');
  return {
    [Symbol.asyncDispose]: async () => {
      server.close();
    },
  };
}
