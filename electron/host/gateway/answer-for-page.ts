import type { IncomingMessage } from 'node:http';
import type { Expectation } from '../../../shared/gateway/gateway-contract.ts';
import type { Exchange } from './exchange.ts';
import { GatewayFailure, toGatewayFailure } from './failures.ts';
import { inFairPieces } from './fair-pieces.ts';
import { safeHeaders } from './gateway-response.ts';
import type { ListReader } from './list-reader.ts';
import { documentIn, mediaKind, PLAYLIST_TYPE, SNIFF_BYTES, UNKNOWN_TYPE } from './media-type.ts';
import type { SiteTarget } from './site-bases.ts';
import { KEY_LIMIT, PLAYLIST_LIMIT, SEGMENT_LIMIT, SiteBody, tooLarge } from './site-body.ts';
import { discard, type SiteAnswer } from './site-client.ts';
import { encodingsOf, unpacked } from './unpack.ts';

/** The length of an AES-128 key (RFC 8216 section 4.3.2.4). */
const KEY_BYTES = 16;

/**
 * The page's answer to a HEAD request: headers alone.
 * @throws GatewayFailure `not-media`
 */
export function headersForPage(
  { response, target }: SiteAnswer,
  siteName: string,
  exchange: Exchange,
): Response {
  const { headers } = response;
  const kind = mediaKind({
    contentType: headers['content-type'],
    pathname: target.url.pathname,
    head: null,
    expects: null,
  });
  if (kind.kind === 'refused') throw new GatewayFailure('not-media', `${siteName} sent ${kind.what}`);
  discard(response, () => exchange.end());
  return new Response(null, {
    status: response.statusCode ?? 200,
    // The length of a playlist is known only after it is rebuilt.
    headers: kind.kind === 'playlist' ? playlistHeaders() : mediaHeaders(kind.type, response),
  });
}

/**
 * The page's answer made of a site's answer with status 200 or 206. A playlist is read in full first, a key is passed
 * on as a whole, media as it arrives.
 * @param asked the address that the page asked for
 * @throws GatewayFailure `not-media`, `too-large`; the reason of the exchange's end; or Node's error of the connection.
 * Once media has begun, its body fails with these
 */
export async function answerForPage({
  lists,
  asked,
  expects,
  answer: { response, target: answered, token },
  siteName,
  exchange,
}: {
  readonly lists: ListReader;
  readonly asked: SiteTarget;
  readonly expects: Expectation | null;
  readonly answer: SiteAnswer;
  readonly siteName: string;
  readonly exchange: Exchange;
}): Promise<Response> {
  const { headers } = response;
  const { signal } = exchange;
  const encodings = encodingsOf(headers['content-encoding']);
  const { socket } = response;
  const pieces = inFairPieces(response, () => socket.bytesRead, siteName);
  const body = new SiteBody(unpacked(pieces, encodings, siteName, signal), siteName);
  if (expects === 'key') return wholeKey(body, siteName, exchange);
  const kind = mediaKind({
    contentType: headers['content-type'],
    pathname: answered.url.pathname,
    head: await body.peek(SNIFF_BYTES),
    expects,
  });
  if (kind.kind === 'refused') throw new GatewayFailure('not-media', `${siteName} sent ${kind.what}`);
  const limit = kind.kind === 'playlist' ? PLAYLIST_LIMIT : SEGMENT_LIMIT;
  if (Number(headers['content-length'] ?? 0) > limit.bytes) throw tooLarge(siteName, limit);
  if (kind.kind === 'media')
    return new Response(streamOf(body, siteName, exchange), {
      status: response.statusCode ?? 200,
      headers: mediaHeaders(kind.type, response),
    });
  const playlist = await lists.read(body, { siteName, asked, answered, token, signal });
  signal.throwIfAborted();
  exchange.end();
  return new Response(playlist, { status: 200, headers: playlistHeaders() });
}

/** A key is judged by its size alone, except that a document in its place, such as a login page, is refused. */
async function wholeKey(body: SiteBody, siteName: string, exchange: Exchange): Promise<Response> {
  const head = await body.peek(SNIFF_BYTES);
  // The bytes of a key are random and may look like anything.
  const document = head.length === KEY_BYTES ? null : documentIn(head);
  if (document !== null)
    throw new GatewayFailure(
      'not-media',
      `${siteName} sent ${document === 'JSON' ? document : 'a page'} instead of a key`,
    );
  const key = await body.all(KEY_LIMIT);
  exchange.signal.throwIfAborted();
  exchange.end();
  return new Response(new Uint8Array(key), {
    status: 200,
    headers: safeHeaders({ 'content-type': UNKNOWN_TYPE }),
  });
}

function playlistHeaders(): Headers {
  return safeHeaders({ 'content-type': PLAYLIST_TYPE });
}

function mediaHeaders(type: string, response: IncomingMessage): Headers {
  const { 'content-length': length, 'content-range': range, 'content-encoding': encoding } = response.headers;
  return safeHeaders({
    'content-type': type,
    'content-length': encodingsOf(encoding).length === 0 ? length : undefined,
    'content-range': range !== undefined && /^bytes \d+-\d+\/(\d+|\*)$/.test(range) ? range : undefined,
  });
}

/**
 * The body for the page: read from the site only when the page asks for more.
 * @throws the reason of the exchange's end, if that came before the end of the answer
 */
function streamOf(
  body: SiteBody,
  siteName: string,
  exchange: Exchange,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const { signal } = exchange;
  signal.throwIfAborted();
  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      start: (controller) => {
        signal.addEventListener('abort', () => controller.error(signal.reason), { once: true });
      },
      pull: async (controller) => {
        try {
          const chunk = await body.next(SEGMENT_LIMIT);
          if (signal.aborted) return;
          if (chunk === null) {
            exchange.end();
            controller.close();
          } else {
            // A copy: Node's buffer may be part of a larger one that others still use.
            controller.enqueue(new Uint8Array(chunk));
          }
        } catch (error) {
          exchange.abort(toGatewayFailure(error, siteName));
        }
      },
      cancel: () => exchange.abort(new GatewayFailure('cancelled', 'the window gave the answer up')),
    },
    { highWaterMark: 0 },
  );
}
