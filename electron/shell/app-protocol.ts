import { APP_HOST } from '../../shared/gateway/gateway-contract.ts';

type RequestHandler = (request: Request) => Promise<Response>;

/**
 * Answers for the application's own scheme, with its static files: no other host exists, and nothing of a site's has an
 * address. The sites are asked over the bridge.
 */
export function createAppProtocol(files: RequestHandler): RequestHandler {
  return async (request) => {
    const { host } = new URL(request.url);
    return host === APP_HOST ? files(request) : new Response('Not found.', { status: 404 });
  };
}
