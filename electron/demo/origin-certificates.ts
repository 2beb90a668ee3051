import { createHash, X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureContext } from 'node:tls';
import { type SelfSignedCertificate, selfSignedCertificate } from '../host/self-signed-certificate.ts';
import type { FaultEffect } from './faults.ts';

/** More than the ten years that a certificate of ours is valid. Milliseconds. */
const LONG_AGO_MS = 11 * 365 * 86_400_000;

/** The certificates that a site with TLS shows, each signed by nobody but itself. */
export class OriginCertificates {
  private readonly certificates: Readonly<Record<FaultEffect['certificate'], SelfSignedCertificate>>;

  /** @param site names it; of sites that one client trusts, no two may be called the same */
  constructor(site: string, now: Date) {
    const issue = (commonName: string, at: Date): SelfSignedCertificate =>
      selfSignedCertificate('127.0.0.1', at, { commonName, role: 'server and authority' });
    this.certificates = {
      usual: issue(site, now),
      changed: issue(`${site}, changed`, now),
      expired: issue(`${site}, expired`, new Date(now.getTime() - LONG_AGO_MS)),
    };
  }

  context(which: FaultEffect['certificate']): SecureContext {
    const { cert, key } = this.certificates[which];
    return createSecureContext({ cert, key });
  }

  /**
   * What a client that knows the site trusts, PEM: the usual certificate and, as time alone made it bad, the expired
   * one; not the changed one.
   */
  get trusted(): string {
    return this.certificates.usual.cert + this.certificates.expired.cert;
  }

  /** SHA-256 of the usual certificate (DER), 64 hex digits: what an operator pins. */
  get pin(): string {
    return createHash('sha256').update(new X509Certificate(this.certificates.usual.cert).raw).digest('hex');
  }
}
