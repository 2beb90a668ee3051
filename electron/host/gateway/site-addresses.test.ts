import type { LookupAddress } from 'node:dns';
import { describe, expect, it, vi } from 'vitest';
import { VirtualClock } from '../../../shared/testing/virtual-clock.ts';
import { SiteAddresses } from './site-addresses.ts';
import type { Lookup } from './system-lookup.ts';

const A: LookupAddress[] = [{ address: '192.0.2.1', family: 4 }];
const B: LookupAddress[] = [{ address: '192.0.2.2', family: 4 }];

/** A look-up whose results the test gives, in the order of the calls. */
function lookups() {
  const calls: { resolve: (addresses: LookupAddress[]) => void; reject: (error: Error) => void }[] = [];
  const lookup = () => new Promise<LookupAddress[]>((resolve, reject) => calls.push({ resolve, reject }));
  return { calls, lookup };
}

describe('the addresses of a site', () => {
  it('needs no look-up for an IP address', async () => {
    const lookup = vi.fn();
    const addresses = new SiteAddresses('::1', lookup, new VirtualClock());
    expect(await addresses.resolve()).toEqual([{ address: '::1', family: 6 }]);
    addresses.doubt();
    await addresses.resolve();
    expect(lookup).not.toHaveBeenCalled();
  });

  it('shares one look-up among all who wait for the first result', async () => {
    const { calls, lookup } = lookups();
    const addresses = new SiteAddresses('cams.test', lookup, new VirtualClock());
    const both = [addresses.resolve(), addresses.resolve()];
    expect(addresses.waiting).toBe(true);
    calls[0]?.resolve(A);
    expect(await Promise.all(both)).toEqual([A, A]);
    expect(addresses.waiting).toBe(false);
    expect(calls).toHaveLength(1);
  });

  it('uses the last good addresses while a later look-up hangs, and as long as look-ups fail', async () => {
    const { calls, lookup } = lookups();
    const clock = new VirtualClock();
    const addresses = new SiteAddresses('cams.test', lookup, clock);
    const first = addresses.resolve();
    calls[0]?.resolve(A);
    await first;
    clock.tick(30_000);
    expect(await addresses.resolve()).toEqual(A);
    expect(calls).toHaveLength(2);
    calls[1]?.reject(new Error('no DNS'));
    expect(await addresses.resolve()).toEqual(A);
  });

  it('uses new addresses after a doubt', async () => {
    const { calls, lookup } = lookups();
    const clock = new VirtualClock();
    const addresses = new SiteAddresses('cams.test', lookup, clock);
    const first = addresses.resolve();
    calls[0]?.resolve(A);
    await first;
    clock.tick(1000);
    addresses.doubt();
    expect(await addresses.resolve()).toEqual(A);
    calls[1]?.resolve(B);
    await vi.waitFor(async () => expect(await addresses.resolve()).toEqual(B));
    expect(calls).toHaveLength(2);
  });

  it('looks up again after a failed first look-up, and beside one that has hung for 15 s', async () => {
    const { calls, lookup } = lookups();
    const clock = new VirtualClock();
    const addresses = new SiteAddresses('cams.test', lookup, clock);
    const first = addresses.resolve();
    calls[0]?.reject(new Error('unknown'));
    await expect(first).rejects.toThrow('unknown');
    void addresses.resolve();
    clock.tick(15_000);
    const third = addresses.resolve();
    calls[2]?.resolve(A);
    expect(await third).toEqual(A);
  });

  it('looks a name up once a second at most, however often the site is in doubt', async () => {
    const clock = new VirtualClock();
    const lookup = vi.fn(() => Promise.reject(new Error('no DNS')));
    const addresses = await known(A, { clock, later: lookup });
    for (let ms = 0; ms < 5000; ms += 100) {
      addresses.doubt();
      addresses.keepFresh();
      await Promise.resolve();
      clock.tick(100);
    }
    expect(lookup.mock.calls.length).toBeLessThanOrEqual(5);
    expect(await addresses.resolve()).toEqual(A);
  });

  it('makes a request to a site in doubt wait for the look-up, but only for half a second', async () => {
    const clock = new VirtualClock();
    const { calls, lookup } = lookups();
    const onChange = vi.fn();
    const addresses = await known(A, { clock, later: lookup, onChange });
    clock.tick(1000);
    const moved = addresses.lookAgain();
    calls[0]?.resolve(B);
    await moved;
    expect(await addresses.resolve()).toEqual(B);
    expect(onChange).toHaveBeenCalledOnce();
    expect(addresses.isUsable('192.0.2.1')).toBe(false);
    clock.tick(1000);
    const hung = addresses.lookAgain();
    clock.tick(500);
    await hung;
    await addresses.lookAgain();
    expect(calls).toHaveLength(2);
    expect(await addresses.resolve()).toEqual(B);
  });

  it('continues with the connected address, and stays there when the name is looked up again', async () => {
    const clock = new VirtualClock();
    const addresses = await known([...A, ...B], { clock, later: () => Promise.resolve([...A, ...B]) });
    addresses.connected('192.0.2.2');
    expect(await addresses.resolve()).toEqual([...B, ...A]);
    clock.tick(30_000);
    addresses.keepFresh();
    await Promise.resolve();
    expect(await addresses.resolve()).toEqual([...B, ...A]);
    expect(addresses.isUsable('192.0.2.1')).toBe(true);
  });

  it('leaves an address that fails, unless it gave good answers a moment ago', async () => {
    const clock = new VirtualClock();
    const onChange = vi.fn();
    const addresses = await known([...A, ...B], { clock, onChange });
    addresses.proved('192.0.2.1');
    clock.tick(1999);
    expect(addresses.accuse('192.0.2.1', 'failed')).toBe(false);
    expect(onChange).not.toHaveBeenCalled();
    clock.tick(1);
    expect(addresses.accuse('192.0.2.1', 'failed')).toBe(true);
    expect(onChange).toHaveBeenCalledOnce();
    expect(await addresses.resolve()).toEqual([...B, ...A]);
    expect([addresses.isUsable('192.0.2.1'), addresses.isUsable('192.0.2.2')]).toEqual([false, true]);
  });

  it('tries addresses that all fail in turn, without a further request for each failure', async () => {
    const clock = new VirtualClock();
    const addresses = await known([...A, ...B], { clock });
    expect(addresses.accuse('192.0.2.1', 'failed')).toBe(true);
    clock.tick(1);
    expect(addresses.accuse('192.0.2.2', 'failed')).toBe(false);
    expect(await addresses.resolve()).toEqual([...A, ...B]);
    clock.tick(10_000);
    expect(addresses.accuse('192.0.2.1', 'failed')).toBe(true);
    addresses.proved('192.0.2.2');
    expect(addresses.isUsable('192.0.2.2')).toBe(true);
  });

  it('leaves an address after ten seconds in which the requested streams are dead there', async () => {
    const clock = new VirtualClock();
    const addresses = await known([...A, ...B], { clock });
    addresses.connected('192.0.2.1');
    clock.tick(9999);
    addresses.accuse('192.0.2.1', 'dead-stream');
    expect(await addresses.resolve()).toEqual([...A, ...B]);
    clock.tick(1);
    addresses.accuse('192.0.2.1', 'dead-stream');
    expect(await addresses.resolve()).toEqual([...B, ...A]);
  });

  it('keeps the only address that there is', async () => {
    const addresses = await known(A, { clock: new VirtualClock() });
    expect(addresses.accuse('192.0.2.1', 'failed')).toBe(false);
    expect(addresses.isUsable('192.0.2.1')).toBe(true);
  });
});

/** The addresses of a name after its first look-up; later look-ups use `later`. */
async function known(
  addresses: LookupAddress[],
  {
    clock,
    later = () => new Promise<never>(() => {}),
    onChange = () => {},
  }: { clock: VirtualClock; later?: Lookup; onChange?: () => void },
): Promise<SiteAddresses> {
  let isKnown = false;
  const lookup: Lookup = (hostname) => (isKnown ? later(hostname) : Promise.resolve(addresses));
  const of = new SiteAddresses('cams.test', lookup, clock, onChange);
  await of.resolve();
  isKnown = true;
  return of;
}
