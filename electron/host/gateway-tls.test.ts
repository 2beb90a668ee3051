import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Site } from '../../shared/config.ts';
import { REASON_HEADER, REASON_TEXT_HEADER, SITE_HEADER } from '../../shared/gateway-contract.ts';
import { createGateway } from './gateway.ts';
import { hasOpenssl, sha256OfDer, TestAuthority, type TestCertificate } from './testing/test-certificates.ts';
import { TestSite, transportStream } from './testing/test-site.ts';

const ADDRESSES = 'IP:127.0.0.1,DNS:cams.test';

describe.skipIf(!hasOpenssl())('TLS (needs the openssl program)', () => {
  let authority: TestAuthority;
  let good: TestCertificate;
  const cleanUps: (() => unknown)[] = [];
  beforeAll(() => {
    authority = new TestAuthority();
    good = authority.issue('Site', ADDRESSES, 'now');
  });
  afterAll(() => authority.dispose());
  afterEach(async () => {
    for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
  });

  async function startSite(certificate?: TestCertificate): Promise<TestSite> {
    const site = await TestSite.start((_request, response) => {
      response.writeHead(200, { 'content-type': 'video/mp2t' }).end(transportStream(10));
    }, certificate);
    cleanUps.push(() => site.close());
    return site;
  }

  async function ask(site: TestSite, changes: Partial<Site> = {}) {
    const gateway = createGateway({
      sites: [{ id: 'main', name: 'Main', baseUrl: `https://127.0.0.1:${site.port}/`, ...changes }],
      authorities: [authority.cert],
      lookup: () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]),
    });
    cleanUps.push(() => gateway.dispose());
    const response = await gateway.handle(
      new Request('app://holdfast/sites/main/1.ts', { headers: { [SITE_HEADER]: 'main' } }),
    );
    return {
      status: response.status,
      reason: response.headers.get(REASON_HEADER),
      words: decodeURIComponent(response.headers.get(REASON_TEXT_HEADER) ?? ''),
      bytes: (await response.arrayBuffer()).byteLength,
    };
  }

  it('serves a site whose certificate a trusted authority signed, by address and by name', async () => {
    const site = await startSite(good);
    expect(await ask(site)).toMatchObject({ status: 200, bytes: 1880 });
    expect(await ask(site, { baseUrl: `https://cams.test:${site.port}/` })).toMatchObject({ status: 200 });
  });

  it('refuses a certificate that nobody trusted signed', async () => {
    const site = await startSite(authority.selfSigned(ADDRESSES));
    expect(await ask(site)).toMatchObject({ status: 502, reason: 'tls-untrusted' });
    expect(site.requests).toHaveLength(0);
  });

  it('refuses a certificate that has expired, and says so', async () => {
    const site = await startSite(authority.issue('Site', ADDRESSES, { notAfter: '20210101000000Z' }));
    expect(await ask(site)).toMatchObject({
      reason: 'tls-expired',
      words: 'the certificate of Main has expired',
    });
  });

  it('refuses a certificate for another host', async () => {
    const site = await startSite(authority.issue('Other', 'DNS:other.test', 'now'));
    expect(await ask(site)).toMatchObject({
      reason: 'tls-untrusted',
      words: 'the certificate of Main was issued for another host name',
    });
  });

  it('trusts a pinned certificate without asking an authority, its pin written with or without colons', async () => {
    const certificate = authority.selfSigned('DNS:whatever.test');
    const site = await startSite(certificate);
    const pin = sha256OfDer(certificate);
    expect(await ask(site, { tlsPin: pin })).toMatchObject({ status: 200, bytes: 1880 });
    const colons = pin.toUpperCase().match(/../g)?.join(':') ?? '';
    expect(await ask(site, { tlsPin: colons })).toMatchObject({ status: 200 });
  });

  it('refuses any other certificate than the pinned one before a byte of the request is sent', async () => {
    const site = await startSite(good);
    const answer = await ask(site, {
      tlsPin: sha256OfDer(authority.selfSigned(ADDRESSES)),
      credentials: { type: 'bearer', token: 'secret' },
    });
    expect(answer).toMatchObject({ status: 502, reason: 'tls-pin' });
    expect(answer.words.replaceAll(':', '').toLowerCase()).toContain(sha256OfDer(good));
    expect(site.requests).toHaveLength(0);
  });

  it('says that a site does not speak TLS', async () => {
    const site = await startSite();
    expect(await ask(site)).toMatchObject({ status: 502, reason: 'tls-protocol' });
  });
});
