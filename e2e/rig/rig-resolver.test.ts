import { promises as dns } from 'node:dns';
import { expect, test } from 'vitest';
import { RigResolver } from './rig-resolver.ts';

function resolverOf({ address }: RigResolver): dns.Resolver {
  const resolver = new dns.Resolver({ timeout: 5000, tries: 1 });
  resolver.setServers([address]);
  return resolver;
}

test('a name that is answered is loopback, and has no IPv6 address', async () => {
  await using names = await RigResolver.open();
  names.set('North.rig.test', 'answered');
  expect(await resolverOf(names).resolve4('north.rig.test')).toEqual(['127.0.0.1']);
  await expect(resolverOf(names).resolve6('north.rig.test')).rejects.toMatchObject({ code: 'ENODATA' });
});

test('a name can lead to another address than before', async () => {
  await using names = await RigResolver.open();
  names.set('north.rig.test', 'answered');
  expect(await resolverOf(names).resolve4('north.rig.test')).toEqual(['127.0.0.1']);
  names.set('north.rig.test', { address: '127.0.0.2' });
  expect(await resolverOf(names).resolve4('north.rig.test')).toEqual(['127.0.0.2']);
});

test('a name can have an address of each family', async () => {
  await using names = await RigResolver.open();
  names.set('north.rig.test', { address: '127.0.0.1', address6: '2001:db8:0:0:0:0:0:2' });
  const resolver = resolverOf(names);
  expect(await resolver.resolve4('north.rig.test')).toEqual(['127.0.0.1']);
  expect(await resolver.resolve6('north.rig.test')).toEqual(['2001:db8::2']);
});

test('any other name does not exist', async () => {
  await using names = await RigResolver.open();
  await expect(resolverOf(names).resolve4('moon.rig.test')).rejects.toMatchObject({ code: 'ENOTFOUND' });
});

test('a hung name is asked for and never answered, while others are', async () => {
  await using names = await RigResolver.open();
  names.set('north.rig.test', 'hung');
  names.set('south.rig.test', 'answered');
  const resolver = resolverOf(names);
  let settled: 'waiting' | 'settled' = 'waiting';
  const hung = resolver.resolve4('north.rig.test').finally(() => {
    settled = 'settled';
  });
  hung.catch(() => {});
  while (!names.queries.has('north.rig.test')) await new Promise((resolve) => setImmediate(resolve));
  expect(await resolver.resolve4('south.rig.test')).toEqual(['127.0.0.1']);
  expect(settled).toBe('waiting');
  resolver.cancel();
  await expect(hung).rejects.toMatchObject({ code: 'ECANCELLED' });
});
