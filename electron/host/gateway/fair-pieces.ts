import { GatewayFailure } from './failures.ts';
import type { Chunks } from './site-body.ts';

/** Number of first pieces that may have any size. */
const FREE_PIECES = 2000;
/** Mean size of all pieces after those, at least, in bytes; a full TCP packet carries over 1000. */
const LEAST_MEAN_BYTES = 256;
/** Number of first bytes on the wire that may be framing without content. */
const FREE_WIRE_BYTES = 200_000;
/**
 * Share of content in the bytes on the wire after those, at least. HTTP/1.1 chunks of 5 bytes reach it (RFC 9112
 * section 7.1).
 */
const LEAST_CONTENT = 0.5;

/**
 * An answer as it arrives. Each piece costs work, however small it is: a site that sends single bytes would keep the
 * host busy.
 * @param wireBytes bytes that have arrived on the answer's connection so far
 * @throws GatewayFailure `not-media` from the result, once there are too many small pieces; and whatever `chunks` fails
 * with
 */
export async function* inFairPieces(
  chunks: Chunks,
  wireBytes: () => number,
  siteName: string,
): AsyncGenerator<Buffer> {
  const wireBefore = wireBytes();
  let pieces = 0;
  let bytes = 0;
  for await (const chunk of chunks) {
    pieces += 1;
    bytes += chunk.length;
    const wire = wireBytes() - wireBefore;
    if (pieces - FREE_PIECES > bytes / LEAST_MEAN_BYTES || bytes < LEAST_CONTENT * (wire - FREE_WIRE_BYTES))
      throw new GatewayFailure('not-media', `${siteName} sent its answer in pieces of some bytes`);
    yield chunk;
  }
}
