import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { isIPv4 } from 'node:net';

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

const TAG = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectId: 0x06,
  utf8String: 0x0c,
  sequence: 0x30,
  set: 0x31,
  generalizedTime: 0x18,
  utcTime: 0x17,
  version: 0xa0,
  extensions: 0xa3,
  /** `GeneralName`'s choice 2. */
  dnsName: 0x82,
  /** `GeneralName`'s choice 7. */
  ipAddress: 0x87,
} as const;

/** Object identifiers, in their DER encoding without the tag. */
const OID = {
  ecdsaWithSha256: '2a8648ce3d040302',
  commonName: '550403',
  basicConstraints: '551d13',
  keyUsage: '551d0f',
  extendedKeyUsage: '551d25',
  subjectAltName: '551d11',
  serverAuth: '2b06010505070301',
} as const;

const DER_TRUE = Buffer.from([0x01, 0x01, 0xff]);
/** From this year on, times are written as GeneralizedTime (RFC 5280, 4.1.2.5). */
const FIRST_GENERALIZED_YEAR = 2050;
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
export function selfSignedCertificate(
  host: string,
  now: Date,
  { commonName = 'Holdfast', role = 'server' }: CertificateOptions = {},
): SelfSignedCertificate {
  const isAuthority = role === 'server and authority';
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const algorithm = sequence(objectId(OID.ecdsaWithSha256));
  const name = sequence(
    der(TAG.set, sequence(objectId(OID.commonName), der(TAG.utf8String, Buffer.from(commonName)))),
  );
  const tbsCertificate = sequence(
    // Version 3, which has extensions, is written as 2.
    der(TAG.version, der(TAG.integer, Buffer.from([2]))),
    der(TAG.integer, serialNumber()),
    algorithm,
    name,
    // Valid since yesterday, because clocks differ.
    sequence(time(new Date(now.getTime() - DAY_MS)), time(new Date(now.getTime() + VALID_MS))),
    name,
    spki,
    der(
      TAG.extensions,
      sequence(
        extension(OID.basicConstraints, 'critical', isAuthority ? sequence(DER_TRUE) : sequence()),
        // digitalSignature is the first of eight bits; keyCertSign, for an authority, is the sixth. The rest are
        // unused.
        extension(
          OID.keyUsage,
          'critical',
          der(TAG.bitString, Buffer.from(isAuthority ? [2, 0x84] : [7, 0x80])),
        ),
        extension(OID.extendedKeyUsage, 'optional', sequence(objectId(OID.serverAuth))),
        extension(OID.subjectAltName, 'optional', sequence(alternativeName(host))),
      ),
    ),
  );
  const certificate = sequence(
    tbsCertificate,
    algorithm,
    der(TAG.bitString, Buffer.from([0]), sign('sha256', tbsCertificate, privateKey)),
  );
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${lines(certificate.toString('base64'))}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    spkiSha256: createHash('sha256').update(spki).digest('base64'),
  };
}

/** One value in ITU-T X.690's distinguished encoding: tag, length in its shortest form, content. */
function der(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  if (content.length < 0x80) return Buffer.concat([Buffer.from([tag, content.length]), content]);
  const digits = content.length.toString(16);
  const length = Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex');
  return Buffer.concat([Buffer.from([tag, 0x80 | length.length]), length, content]);
}

function alternativeName(host: string): Buffer {
  return isIPv4(host)
    ? der(TAG.ipAddress, Buffer.from(host.split('.').map(Number)))
    : der(TAG.dnsName, Buffer.from(host));
}

function sequence(...contents: readonly Buffer[]): Buffer {
  return der(TAG.sequence, ...contents);
}

function objectId(encoded: string): Buffer {
  return der(TAG.objectId, Buffer.from(encoded, 'hex'));
}

function extension(id: string, weight: 'critical' | 'optional', value: Buffer): Buffer {
  const critical = weight === 'critical' ? [DER_TRUE] : [];
  return sequence(objectId(id), ...critical, der(TAG.octetString, value));
}

/** Positive, and without a leading zero, as DER requires. */
function serialNumber(): Buffer {
  const serial = randomBytes(16);
  serial[0] = 0x40 | ((serial[0] ?? 0) & 0x3f);
  return serial;
}

function time(date: Date): Buffer {
  const digits = `${date
    .toISOString()
    .replace(/\.\d+Z$/, '')
    .replace(/[-:T]/g, '')}Z`;
  return date.getUTCFullYear() >= FIRST_GENERALIZED_YEAR
    ? der(TAG.generalizedTime, Buffer.from(digits))
    : der(TAG.utcTime, Buffer.from(digits.slice(2)));
}

function lines(base64: string): string {
  return (base64.match(/.{1,64}/g) ?? []).join('\n');
}
