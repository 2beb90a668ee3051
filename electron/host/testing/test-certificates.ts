// What @peculiar/x509 finds its algorithms by.
import 'reflect-metadata';
import { createHash, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import {
  BasicConstraintsExtension,
  type Extension,
  type JsonGeneralName,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

export interface TestCertificate {
  readonly key: string;
  readonly cert: string;
}

/** How a certificate differs from what is usual. */
export interface CertificateOptions {
  /** From now on for two days by default, else from 2020 until this. */
  readonly notAfter?: Date;
  /** An RSA key of so many bits; P-256 by default. */
  readonly rsaBits?: number;
  /** SHA-256 by default. */
  readonly digest?: 'SHA-1' | 'SHA-256';
  /** Signed by an authority in between, whose own certificate is not with it. */
  readonly through?: 'another authority';
}

interface Signer {
  readonly name: string;
  readonly keys: CryptoKeyPair;
}

const TWO_DAYS_MS = 2 * 86_400_000;
const FIRST_DAY = new Date('2020-01-01T00:00:00Z');

/** An authority of the test's own, with certificates that it issued. */
export class TestAuthority {
  readonly cert: string;
  private readonly signer: Signer;

  private constructor(signer: Signer, cert: string) {
    this.signer = signer;
    this.cert = cert;
  }

  static async create(): Promise<TestAuthority> {
    const signer = { name: 'CN=Test authority', keys: await newKeys() };
    return new TestAuthority(signer, await certify(signer, signer, authorityExtension()));
  }

  /** @param hosts IPv4 addresses and names that the certificate is for */
  async issue(
    commonName: string,
    hosts: readonly string[],
    options: CertificateOptions = {},
  ): Promise<TestCertificate> {
    const holder = { name: `CN=${commonName}`, keys: await newKeys(options.rsaBits) };
    const signer = options.through === undefined ? this.signer : await authorityInBetween();
    return withKey(holder, await certify(holder, signer, hostExtension(hosts), options));
  }

  /** A certificate that nobody but its holder signed. */
  async selfSigned(hosts: readonly string[]): Promise<TestCertificate> {
    const holder = { name: 'CN=Self-signed', keys: await newKeys() };
    return withKey(holder, await certify(holder, holder, hostExtension(hosts)));
  }
}

/** The fingerprint that an operator would pin, computed independently of the code under test. */
export function sha256OfDer({ cert }: TestCertificate): string {
  return createHash('sha256').update(new X509Certificate(cert).raw).digest('hex');
}

/** No client ever sees its certificate, so that it has none. */
async function authorityInBetween(): Promise<Signer> {
  return { name: 'CN=Test authority in between', keys: await newKeys() };
}

/** @returns PEM */
async function certify(
  holder: Signer,
  signer: Signer,
  extension: Extension,
  { notAfter, digest = 'SHA-256' }: CertificateOptions = {},
): Promise<string> {
  const certificate = await X509CertificateGenerator.create({
    subject: holder.name,
    issuer: signer.name,
    publicKey: holder.keys.publicKey,
    signingKey: signer.keys.privateKey,
    signingAlgorithm: { name: 'ECDSA', hash: digest },
    notBefore: notAfter === undefined ? new Date() : FIRST_DAY,
    notAfter: notAfter ?? new Date(Date.now() + TWO_DAYS_MS),
    extensions: [extension],
  });
  return certificate.toString('pem');
}

function authorityExtension(): Extension {
  return new BasicConstraintsExtension(true, undefined, true);
}

function hostExtension(hosts: readonly string[]): Extension {
  return new SubjectAlternativeNameExtension(
    hosts.map((value): JsonGeneralName => ({ type: isIP(value) === 0 ? 'dns' : 'ip', value })),
  );
}

/** @param rsaBits P-256 by default */
function newKeys(rsaBits?: number): Promise<CryptoKeyPair> {
  if (rsaBits === undefined)
    return crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
  const publicExponent = new Uint8Array([1, 0, 1]);
  return crypto.subtle.generateKey(
    { name: 'RSASSA-PKCS1-v1_5', modulusLength: rsaBits, publicExponent, hash: 'SHA-256' },
    true,
    ['sign', 'verify'],
  );
}

async function withKey({ keys }: Signer, cert: string): Promise<TestCertificate> {
  const key = await crypto.subtle.exportKey('pkcs8', keys.privateKey);
  return { key: PemConverter.encode(key, PemConverter.PrivateKeyTag), cert };
}
