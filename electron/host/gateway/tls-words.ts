import type { X509Certificate } from 'node:crypto';

/** Way out of any trouble with who signed a certificate. */
const PIN = "enter the certificate's fingerprint in the site's settings";

/** An RSA key of fewer bits is weak. Browsers have the same bound. */
const LEAST_RSA_BITS = 1024;
/** The identifiers of signatures with SHA-1 by RSA and by ECDSA (RFC 8017 appendix C, RFC 5758 section 3.2), in DER. */
const SHA1_SIGNATURES = ['06092a864886f70d010105', '06072a8648ce3d0401'].map((hex) =>
  Buffer.from(hex, 'hex'),
);

/** One trouble with TLS. */
interface Trouble {
  /**
   * In what Node tells of it, in lower case: its code, and the words of OpenSSL or of BoringSSL, which Electron has. Both name
   * the alert that a server sent (RFC 8446 section 6).
   */
  readonly told: RegExp;
  /** What is wrong and what cures it, a clause. */
  readonly words: (siteName: string) => string;
}

const CERTIFICATES: readonly Trouble[] = [
  {
    told: /cert has expired/,
    words: (site) =>
      `the certificate of ${site} has expired: give its server a new one, or set this computer's clock if that is wrong`,
  },
  {
    told: /cert not yet valid/,
    words: (site) =>
      `the certificate of ${site} is not valid yet: one of the clocks, of this computer or of that server, is wrong`,
  },
  {
    told: /altname invalid|hostname mismatch/,
    words: (site) =>
      `the certificate of ${site} was issued for another host name: enter the name in it as the site's address, or ${PIN}`,
  },
  {
    told: /depth zero self signed cert/,
    words: (site) => `the certificate of ${site} is signed by nobody but itself: ${PIN}`,
  },
  {
    told: /self signed cert in chain/,
    words: (site) =>
      `the certificate of ${site} is signed by an authority that this computer does not trust: let it trust that one, or ${PIN}`,
  },
  {
    told: /unable to (verify leaf signature|get issuer cert)/,
    words: (site) =>
      `the server of ${site} does not send the certificate of the authority that signed its own, or this computer does not trust that authority: have it send the whole chain, let this computer trust the authority, or ${PIN}`,
  },
  {
    told: /(certificate|ee|ca) key too (weak|small)|(digest algorithm|md) too weak/,
    words: weakCertificateWords,
  },
];

const HANDSHAKES: readonly Trouble[] = [
  {
    told: /dh key too small/,
    words: (site) =>
      `the key exchange of ${site} is too weak: switch on ECDHE, or DH of 2048 bits, at its server`,
  },
  {
    told: /unsupported protocol|alert number 70/,
    words: (site) =>
      `${site} speaks only TLS 1.1 or older, which is not safe: switch on TLS 1.2 or newer at its server`,
  },
  {
    told: /certificate required|alert number (41|42|46|116)/,
    words: (site) =>
      `${site} wants a certificate from this computer, and Holdfast has none: let its server take clients without one`,
  },
  {
    told: /alert number 40/,
    words: (site) =>
      `the server of ${site} accepts no encryption that is safe today, or wants a certificate from this computer: switch on TLS 1.2 with ECDHE and AES-GCM and an RSA key of 2048 bits there, or let it take clients without a certificate`,
  },
  {
    told: /alert number 112/,
    words: (site) =>
      `the server of ${site} does not know the host name that it is asked by: enter the name in its certificate as the site's address`,
  },
  {
    told: /wrong version number|http request|packet length too long/,
    words: (site) =>
      `${site} does not speak TLS at that port: enter its address with http:// or with another port`,
  },
];

/** What is wrong with a site's TLS, and what cures it, a clause; `null` where what Node tells of it is not known. */
export function tlsWords(error: unknown, code: string, siteName: string): string | null {
  const told = toldBy(error, code);
  const trouble = [...CERTIFICATES, ...HANDSHAKES].find((known) => known.told.test(told));
  return trouble?.words(siteName) ?? null;
}

function toldBy(error: unknown, code: string): string {
  const message = error instanceof Error ? error.message : '';
  return `${code} ${message}`.toLowerCase().replaceAll(/[_-]/g, ' ');
}

export function weakCertificateWords(siteName: string): string {
  return `the certificate of ${siteName} has a key or a signature that is too weak: give its server one with an RSA key of 2048 bits and SHA-256, or ${PIN}`;
}

/**
 * Whether a certificate proves nothing: its key can be factored, or its signature be forged. OpenSSL refuses such ones by itself,
 * BoringSSL does not. The signature of a certificate that is trusted as it is proves nothing in any case.
 */
export function isWeakCertificate({ publicKey, raw, issuer, subject }: X509Certificate): boolean {
  const bits =
    publicKey.asymmetricKeyType === 'rsa' ? publicKey.asymmetricKeyDetails?.modulusLength : undefined;
  if (bits !== undefined && bits < LEAST_RSA_BITS) return true;
  return issuer !== subject && SHA1_SIGNATURES.some((signature) => raw.includes(signature));
}
