import {
  type GatewayReason,
  REASON_HEADER,
  REASON_TEXT_HEADER,
} from '../../../shared/gateway/gateway-contract.ts';
import type { GatewayFailure } from './failures.ts';

const STATUS_BY_REASON: Readonly<Record<GatewayReason, number>> = {
  refused: 502,
  reset: 502,
  timeout: 504,
  dns: 502,
  unreachable: 502,
  'tls-pin': 502,
  'tls-expired': 502,
  'tls-untrusted': 502,
  'tls-protocol': 502,
  'too-large': 502,
  'not-media': 502,
  'redirect-refused': 502,
  'not-allowed': 403,
  'no-login': 403,
  'unknown-site': 404,
  // Nobody reads this status, but Chromium complains about an unknown one.
  cancelled: 503,
};

/**
 * The headers of every answer under `/sites/`. A site's bytes must never run as code in the page's origin, so only
 * headers that the caller names are sent, and none of the site's own.
 */
export function safeHeaders(named: Readonly<Record<string, string | undefined>>): Headers {
  const headers = new Headers({
    'cache-control': 'no-store',
    'content-security-policy': 'sandbox',
    'cross-origin-resource-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
  });
  for (const [name, value] of Object.entries(named)) if (value !== undefined) headers.set(name, value);
  return headers;
}

/** The answer where the site gave none: a status, and the reason as a code and in words. */
export function failureResponse(failure: GatewayFailure): Response {
  // A name from a JSON file may contain half a surrogate pair, which cannot be percent-encoded.
  const text = Buffer.from(failure.message).toString();
  return new Response(null, {
    status: STATUS_BY_REASON[failure.reason],
    headers: safeHeaders({ [REASON_HEADER]: failure.reason, [REASON_TEXT_HEADER]: encodeURIComponent(text) }),
  });
}

/** The site's own status, without its body. */
export function plainStatus(status: number): Response {
  return new Response(null, { status, headers: safeHeaders({}) });
}
