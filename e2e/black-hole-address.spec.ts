import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { startRig } from './rig/rig.ts';
import { RigResolver } from './rig/rig-resolver.ts';
import { launchWithNameServer, missingForNameServer } from './support/name-server-wrapper.ts';
import { missingForSiteNetworks, SiteNetwork } from './support/site-networks.ts';
import { skipWithout } from './support/skip-without.ts';
import { expectNewPictures, expectWallOn, journalSince } from './support/wall.ts';

/**
 * A site's name has a good IPv4 address and an IPv6 address without any answer, and its server keeps no connection
 * open.
 */

const TILES = 2;
const DNS_PORT = 53;
const NAME = 'main.sites.test';
/** Ten seconds, in which each segment and each playlist needs a connection of its own. */
const PICTURES = 150;

test.describe.configure({ lock: '-exclusive-' });

test('an address that never answers makes no stream slow', async () => {
  const missing = missingForNameServer() ?? missingForSiteNetworks();
  skipWithout(missing);
  await using held = new AsyncDisposableStack();
  const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-black-hole-'));
  held.defer(() => rm(folder, { recursive: true, force: true }));
  const network = held.use(await SiteNetwork.open(0));
  const resolver = held.use(await RigResolver.open(DNS_PORT));
  resolver.set(NAME, { address: '127.0.0.1', address6: await network.blackHole() });
  const rig = held.use(await startRig({ sites: [{ id: 'main', name: 'Main' }], cameras: TILES }));
  const config = rig.config();
  const [main] = config.sites;
  if (main === undefined) throw new Error('The rig has no site');
  const { port } = held.use(await withoutKeepAlive(Number(new URL(main.baseUrl).port)));
  const named = { ...main, baseUrl: `http://${NAME}:${port}/` };
  const holdfast = await launchWithNameServer(folder, { ...config, sites: [named] });
  held.defer(() => holdfast.close());
  const { page } = holdfast;

  await expectWallOn(page, TILES, 'main');
  await expectNewPictures(page, PICTURES);
  const faults = (await journalSince(page, '')).filter(({ kind }) => kind === 'alarm');
  expect(faults, 'alarms').toEqual([]);
});

/** A server that passes on the answers of another port, and closes each connection after one answer. */
async function withoutKeepAlive(to: number): Promise<AsyncDisposable & { readonly port: number }> {
  const server = createServer((asked, answer) => {
    const onward = request({ port: to, path: asked.url, method: asked.method, agent: false }, (answered) => {
      answer.writeHead(answered.statusCode ?? 502, { ...answered.headers, connection: 'close' });
      answered.pipe(answer);
    });
    onward.on('error', () => answer.destroy());
    answer.once('close', () => onward.destroy());
    onward.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
