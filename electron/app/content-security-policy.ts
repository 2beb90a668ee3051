/**
 * The policy of every document and worker of the application. Everything is denied except what is listed. Code, styles
 * and fonts come from `/assets/` only, so that nothing that a site sends (in a browser `/sites/…`, the same origin) can
 * run as code. Connections stay at the own origin. Video comes from Media Source buffers (`blob:`).
 * Trusted Types are left out: hls.js starts its worker from a plain string.
 * @param origin the application's own, for instance `app://holdfast`
 */
export function contentSecurityPolicy(origin: string): string {
  const assets = `${origin}/assets/`;
  return [
    "default-src 'none'",
    `script-src ${assets}`,
    `worker-src ${assets}`,
    `style-src ${assets}`,
    `font-src ${assets}`,
    `img-src ${assets}`,
    "connect-src 'self'",
    'media-src blob:',
    "object-src 'none'",
    "frame-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
