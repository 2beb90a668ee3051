import { expect, test } from 'vitest';
import type { Site } from '../../shared/config/config.ts';
import { VirtualClock } from '../../shared/testing/virtual-clock.ts';
import type { FromDemo } from '../demo/demo-protocol.ts';
import { demoSource } from './config-source.ts';
import { PAGE_PACE } from './restart-backoff.ts';

const READY: FromDemo = {
  type: 'ready',
  sites: [
    { id: 'main', name: 'Main', baseUrl: 'http://127.0.0.1:1/' },
    { id: 'backup', name: 'Backup', baseUrl: 'http://127.0.0.1:2/' },
  ],
};

function demo() {
  let say: (message: FromDemo) => void = () => {};
  let die: (exitCode: number) => void = () => {};
  const given: (readonly Site[])[] = [];
  const clock = new VirtualClock();
  const source = demoSource({
    fork: () => ({
      send: () => {},
      onMessage: (listener) => {
        say = listener;
      },
      onExit: (listener) => {
        die = listener;
      },
      kill: () => {},
    }),
    onSites: (sites) => given.push(sites),
    onChanged: () => {},
    log: () => {},
    clock,
  });
  return { source, given, clock, say: (message: FromDemo) => say(message), die: () => die(1) };
}

test('a request before the demo is ready gets the configuration once it is', async () => {
  const { source, given, say } = demo();
  const asked = source.current();
  say(READY);
  const { config, source: from } = await asked;
  expect(config.sites.map((site) => site.baseUrl)).toEqual(['http://127.0.0.1:1/', 'http://127.0.0.1:2/']);
  expect(from).toMatchObject({ kind: 'demo', sites: [{ id: 'main', fault: 'none' }, { id: 'backup' }] });
  expect(given).toEqual([config.sites]);
});

test('a request fails with a message when the demo does not start, and a later one gets the demo', async () => {
  const { source, die, say, clock } = demo();
  const asked = source.current();
  for (let death = 1; death <= 4; death += 1) die();
  await expect(asked).rejects.toThrow('The demo sites ended 4 times in a row');
  await expect(source.current()).rejects.toThrow('The demo sites ended 4 times in a row');
  clock.tick(PAGE_PACE.firstWaitMs);
  say(READY);
  expect((await source.current()).config.sites).toHaveLength(2);
});

test('the demo’s configuration cannot be changed, and says so', async () => {
  const { source, say } = demo();
  say(READY);
  const { config, revision, access } = await source.current();
  expect(access).toBe('read-only');
  expect(await source.save(config, revision)).toMatchObject({
    kind: 'refused',
    message: expect.stringContaining('The demo cannot be changed'),
  });
});
