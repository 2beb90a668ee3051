import type { LookupAddress } from 'node:dns';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CONNECT_HEADER, DEADLINE_HEADER, DOUBT_HEADER } from '../../shared/gateway/gateway-contract.ts';
import { VirtualClock } from '../../shared/testing/virtual-clock.ts';
import type { Gateway } from './gateway.ts';
import { ask, GatewayRig, type ReadAnswer } from './testing/gateway-rig.ts';
import { type Answer, type TestSite, transportStream } from './testing/test-site.ts';

/** The gateway where a site's name has several addresses, or gets new ones. */

let rig: GatewayRig;
beforeEach(() => {
  rig = new GatewayRig();
});
afterEach(() => rig.end());

const OLD = '127.0.0.1';
const NEW = '127.0.0.2';
const DOUBTED = { headers: { [DOUBT_HEADER]: '1' } };

const says =
  (text: string, status = 200): Answer =>
  (_request, response) =>
    response.writeHead(status).end(`#EXTM3U\n#EXTINF:1,\n${text}\n`);

/** A site whose name has two loopback addresses, and a gateway to it. */
class NamedSite {
  readonly clock = new VirtualClock();
  addresses: readonly string[] = [OLD];
  readonly lookup = vi.fn((): Promise<readonly LookupAddress[]> => this.found());

  private constructor(
    readonly old: TestSite,
    readonly moved: TestSite,
  ) {}

  static async start(old: Answer, moved: Answer): Promise<NamedSite> {
    const first = await rig.startSite(old, undefined, { address: OLD });
    const place = { address: NEW, port: first.port };
    return new NamedSite(first, await rig.startSite(moved, undefined, place));
  }

  gateway(): Gateway {
    const baseUrl = `http://cams.test:${this.old.port}/live/`;
    return rig.open(this.old, { baseUrl }, { clock: this.clock, lookup: this.lookup });
  }

  private found(): Promise<readonly LookupAddress[]> {
    return Promise.resolve(this.addresses.map((address) => ({ address, family: 4 })));
  }
}

/** The segment that the playlist names, or the status of an answer that is none. */
function said({ status, text }: ReadAnswer): string | number {
  return status === 200 ? (text.split('\n')[2] ?? '') : status;
}

describe('a name that moves to another address', () => {
  it('is noticed by the next request for a lost stream, though the old server still answers', async () => {
    const site = await NamedSite.start(says('old'), says('new'));
    const gateway = site.gateway();
    expect(said(await ask(gateway, 'cam.m3u8'))).toBe('old');
    site.addresses = [NEW];
    site.clock.tick(1000);
    expect(said(await ask(gateway, 'cam.m3u8'))).toBe('old');
    expect(said(await ask(gateway, 'cam.m3u8', DOUBTED))).toBe('new');
    expect(said(await ask(gateway, 'cam.m3u8'))).toBe('new');
    await vi.waitFor(() => expect(site.old.sockets.size).toBe(0));
    expect(site.old.connections).toBe(1);
  });

  it('is noticed after a while without any fault, over a connection that was never closed', async () => {
    const site = await NamedSite.start(says('old'), says('new'));
    const gateway = site.gateway();
    await ask(gateway, 'cam.m3u8');
    site.addresses = [NEW];
    site.clock.tick(30_000);
    await ask(gateway, 'cam.m3u8');
    await vi.waitFor(() => expect(site.old.sockets.size).toBe(0));
    expect(said(await ask(gateway, 'cam.m3u8'))).toBe('new');
  });

  it('is noticed after an error of the old server', async () => {
    const site = await NamedSite.start(says('old', 503), says('new'));
    const gateway = site.gateway();
    expect((await ask(gateway, 'cam.m3u8')).status).toBe(503);
    site.addresses = [NEW];
    site.clock.tick(1000);
    // The look-up that this request starts may end before its answer has come.
    await ask(gateway, 'cam.m3u8');
    expect(said(await ask(gateway, 'cam.m3u8'))).toBe('new');
  });

  it('leaves a running request alone, and closes its connection after it', async () => {
    let finish = (): void => {};
    const site = await NamedSite.start((_request, response) => {
      response.writeHead(200, { 'content-type': 'video/mp2t' }).write(transportStream(10));
      finish = () => response.end(transportStream(10));
    }, says('new'));
    const gateway = site.gateway();
    const running = ask(gateway, '1.ts');
    await vi.waitFor(() => expect(gateway.stats().north?.receivedBytes).toBeGreaterThan(1880));
    site.addresses = [NEW];
    site.clock.tick(1000);
    expect(said(await ask(gateway, 'cam.m3u8', DOUBTED))).toBe('new');
    expect(site.old.sockets.size).toBe(1);
    finish();
    expect((await running).bytes.length).toBe(20 * 188);
    await vi.waitFor(() => expect(site.old.sockets.size).toBe(0));
  });

  it('delays a request only briefly while the look-up hangs', async () => {
    const site = await NamedSite.start(says('old'), says('new'));
    const gateway = site.gateway();
    await ask(gateway, 'cam.m3u8');
    site.clock.tick(1000);
    site.lookup.mockImplementation(() => new Promise<never>(() => {}));
    const pending = ask(gateway, 'cam.m3u8', DOUBTED);
    await vi.waitFor(() => expect(site.lookup).toHaveBeenCalledTimes(2));
    site.clock.tick(500);
    expect(said(await pending)).toBe('old');
  });
});

describe('a name with several addresses', () => {
  async function both(first: Answer, second: Answer): Promise<NamedSite> {
    const site = await NamedSite.start(first, second);
    site.addresses = [OLD, NEW];
    return site;
  }

  it('tries the next address in the same request when one answers with a server error', async () => {
    const site = await both(says('broken', 502), says('well'));
    const gateway = site.gateway();
    expect(said(await ask(gateway, 'cam.m3u8'))).toBe('well');
    expect(said(await ask(gateway, 'cam.m3u8'))).toBe('well');
    expect([site.old.requests.length, site.moved.requests.length]).toEqual([1, 2]);
  });

  it('tries the next address when one breaks the connection', async () => {
    const site = await both((_request, response) => response.socket?.destroy(), says('well'));
    expect(said(await ask(site.gateway(), 'cam.m3u8'))).toBe('well');
  });

  it('tries the next address when one refuses', async () => {
    const site = await both(says('old'), says('well'));
    const gateway = site.gateway();
    await site.old.close();
    expect(said(await ask(gateway, 'cam.m3u8'))).toBe('well');
  });

  it('tries the next address after a request without an answer', async () => {
    const site = await both(() => undefined, says('well'));
    const gateway = site.gateway();
    const late = ask(gateway, 'cam.m3u8', { headers: { [DEADLINE_HEADER]: '2000' } });
    await vi.waitFor(() => expect(site.old.requests).toHaveLength(1));
    site.clock.tick(2000);
    expect((await late).reason).toBe('timeout');
    expect(said(await ask(gateway, 'cam.m3u8'))).toBe('well');
  });

  it('tries the next address when lost streams stay lost at one', async () => {
    const site = await both(says('still'), says('well'));
    const gateway = site.gateway();
    expect(said(await ask(gateway, 'cam.m3u8'))).toBe('still');
    site.clock.tick(10_000);
    await ask(gateway, 'cam.m3u8', DOUBTED);
    expect(said(await ask(gateway, 'cam.m3u8', DOUBTED))).toBe('well');
  });

  it('stays at an address that serves other cameras, whatever one camera does there', async () => {
    const site = await both(
      (request, response) =>
        says('well', request.url?.includes('dead') === true ? 503 : 200)(request, response),
      says('another'),
    );
    const gateway = site.gateway();
    for (let second = 0; second < 30; second += 1) {
      expect(said(await ask(gateway, 'cam.m3u8'))).toBe('well');
      expect(said(await ask(gateway, 'dead.m3u8', DOUBTED))).toBe(503);
      site.clock.tick(1000);
    }
    expect(site.moved.requests).toHaveLength(0);
  });

  it('whose servers all fail is not asked twice for each request', async () => {
    const site = await both(says('broken', 503), says('broken', 503));
    const gateway = site.gateway();
    for (let count = 0; count < 6; count += 1) {
      expect((await ask(gateway, 'cam.m3u8', DOUBTED)).status).toBe(503);
      site.clock.tick(1000);
    }
    expect(site.old.requests.length + site.moved.requests.length).toBe(7);
  });
});

describe('the time to connect', () => {
  it('is reported with an answer that waited for it, and with no other', async () => {
    const site = await NamedSite.start(says('old'), says('new'));
    site.lookup.mockImplementationOnce(
      () =>
        new Promise((resolve) => {
          site.clock.after(700, () => resolve([{ address: OLD, family: 4 }]));
        }),
    );
    const gateway = site.gateway();
    const first = ask(gateway, 'cam.m3u8');
    await vi.waitFor(() => expect(site.lookup).toHaveBeenCalledOnce());
    site.clock.tick(700);
    expect((await first).headers[CONNECT_HEADER]).toBe('700');
    expect((await ask(gateway, 'cam.m3u8')).headers[CONNECT_HEADER]).toBeUndefined();
  });
});
