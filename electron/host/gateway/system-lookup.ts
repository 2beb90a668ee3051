import { promises as dns, type LookupAddress } from 'node:dns';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import path from 'node:path';
import type { Clock } from '../../../shared/clock.ts';
import { systemClock } from '../system-clock.ts';

/** Looks a host name up. Rejects with Node's DNS errors. It has no time limit. */
export type Lookup = (hostname: string) => Promise<readonly LookupAddress[]>;

/** Wait for the other family's addresses once those of one family are known, in milliseconds (RFC 8305 section 3). */
const OTHER_FAMILY_MS = 50;
/** Time after which the gateway's own look-up starts beside the operating system's, in milliseconds. */
const OWN_LOOKUP_AFTER_MS = 250;

export interface SystemLookupOptions {
  readonly clock?: Clock;
  /** The operating system's look-up. */
  readonly system?: Lookup;
  /** A look-up that occupies no thread. */
  readonly own?: Lookup;
}

/**
 * The look-up that the gateway uses. The operating system's answer counts: it knows the hosts file, the
 * search domains, mDNS and the VPN. But it occupies one of libuv's few threads, of which it may have two: two
 * sites whose DNS hangs would hold up the look-ups of all others. Therefore a look-up without an answer after
 * 250 ms gets a second one beside it, over the hosts file and Node's own resolver, which occupies no thread;
 * and a name has one look-up at a time on the threads, however often it is asked for. Our own: packages
 * such as cacheable-lookup ask DNS servers first, and the operating system only where those know nothing.
 */
export function createSystemLookup({
  clock = systemClock,
  system = (hostname) => dns.lookup(hostname, { all: true }),
  own = (hostname) => lookupWithoutThreads(hostname, clock),
}: SystemLookupOptions = {}): Lookup {
  const running = new Map<string, Promise<readonly LookupAddress[]>>();
  const systemOnce: Lookup = (hostname) => {
    const existing = running.get(hostname);
    if (existing !== undefined) return existing;
    const started = system(hostname).finally(() => running.delete(hostname));
    running.set(hostname, started);
    return started;
  };
  return (hostname) =>
    new Promise((resolve, reject) => {
      const stop = clock.after(OWN_LOOKUP_AFTER_MS, () => {
        // Its failure means nothing: the operating system may know names that no DNS server knows.
        own(hostname).then(resolve, () => undefined);
      });
      systemOnce(hostname).finally(stop).then(resolve, reject);
    });
}

async function lookupWithoutThreads(hostname: string, clock: Clock): Promise<readonly LookupAddress[]> {
  const fromFile = addressesInHosts(await readHostsFile(), hostname);
  if (fromFile.length > 0) return fromFile;
  const resolver = new dns.Resolver({ timeout: 2000, tries: 2 });
  return ofBothFamilies(resolver.resolve6(hostname), resolver.resolve4(hostname), clock);
}

/**
 * The addresses of both families, IPv6 first; those of one family where the other has none, or is 50 ms slower.
 * @throws AggregateError where neither has any
 */
export function ofBothFamilies(
  six: Promise<readonly string[]>,
  four: Promise<readonly string[]>,
  clock: Clock,
): Promise<readonly LookupAddress[]> {
  const found: { 6: readonly string[]; 4: readonly string[] } = { 6: [], 4: [] };
  const all = (): LookupAddress[] =>
    ([6, 4] as const).flatMap((family) => found[family].map((address) => ({ address, family })));
  const note = (family: 6 | 4, addresses: Promise<readonly string[]>): Promise<void> =>
    addresses.then((known) => {
      found[family] = known;
    });
  const both = [note(6, six), note(4, four)];
  return new Promise((resolve, reject) => {
    Promise.any(both).then(() => {
      const stop = clock.after(OTHER_FAMILY_MS, () => resolve(all()));
      void Promise.allSettled(both).then(() => {
        stop();
        resolve(all());
      });
    }, reject);
  });
}

function readHostsFile(): Promise<string> {
  const file =
    process.platform === 'win32'
      ? path.join(process.env.SystemRoot ?? 'C:\\Windows', 'System32', 'drivers', 'etc', 'hosts')
      : '/etc/hosts';
  return readFile(file, 'utf8').catch(() => '');
}

/** The addresses of a name in a hosts file (hosts(5)). */
export function addressesInHosts(hosts: string, hostname: string): LookupAddress[] {
  const wanted = hostname.toLowerCase();
  return hosts.split(/\r?\n/).flatMap((line) => {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    const family = isIP(address);
    return family !== 0 && names.some((name) => name.toLowerCase() === wanted) ? [{ address, family }] : [];
  });
}
