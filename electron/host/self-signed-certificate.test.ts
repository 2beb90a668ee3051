import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { selfSignedCertificate } from './self-signed-certificate.ts';

const NOW = new Date('2031-05-06T07:08:09.123Z');

describe('selfSignedCertificate', () => {
  test('is read back with the address, the holder and the dates that were written', async () => {
    const read = new X509Certificate((await selfSignedCertificate('127.0.0.1', NOW)).cert);
    expect(read.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(read.checkIP('127.0.0.2')).toBeUndefined();
    expect(read.checkHost('localhost')).toBeUndefined();
    expect(read.subject).toBe('CN=Holdfast');
    expect(read.issuer).toBe('CN=Holdfast');
    expect(read.ca).toBe(false);
    expect(read.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
    expect(new Date(read.validFrom)).toEqual(new Date('2031-05-05T07:08:09Z'));
    expect(new Date(read.validTo)).toEqual(new Date('2041-05-03T07:08:09Z'));
  });

  test('is for a name, where it is given one', async () => {
    const read = new X509Certificate((await selfSignedCertificate('a1b2.localhost', NOW)).cert);
    expect(read.checkHost('a1b2.localhost')).toBe('a1b2.localhost');
    expect(read.checkHost('localhost')).toBeUndefined();
    expect(read.checkIP('127.0.0.1')).toBeUndefined();
  });

  test('is signed by its own key', async () => {
    const { cert, key } = await selfSignedCertificate('127.0.0.1', NOW);
    const read = new X509Certificate(cert);
    expect(read.verify(read.publicKey)).toBe(true);
    expect(read.checkPrivateKey(createPrivateKey(key))).toBe(true);
    expect(
      read.verify(new X509Certificate((await selfSignedCertificate('127.0.0.1', NOW)).cert).publicKey),
    ).toBe(false);
  });

  test("gives the pin of its own public key's DER", async () => {
    const { cert, spkiSha256 } = await selfSignedCertificate('127.0.0.1', NOW);
    const spki = new X509Certificate(cert).publicKey.export({ type: 'spki', format: 'der' });
    expect(spkiSha256).toBe(createHash('sha256').update(spki).digest('base64'));
  });

  test('is written right on both sides of 2050, where the form of times changes', async () => {
    const read = new X509Certificate(
      (await selfSignedCertificate('127.0.0.1', new Date('2045-01-01T00:00:00Z'))).cert,
    );
    expect(new Date(read.validFrom)).toEqual(new Date('2044-12-31T00:00:00Z'));
    expect(new Date(read.validTo)).toEqual(new Date('2054-12-30T00:00:00Z'));
  });

  test('every one has a key and a number of its own', async () => {
    const one = await selfSignedCertificate('127.0.0.1', NOW);
    const other = await selfSignedCertificate('127.0.0.1', NOW);
    expect(one.spkiSha256).not.toBe(other.spkiSha256);
    expect(new X509Certificate(one.cert).serialNumber).not.toBe(new X509Certificate(other.cert).serialNumber);
  });
});

test('one that is to be among the authorities says so, under a name of its own', async () => {
  const { cert } = await selfSignedCertificate('127.0.0.1', new Date(), {
    commonName: 'North',
    role: 'server and authority',
  });
  const certificate = new X509Certificate(cert);
  expect([certificate.ca, certificate.subject]).toEqual([true, 'CN=North']);
});
