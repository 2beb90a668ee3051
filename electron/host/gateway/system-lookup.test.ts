import type { LookupAddress } from 'node:dns';
import { describe, expect, it, vi } from 'vitest';
import { VirtualClock } from '../../../shared/testing/virtual-clock.ts';
import { addressesInHosts, createSystemLookup, ofBothFamilies } from './system-lookup.ts';

const A: LookupAddress[] = [{ address: '192.0.2.1', family: 4 }];
const B: LookupAddress[] = [{ address: '192.0.2.2', family: 4 }];
const never = (): Promise<LookupAddress[]> => new Promise(() => undefined);

describe('the look-up', () => {
  it('takes the operating system’s answer, and needs no other', async () => {
    const clock = new VirtualClock();
    const own = vi.fn(() => Promise.resolve(B));
    expect(await createSystemLookup({ clock, system: () => Promise.resolve(A), own })('cams.test')).toEqual(
      A,
    );
    clock.tick(1000);
    expect(own).not.toHaveBeenCalled();
  });

  it('makes its own look-up where the operating system takes long', async () => {
    const clock = new VirtualClock();
    const answer = createSystemLookup({ clock, system: never, own: () => Promise.resolve(B) })('cams.test');
    clock.tick(250);
    expect(await answer).toEqual(B);
  });

  it('leaves it to the operating system to say that a name is unknown', async () => {
    const clock = new VirtualClock();
    let answerOfSystem: (addresses: LookupAddress[]) => void = () => undefined;
    const system = () => new Promise<LookupAddress[]>((resolve) => (answerOfSystem = resolve));
    const own = vi.fn(() => Promise.reject(new Error('unknown')));
    const answer = createSystemLookup({ clock, system, own })('printer.local');
    clock.tick(250);
    expect(own).toHaveBeenCalledOnce();
    answerOfSystem(A);
    expect(await answer).toEqual(A);
  });

  it('occupies one thread for a name, however often it is requested', async () => {
    const clock = new VirtualClock();
    const system = vi.fn(never);
    const lookup = createSystemLookup({ clock, system, own: () => Promise.resolve(B) });
    const answers = [lookup('cams.test'), lookup('cams.test')];
    clock.tick(250);
    await Promise.all(answers);
    const later = lookup('cams.test');
    clock.tick(250);
    await later;
    expect(system).toHaveBeenCalledOnce();
  });
});

describe('the hosts file', () => {
  it('gives every address of a name, in upper or lower case, and nothing of a comment', () => {
    const hosts =
      '127.0.0.1 localhost\r\n# 192.0.2.9 cams.test\n192.0.2.1\tother Cams.test # cams2.test\n::1 cams.test\n';
    expect(addressesInHosts(hosts, 'cams.TEST')).toEqual([
      { address: '192.0.2.1', family: 4 },
      { address: '::1', family: 6 },
    ]);
    expect(addressesInHosts(hosts, 'cams2.test')).toEqual([]);
  });
});

describe('the addresses from name servers', () => {
  const SIX = { address: '2001:db8::1', family: 6 };
  const FOUR = { address: '192.0.2.1', family: 4 };
  const none = (): Promise<string[]> => Promise.reject(new Error('ENODATA'));

  it('are those of both families, or of the one family that has addresses', async () => {
    const clock = new VirtualClock();
    const six = Promise.resolve([SIX.address]);
    const four = Promise.resolve([FOUR.address]);
    expect(await ofBothFamilies(six, four, clock)).toEqual([SIX, FOUR]);
    expect(await ofBothFamilies(none(), four, clock)).toEqual([FOUR]);
    await expect(ofBothFamilies(none(), none(), clock)).rejects.toThrow();
    expect(clock.pending()).toBe(0);
  });

  it('are waited for only 50 ms when those of the other family have come', async () => {
    const clock = new VirtualClock();
    const answer = ofBothFamilies(new Promise(() => {}), Promise.resolve([FOUR.address]), clock);
    await vi.waitFor(() => expect(clock.pending()).toBe(1));
    clock.tick(50);
    expect(await answer).toEqual([FOUR]);
  });
});
