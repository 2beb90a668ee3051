import tls from 'node:tls';

/**
 * The authorities that this computer trusts: Node's own, and the operating system's where the runtime can read them
 * (Node 22.15 and later; older ones use NODE_EXTRA_CA_CERTS only).
 */
export function computerTrust(): tls.SecureContext {
  if (typeof tls.getCACertificates !== 'function') return tls.createSecureContext();
  return tls.createSecureContext({
    ca: [...new Set([...tls.getCACertificates('default'), ...tls.getCACertificates('system')])],
  });
}
