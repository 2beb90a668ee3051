import { createHash, X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureContext } from 'node:tls';
import { type SelfSignedCertificate, selfSignedCertificate } from '../host/self-signed-certificate.ts';
import type { FaultEffect } from './faults.ts';

/** Longer than the ten years for which our certificates are valid. Milliseconds. */
const LONG_AGO_MS = 11 * 365 * 86_400_000;

type Certificates = Readonly<Record<FaultEffect['certificate'], SelfSignedCertificate>>;

/** The certificates that a site with TLS shows, each signed by nobody but itself. */
export class OriginCertificates {
  private readonly certificates: Certificates;

  private constructor(certificates: Certificates) {
    this.certificates = certificates;
  }

  /** @param site names it; of sites that one client trusts, no two may be called the same */
  static async issue(site: string, now: Date): Promise<OriginCertificates> {
    const issue = (commonName: string, at: Date): Promise<SelfSignedCertificate> =>
      selfSignedCertificate('127.0.0.1', at, { commonName, role: 'server and authority' });
    return new OriginCertificates({
      usual: await issue(site, now),
      changed: await issue(`${site}, changed`, now),
      expired: await issue(`${site}, expired`, new Date(now.getTime() - LONG_AGO_MS)),
    });
  }

  context(which: FaultEffect['certificate']): SecureContext {
    const { cert, key } = this.certificates[which];
    return createSecureContext({ cert, key });
  }

  /**
   * The certificates that a client of the site trusts, PEM: the usual one and the expired one, which only time has made
   * invalid, but not the changed one.
   */
  get trusted(): string {
    return this.certificates.usual.cert + this.certificates.expired.cert;
  }

  /** SHA-256 of the usual certificate (DER), 64 hex digits, for an operator to pin. */
  get pin(): string {
    return createHash('sha256').update(new X509Certificate(this.certificates.usual.cert).raw).digest('hex');
  }
}
