import type { LookupAddress } from 'node:dns';
import { describe, expect, it, vi } from 'vitest';
import { VirtualClock } from '../testing/virtual-clock.ts';
import { SiteAddresses } from './site-addresses.ts';

const A: LookupAddress[] = [{ address: '192.0.2.1', family: 4 }];
const B: LookupAddress[] = [{ address: '192.0.2.2', family: 4 }];

/** A look-up that waits to be told its outcomes, in the order of the calls. */
function lookups() {
  const calls: { resolve: (addresses: LookupAddress[]) => void; reject: (error: Error) => void }[] = [];
  const lookup = () => new Promise<LookupAddress[]>((resolve, reject) => calls.push({ resolve, reject }));
  return { calls, lookup };
}

describe('the addresses of a site', () => {
  it('needs no look-up for an address', async () => {
    const lookup = vi.fn();
    const addresses = new SiteAddresses('::1', lookup, new VirtualClock());
    expect(await addresses.resolve()).toEqual([{ address: '::1', family: 6 }]);
    addresses.doubt();
    await addresses.resolve();
    expect(lookup).not.toHaveBeenCalled();
  });

  it('shares one look-up among all who wait for the first', async () => {
    const { calls, lookup } = lookups();
    const addresses = new SiteAddresses('cams.test', lookup, new VirtualClock());
    const both = [addresses.resolve(), addresses.resolve()];
    expect(addresses.waiting).toBe(true);
    calls[0]?.resolve(A);
    expect(await Promise.all(both)).toEqual([A, A]);
    expect(addresses.waiting).toBe(false);
    expect(calls).toHaveLength(1);
  });

  it('uses the last good addresses while a later look-up hangs, and for as long as look-ups fail', async () => {
    const { calls, lookup } = lookups();
    const clock = new VirtualClock();
    const addresses = new SiteAddresses('cams.test', lookup, clock);
    const first = addresses.resolve();
    calls[0]?.resolve(A);
    await first;
    clock.advance(30_000);
    expect(await addresses.resolve()).toEqual(A);
    expect(calls).toHaveLength(2);
    calls[1]?.reject(new Error('no DNS'));
    expect(await addresses.resolve()).toEqual(A);
  });

  it('goes over to new addresses after a doubt', async () => {
    const { calls, lookup } = lookups();
    const addresses = new SiteAddresses('cams.test', lookup, new VirtualClock());
    const first = addresses.resolve();
    calls[0]?.resolve(A);
    await first;
    addresses.doubt();
    expect(await addresses.resolve()).toEqual(A);
    calls[1]?.resolve(B);
    await vi.waitFor(async () => expect(await addresses.resolve()).toEqual(B));
    expect(calls).toHaveLength(2);
  });

  it('asks again after a failed first look-up, and beside one that has hung for 15 s', async () => {
    const { calls, lookup } = lookups();
    const clock = new VirtualClock();
    const addresses = new SiteAddresses('cams.test', lookup, clock);
    const first = addresses.resolve();
    calls[0]?.reject(new Error('unknown'));
    await expect(first).rejects.toThrow('unknown');
    void addresses.resolve();
    clock.advance(15_000);
    const third = addresses.resolve();
    calls[2]?.resolve(A);
    expect(await third).toEqual(A);
  });
});
