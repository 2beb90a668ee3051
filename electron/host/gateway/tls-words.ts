import type { X509Certificate } from 'node:crypto';

/** The remedy for any problem with a certificate's issuer. */
const PIN = "enter the certificate's fingerprint in the site's settings";

/** An RSA key with fewer bits is weak. Browsers have the same limit. */
const LEAST_RSA_BITS = 1024;
/** The DER identifiers of SHA-1 signatures with RSA and with ECDSA (RFC 8017 appendix C, RFC 5758 section 3.2). */
const SHA1_SIGNATURES = ['06092a864886f70d010105', '06072a8648ce3d0401'].map((hex) =>
  Buffer.from(hex, 'hex'),
);

/** One kind of problem with TLS. */
interface Trouble {
  /**
   * Matches Node's error in lower case: its code and the message of OpenSSL or of BoringSSL (in Electron). Both name
   * the alert that a server sent (RFC 8446 section 6).
   */
  readonly pattern: RegExp;
  /** The problem and its remedy, a clause. */
  readonly words: (siteName: string) => string;
}

const CERTIFICATES: readonly Trouble[] = [
  {
    pattern: /cert has expired/,
    words: (site) =>
      `the certificate of ${site} has expired: give its server a new one, or set this computer's clock if that is wrong`,
  },
  {
    pattern: /cert not yet valid/,
    words: (site) =>
      `the certificate of ${site} is not valid yet: one of the clocks, of this computer or of that server, is wrong`,
  },
  {
    pattern: /altname invalid|hostname mismatch/,
    words: (site) =>
      `the certificate of ${site} was issued for another host name: enter the name in it as the site's address, or ${PIN}`,
  },
  {
    pattern: /depth zero self signed cert/,
    words: (site) => `the certificate of ${site} is signed by nobody but itself: ${PIN}`,
  },
  {
    pattern: /self signed cert in chain/,
    words: (site) =>
      `the certificate of ${site} is signed by an authority that this computer does not trust: let it trust that one, or ${PIN}`,
  },
  {
    pattern: /unable to (verify leaf signature|get issuer cert)/,
    words: (site) =>
      `the server of ${site} does not send the certificate of the authority that signed its own, or this computer does not trust that authority: have it send the whole chain, let this computer trust the authority, or ${PIN}`,
  },
  {
    pattern: /(certificate|ee|ca) key too (weak|small)|(digest algorithm|md) too weak/,
    words: weakCertificateWords,
  },
];

const HANDSHAKES: readonly Trouble[] = [
  {
    pattern: /dh key too small/,
    words: (site) =>
      `the key exchange of ${site} is too weak: switch on ECDHE, or DH of 2048 bits, at its server`,
  },
  {
    pattern: /unsupported protocol|alert number 70/,
    words: (site) =>
      `${site} speaks only TLS 1.1 or older, which is not safe: switch on TLS 1.2 or newer at its server`,
  },
  {
    pattern: /certificate required|alert number (41|42|46|116)/,
    words: (site) =>
      `${site} wants a certificate from this computer, and Holdfast has none: let its server take clients without one`,
  },
  {
    pattern: /alert number 40/,
    words: (site) =>
      `the server of ${site} accepts no encryption that is safe today, or wants a certificate from this computer: switch on TLS 1.2 with ECDHE and AES-GCM and an RSA key of 2048 bits there, or let it take clients without a certificate`,
  },
  {
    pattern: /alert number 112/,
    words: (site) =>
      `the server of ${site} does not know the host name that it is asked by: enter the name in its certificate as the site's address`,
  },
  {
    pattern: /wrong version number|http request|packet length too long/,
    words: (site) =>
      `${site} does not speak TLS at that port: enter its address with http:// or with another port`,
  },
];

/** A site's problem with TLS and its remedy, a clause; `null` for an unknown error. */
export function tlsWords(error: unknown, code: string, siteName: string): string | null {
  const text = errorText(error, code);
  const trouble = [...CERTIFICATES, ...HANDSHAKES].find((known) => known.pattern.test(text));
  return trouble?.words(siteName) ?? null;
}

function errorText(error: unknown, code: string): string {
  const message = error instanceof Error ? error.message : '';
  return `${code} ${message}`.toLowerCase().replaceAll(/[_-]/g, ' ');
}

export function weakCertificateWords(siteName: string): string {
  return `the certificate of ${siteName} has a key or a signature that is too weak: give its server one with an RSA key of 2048 bits and SHA-256, or ${PIN}`;
}

/**
 * Whether a certificate proves nothing, because its key can be factored or its signature forged. OpenSSL refuses such
 * certificates, BoringSSL does not. The signature of a certificate that is itself trusted is never checked.
 */
export function isWeakCertificate({ publicKey, raw, issuer, subject }: X509Certificate): boolean {
  const bits =
    publicKey.asymmetricKeyType === 'rsa' ? publicKey.asymmetricKeyDetails?.modulusLength : undefined;
  if (bits !== undefined && bits < LEAST_RSA_BITS) return true;
  return issuer !== subject && SHA1_SIGNATURES.some((signature) => raw.includes(signature));
}
