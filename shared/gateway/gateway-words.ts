import { z } from 'zod';

/**
 * Length limit of a kept message, UTF-16 units: a site's name (80), a host name (253, RFC 1035 section 2.3.4), a
 * SHA-256 fingerprint (95) and the clause around them. A library's own message may be longer, and is cut.
 */
export const MAX_GATEWAY_WORDS = 500;

/** The gateway's message about a stream's failure: a clause that names the site, without a full stop. */
export const gatewayWordsSchema = z.string().min(1).max(MAX_GATEWAY_WORDS);
