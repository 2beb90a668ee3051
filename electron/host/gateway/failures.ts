import type { GatewayReason } from '../../../shared/gateway/gateway-contract.ts';
import { tlsWords } from './tls-words.ts';

/** Why there is no answer of the site. The message is the reason in words, for the operator. */
export class GatewayFailure extends Error {
  readonly reason: GatewayReason;

  constructor(reason: GatewayReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'GatewayFailure';
    this.reason = reason;
  }
}

const REASON_BY_CODE: Readonly<Record<string, GatewayReason>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  ECONNABORTED: 'reset',
  EPIPE: 'reset',
  ERR_STREAM_PREMATURE_CLOSE: 'reset',
  ETIMEDOUT: 'timeout',
  ENOTFOUND: 'dns',
  ENODATA: 'dns',
  ESERVFAIL: 'dns',
  CERT_HAS_EXPIRED: 'tls-expired',
  CERT_NOT_YET_VALID: 'tls-expired',
  CERT_UNTRUSTED: 'tls-untrusted',
  CERT_REJECTED: 'tls-untrusted',
  CERT_REVOKED: 'tls-untrusted',
  CERT_SIGNATURE_FAILURE: 'tls-untrusted',
  CERT_CHAIN_TOO_LONG: 'tls-untrusted',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'tls-untrusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'tls-untrusted',
  UNABLE_TO_GET_ISSUER_CERT: 'tls-untrusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'tls-untrusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'tls-untrusted',
  INVALID_CA: 'tls-untrusted',
  INVALID_PURPOSE: 'tls-untrusted',
  HOSTNAME_MISMATCH: 'tls-untrusted',
  ERR_TLS_CERT_ALTNAME_INVALID: 'tls-untrusted',
  // Weak keys and signatures: Node has no code of its own for them.
  UNSPECIFIED: 'tls-untrusted',
  EE_KEY_TOO_SMALL: 'tls-untrusted',
  CA_KEY_TOO_SMALL: 'tls-untrusted',
  CA_MD_TOO_WEAK: 'tls-untrusted',
  EPROTO: 'tls-protocol',
};

function reasonOf(code: string): GatewayReason {
  const known = REASON_BY_CODE[code];
  if (known !== undefined) return known;
  if (code.startsWith('EAI_')) return 'dns';
  if (code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_')) return 'tls-protocol';
  // Codes of the HTTP parser: the site speaks, but not HTTP.
  if (code.startsWith('HPE_')) return 'not-media';
  return 'unreachable';
}

function inWords(reason: GatewayReason, siteName: string, error: unknown): string {
  const code = errorCode(error);
  switch (reason) {
    case 'refused':
      return `${siteName} refused the connection`;
    case 'reset':
      return `${siteName} closed the connection before its answer was complete`;
    case 'timeout':
      return `${siteName} did not answer`;
    case 'dns':
      return `the host name of ${siteName} could not be looked up (${code})`;
    case 'tls-expired':
    case 'tls-untrusted':
    case 'tls-protocol':
      return (
        tlsWords(error, code, siteName) ??
        (reason === 'tls-protocol'
          ? `no secure connection with ${siteName} could be agreed on (${code})`
          : `the certificate of ${siteName} cannot be trusted (${code})`)
      );
    case 'not-media':
      return `${siteName} answered with something that is not HTTP (${code})`;
    default:
      return `${siteName} cannot be reached (${code})`;
  }
}

/** Node's code for an error of a connection, or the error's message if it has no code. */
export function errorCode(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : error.message;
}

/** The machine-readable reason of {@link toGatewayFailure}. */
export function reasonOfError(error: unknown): GatewayReason {
  return error instanceof GatewayFailure ? error.reason : reasonOf(errorCode(error));
}

/**
 * An error of Node's network stack, as a failure in words for the operator. The words contain no address of the site.
 */
export function toGatewayFailure(error: unknown, siteName: string): GatewayFailure {
  if (error instanceof GatewayFailure) return error;
  const reason = reasonOfError(error);
  return new GatewayFailure(reason, inWords(reason, siteName, error), { cause: error });
}
