// What @peculiar/x509 finds its algorithms by.
import 'reflect-metadata';
import { createHash } from 'node:crypto';
import { isIPv4 } from 'node:net';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  Name,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

/** A certificate that is signed by its holder alone, with its key. */
export interface SelfSignedCertificate {
  /** PEM. */
  readonly cert: string;
  /** PEM, PKCS #8. */
  readonly key: string;
  /**
   * Base64 of the SHA-256 of its SubjectPublicKeyInfo, in the form of Chromium's
   * `--ignore-certificate-errors-spki-list`.
   */
  readonly spkiSha256: string;
}

const KEY_ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const SIGNING_ALGORITHM = { name: 'ECDSA', hash: 'SHA-256' } as const;
const DAY_MS = 86_400_000;
/** Validity, in milliseconds. A viewer may run for months; the pinned key counts, and it ends with the process. */
const VALID_MS = 3650 * DAY_MS;

export interface CertificateOptions {
  /**
   * Name of the subject, which is the issuer too. Certificates that one client trusts need different names: BoringSSL
   * looks at the first match only.
   */
  readonly commonName?: string;
  /** A certificate among a client's authorities must say that it is one: BoringSSL requires it, OpenSSL does not. */
  readonly role?: 'server' | 'server and authority';
}

/**
 * Makes a P-256 key and an X.509 certificate for one host (RFC 5280). Node reads certificates but cannot make them.
 * @param host an IPv4 address, for instance `127.0.0.1`, or a name in ASCII
 */
export async function selfSignedCertificate(
  host: string,
  now: Date,
  { commonName = 'Holdfast', role = 'server' }: CertificateOptions = {},
): Promise<SelfSignedCertificate> {
  const isAuthority = role === 'server and authority';
  const usages = KeyUsageFlags.digitalSignature | (isAuthority ? KeyUsageFlags.keyCertSign : 0);
  const keys = await crypto.subtle.generateKey(KEY_ALGORITHM, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    // The serial number is drawn at random.
    name: new Name([{ CN: [{ utf8String: commonName }] }]),
    keys,
    signingAlgorithm: SIGNING_ALGORITHM,
    // From yesterday: nobody's clock is so wrong that it were not yet valid.
    notBefore: new Date(now.getTime() - DAY_MS),
    notAfter: new Date(now.getTime() + VALID_MS),
    extensions: [
      new BasicConstraintsExtension(isAuthority, undefined, true),
      new KeyUsagesExtension(usages, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension([{ type: isIPv4(host) ? 'ip' : 'dns', value: host }]),
    ],
  });
  return {
    cert: `${certificate.toString('pem')}\n`,
    key: `${PemConverter.encode(await crypto.subtle.exportKey('pkcs8', keys.privateKey), PemConverter.PrivateKeyTag)}\n`,
    spkiSha256: createHash('sha256').update(new Uint8Array(certificate.publicKey.rawData)).digest('base64'),
  };
}
