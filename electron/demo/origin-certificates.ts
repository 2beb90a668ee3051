import { createHash, X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureContext } from 'node:tls';
import { type SelfSignedCertificate, selfSignedCertificate } from '../host/self-signed-certificate.ts';
import type { FaultEffect } from './faults.ts';

/** Longer than the ten years for which our certificates are valid. Milliseconds. */
const LONG_AGO_MS = 11 * 365 * 86_400_000;

/** The self-signed certificates of a site with TLS. */
export class OriginCertificates {
  private readonly certificates: Readonly<Record<FaultEffect['certificate'], SelfSignedCertificate>>;

  /** @param site its name in the certificates; different for the sites that one client trusts */
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
