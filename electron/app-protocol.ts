import { APP_HOST } from '../shared/gateway-contract.ts';

export type RequestHandler = (request: Request) => Promise<Response>;

/** Everything below this path belongs to the sites. */
const SITES = '/sites/';

/**
 * Answers for the application's own scheme: `/sites/…` goes to the gateway, the rest to the static files, and no
 * other host exists.
 */
export function createAppProtocol(doors: {
  readonly gateway: RequestHandler;
  readonly files: RequestHandler;
}): RequestHandler {
  return async (request) => {
    const { host, pathname } = new URL(request.url);
    if (host !== APP_HOST) return new Response('Not found.', { status: 404 });
    return pathname.startsWith(SITES) ? doors.gateway(request) : doors.files(request);
  };
}
