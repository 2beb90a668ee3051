import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';

const run = promisify(execFile);
const ip = (...words: string[]): Promise<unknown> => run('ip', words);

/** Whether {@link SiteNetwork} can work: `null`, or what is missing, in words. */
export function missingForSiteNetworks(): string | null {
  if (process.platform !== 'linux') return 'network namespaces are Linux’s';
  if (process.getuid?.() !== 0) return 'network namespaces need root';
  if (spawnSync('ip', ['-Version']).status !== 0) return 'there is no "ip": apt-get install iproute2';
  if (spawnSync('ip', ['netns', 'list']).status !== 0) return 'network namespaces are not allowed here';
  return null;
}

/** The end of the cable inside each namespace. */
const INNER = 'site0';
/** Longest wait in the queue of a limited cable; packets that would wait longer are dropped. Milliseconds. */
const QUEUE_MS = 400;

/** The part of `ip -s -j link show` that is used. */
const sentBytesSchema = z.tuple([z.object({ stats64: z.object({ tx: z.object({ bytes: z.number() }) }) })]);

/**
 * A site's own network, connected to this machine by one cable that can be pulled: a network namespace and a pair of
 * virtual Ethernet devices. Its addresses are those for benchmarks (RFC 2544), which no real network has.
 */
export class SiteNetwork implements AsyncDisposable {
  readonly namespace: string;
  /** The address on which the site listens. */
  readonly address: string;
  private readonly outer: string;

  private constructor(namespace: string, address: string, outer: string) {
    this.namespace = namespace;
    this.address = address;
    this.outer = outer;
  }

  /**
   * @param index from 0 to 49, different for networks that exist at the same time
   * @throws {Error} with the message of `ip` where it could not be made; nothing of it is left then
   */
  static async open(index: number): Promise<SiteNetwork> {
    // A device's name has at most 15 characters (IFNAMSIZ).
    const name = `hf${process.pid}-${index}`;
    // Four addresses each, and another block for each process.
    const block = `198.18.${process.pid % 256}.`;
    const network = new SiteNetwork(name, `${block}${4 * index + 2}`, name);
    try {
      await ip('netns', 'add', name);
      await ip('link', 'add', name, 'type', 'veth', 'peer', 'name', INNER, 'netns', name);
      await ip('address', 'add', `${block}${4 * index + 1}/30`, 'dev', name);
      await ip('link', 'set', name, 'up');
      await ip('-n', name, 'address', 'add', `${network.address}/30`, 'dev', INNER);
      await ip('-n', name, 'link', 'set', INNER, 'up');
      return network;
    } catch (error) {
      await network.close();
      throw error;
    }
  }

  /**
   * An IPv6 address from which no answer ever comes, not even an error: packets go into the cable, to a device that is
   * not at its other end. It is one of the addresses for documentation (RFC 3849).
   * @returns in full, eight groups
   */
  async blackHole(): Promise<string> {
    const prefix = `2001:db8:${(process.pid % 65_536).toString(16)}:0:0:0:0:`;
    await ip('-6', 'address', 'add', `${prefix}1/64`, 'dev', this.outer, 'nodad');
    const neighbour = ['lladdr', '02:00:00:00:00:01', 'dev', this.outer, 'nud', 'permanent'];
    await ip('-6', 'neighbour', 'add', `${prefix}2`, ...neighbour);
    return `${prefix}2`;
  }

  async pullCable(): Promise<void> {
    await ip('-n', this.namespace, 'link', 'set', INNER, 'down');
  }

  async plugCable(): Promise<void> {
    await ip('-n', this.namespace, 'link', 'set', INNER, 'up');
  }

  /**
   * Limits what the cable carries towards this machine, for all connections together, with a queue like a home
   * router's.
   * @param kbitPerS 1000 bits a second
   */
  async limit(kbitPerS: number): Promise<void> {
    const rate = ['rate', `${kbitPerS}kbit`, 'burst', '8kb', 'latency', `${QUEUE_MS}ms`];
    await run('tc', ['-n', this.namespace, 'qdisc', 'replace', 'dev', INNER, 'root', 'tbf', ...rate]);
  }

  /** Bytes that the cable has carried towards this machine, including headers. */
  async sentBytes(): Promise<number> {
    const { stdout } = await run('ip', ['-n', this.namespace, '-s', '-j', 'link', 'show', INNER]);
    return sentBytesSchema.parse(JSON.parse(stdout))[0].stats64.tx.bytes;
  }

  /** Removes the devices, each of which removes the other, and the namespace. */
  async close(): Promise<void> {
    await ip('link', 'delete', this.outer).catch(() => {});
    await ip('netns', 'delete', this.namespace).catch(() => {});
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
