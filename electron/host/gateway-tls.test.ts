import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Site } from '../../shared/config/config.ts';
import {
  type GatewayReason,
  REASON_HEADER,
  REASON_TEXT_HEADER,
  SITE_HEADER,
} from '../../shared/gateway/gateway-contract.ts';
import { gatewayWordsSchema } from '../../shared/gateway/gateway-words.ts';
import { tlsWords } from './gateway/tls-words.ts';
import { createGateway } from './gateway.ts';
import { sha256OfDer, TestAuthority, type TestCertificate } from './testing/test-certificates.ts';
import { type ServerCertificate, TestSite, transportStream } from './testing/test-site.ts';

const PIN = "enter the certificate's fingerprint in the site's settings";
/** A server that still accepts outdated TLS. */
const OLD_SERVER = { ciphers: 'DEFAULT:@SECLEVEL=0' } as const;
const ADDRESSES = ['127.0.0.1', 'cams.test'];

describe('TLS', () => {
  let authority: TestAuthority;
  let good: TestCertificate;
  const cleanUps: (() => unknown)[] = [];
  beforeAll(async () => {
    authority = await TestAuthority.create();
    good = await authority.issue('Site', ADDRESSES);
  });
  afterEach(async () => {
    for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
  });

  async function startSite(certificate?: ServerCertificate): Promise<TestSite> {
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
    const site = await startSite(await authority.selfSigned(ADDRESSES));
    expect(await ask(site)).toMatchObject({ status: 502, reason: 'tls-untrusted' });
    expect(site.requests).toHaveLength(0);
  });

  it('refuses a certificate that has expired, and says so', async () => {
    const site = await startSite(
      await authority.issue('Site', ADDRESSES, { notAfter: new Date('2021-01-01T00:00:00Z') }),
    );
    expect(await ask(site)).toMatchObject({
      reason: 'tls-expired',
      words:
        "the certificate of Main has expired: give its server a new one, or set this computer's clock if that is wrong",
    });
  });

  it('refuses a certificate for another host', async () => {
    const site = await startSite(await authority.issue('Other', ['other.test']));
    expect(await ask(site)).toMatchObject({
      reason: 'tls-untrusted',
      words: `the certificate of Main was issued for another host name: enter the name in it as the site's address, or ${PIN}`,
    });
  });

  it('trusts a pinned certificate without asking an authority, its pin written with or without colons', async () => {
    const certificate = await authority.selfSigned(['whatever.test']);
    const site = await startSite(certificate);
    const pin = sha256OfDer(certificate);
    expect(await ask(site, { tlsPin: pin })).toMatchObject({ status: 200, bytes: 1880 });
    const colons = pin.toUpperCase().match(/../g)?.join(':') ?? '';
    expect(await ask(site, { tlsPin: colons })).toMatchObject({ status: 200 });
  });

  it('refuses any other certificate than the pinned one before a byte of the request is sent', async () => {
    const site = await startSite(good);
    const answer = await ask(site, {
      tlsPin: sha256OfDer(await authority.selfSigned(ADDRESSES)),
      credentials: { type: 'bearer', token: 'secret' },
    });
    expect(answer).toMatchObject({ status: 502, reason: 'tls-pin' });
    expect(answer.words.replaceAll(':', '').toLowerCase()).toContain(sha256OfDer(good));
    expect(site.requests).toHaveLength(0);
  });

  it.each<[string, () => Promise<ServerCertificate | undefined>, GatewayReason, string]>([
    [
      'does not speak TLS',
      async () => undefined,
      'tls-protocol',
      'Main does not speak TLS at that port: enter its address with http',
    ],
    [
      'has a certificate that only itself signed',
      () => authority.selfSigned(ADDRESSES),
      'tls-untrusted',
      `the certificate of Main is signed by nobody but itself: ${PIN}`,
    ],
    [
      'leaves the certificate in between out',
      () => authority.issue('Site', ADDRESSES, { through: 'another authority' }),
      'tls-untrusted',
      'the server of Main does not send the certificate of the authority that signed its own',
    ],
    [
      'has a key that is too small',
      async () => ({ ...(await authority.issue('Site', ADDRESSES, { rsaBits: 768 })), ...OLD_SERVER }),
      'tls-untrusted',
      'the certificate of Main has a key or a signature that is too weak: give its server one with',
    ],
    [
      'has a certificate that is signed with SHA-1',
      async () => ({ ...(await authority.issue('Site', ADDRESSES, { digest: 'SHA-1' })), ...OLD_SERVER }),
      'tls-untrusted',
      'the certificate of Main has a key or a signature that is too weak: give its server one with',
    ],
    [
      'speaks TLS 1.0 only',
      async () => ({ ...good, ...OLD_SERVER, minVersion: 'TLSv1', maxVersion: 'TLSv1' }),
      'tls-protocol',
      'Main speaks only TLS 1.1 or older, which is not safe: switch on TLS 1.2',
    ],
    [
      'speaks TLS 1.1 only',
      async () => ({ ...good, ...OLD_SERVER, minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1' }),
      'tls-protocol',
      'Main speaks only TLS 1.1 or older, which is not safe: switch on TLS 1.2',
    ],
    [
      'has outdated ciphers only',
      async () => ({ ...good, ciphers: 'ECDHE-ECDSA-CAMELLIA128-SHA256:@SECLEVEL=0', maxVersion: 'TLSv1.2' }),
      'tls-protocol',
      'the server of Main accepts no encryption that is safe today, or wants a certificate',
    ],
    [
      'wants a certificate from this computer',
      async () => ({ ...good, requestCert: true, ca: authority.cert }),
      'tls-protocol',
      'Main wants a certificate from this computer, and Holdfast has none: let its server',
    ],
    [
      'wants a certificate from this computer, by TLS 1.2',
      async () => ({ ...good, requestCert: true, ca: authority.cert, maxVersion: 'TLSv1.2' }),
      'tls-protocol',
      'or wants a certificate from this computer: switch on',
    ],
  ])('says of a site that %s what cures it', async (_what, certificate, reason, words) => {
    const site = await startSite(await certificate());
    const answer = await ask(site);
    expect(answer).toMatchObject({ status: 502, reason });
    expect(answer.words).toContain(words);
    expect(gatewayWordsSchema.safeParse(answer.words).success).toBe(true);
    expect(site.requests).toHaveLength(0);
  });

  it('takes a pinned certificate whatever its key and its signature are', async () => {
    const weak = await authority.issue('Site', ADDRESSES, { rsaBits: 1024, digest: 'SHA-1' });
    const site = await startSite({ ...weak, ...OLD_SERVER });
    expect(await ask(site, { tlsPin: sha256OfDer(weak) })).toMatchObject({ status: 200, bytes: 1880 });
  });
});

describe('the messages about TLS', () => {
  it.each([
    ['speaks only TLS 1.1 or older', 'UNSUPPORTED_PROTOCOL', 'unsupported protocol'],
    ['does not speak TLS', 'WRONG_VERSION_NUMBER', 'wrong version number'],
    [
      'accepts no encryption that is safe today',
      'SSLV3_ALERT_HANDSHAKE_FAILURE:../../x.cc:572:SSL alert number 40',
      'sslv3 alert handshake failure:../x.c:1601:SSL alert number 40',
    ],
    [
      'speaks only TLS 1.1 or older',
      'TLSV1_ALERT_PROTOCOL_VERSION:../../x.cc:572:SSL alert number 70',
      'tlsv1 alert protocol version:../x.c:1601:SSL alert number 70',
    ],
    [
      'wants a certificate from this computer',
      'TLSV1_ALERT_CERTIFICATE_REQUIRED:../../x.cc:572:SSL alert number 116',
      'tlsv13 alert certificate required:../x.c:1601:SSL alert number 116',
    ],
  ])('are the same for errors of BoringSSL and of OpenSSL: %s', (words, boringSsl, openSsl) => {
    const said = [boringSsl, openSsl].map((text) => {
      const message = `write EPROTO 37039798420352:error:10000410:SSL routines:OPENSSL_internal:${text}`;
      return tlsWords(Object.assign(new Error(message), { code: 'EPROTO' }), 'EPROTO', 'Main');
    });
    expect(said[0]).toContain(words);
    expect(said[1]).toBe(said[0]);
  });
});
