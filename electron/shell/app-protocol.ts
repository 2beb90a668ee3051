import { APP_HOST } from '../../shared/gateway/gateway-contract.ts';

type RequestHandler = (request: Request) => Promise<Response>;

/**
 * Answers requests for the application's own scheme with its static files. No other host exists, and a site's content
 * has no address there: pages reach the sites over the bridge.
 */
export function createAppProtocol(files: RequestHandler): RequestHandler {
  return async (request) => {
    const { host } = new URL(request.url);
    return host === APP_HOST ? files(request) : new Response('Not found.', { status: 404 });
  };
}
