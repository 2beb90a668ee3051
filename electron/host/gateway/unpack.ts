import { pipeline, type Transform } from 'node:stream';
import zlib from 'node:zlib';
import { GatewayFailure } from './gateway-failure.ts';

/** An answer in pieces, as they come. */
export type Chunks = AsyncIterable<Buffer>;

/** Most encodings that lie one over the other. */
const MAX_ENCODINGS = 3;

/**
 * An unpacker gives that much at a time, in bytes, and works on only when it was taken: what one small packet can grow to is
 * never in memory.
 */
const CHUNK_BYTES = 65_536;

const OPTIONS: zlib.ZlibOptions = {
  chunkSize: CHUNK_BYTES,
  // Like browsers: a checksum that is missing at the end is no reason to refuse what came before it.
  finishFlush: zlib.constants.Z_SYNC_FLUSH,
};
const BROTLI_OPTIONS: zlib.BrotliOptions = {
  chunkSize: CHUNK_BYTES,
  finishFlush: zlib.constants.BROTLI_OPERATION_FLUSH,
};

const UNPACKERS: ReadonlyMap<string, (packed: Chunks) => Chunks> = new Map([
  ['gzip', (packed) => through(packed, zlib.createGunzip(OPTIONS))],
  ['x-gzip', (packed) => through(packed, zlib.createGunzip(OPTIONS))],
  ['deflate', inflate],
  ['br', (packed) => through(packed, zlib.createBrotliDecompress(BROTLI_OPTIONS))],
]);

/**
 * The encodings of an answer, the one that was applied last at the end (RFC 9110 section 8.4); empty where it is not packed.
 * @param contentEncoding the site's header
 */
export function encodingsOf(contentEncoding: string | undefined): string[] {
  return (contentEncoding ?? '')
    .split(',')
    .map((encoding) => encoding.trim().toLowerCase())
    .filter((encoding) => encoding !== '' && encoding !== 'identity');
}

/**
 * A site's answer as it was before it was packed.
 *
 * @param packed read as fast as the result is
 * @param encodings as {@link encodingsOf} gives them
 * @throws GatewayFailure `not-media` for an encoding that is unknown, or for too many; later, from the result, where the
 *   answer is not what it is called, and whatever `packed` fails with
 */
export function unpacked(packed: Chunks, encodings: readonly string[], siteName: string): Chunks {
  if (encodings.length > MAX_ENCODINGS)
    throw new GatewayFailure('not-media', `${siteName} packed its answer ${encodings.length} times over`);
  return encodings.reduceRight((inner, encoding) => {
    const unpack = UNPACKERS.get(encoding);
    if (unpack === undefined)
      throw new GatewayFailure(
        'not-media',
        `${siteName} packed its answer in a way that Holdfast does not know (${encoding.slice(0, 40)})`,
      );
    return explained(inner, unpack, `${siteName} sent something that it calls ${encoding} and is not`);
  }, packed);
}

/** Lets the failures of the packed answer through as they are, and tells those of the unpacker in words. */
async function* explained(
  packed: Chunks,
  unpack: (packed: Chunks) => Chunks,
  words: string,
): AsyncGenerator<Buffer> {
  let siteFailure: { readonly error: unknown } | null = null;
  const watched = async function* (): AsyncGenerator<Buffer> {
    try {
      yield* packed;
    } catch (error) {
      siteFailure = { error };
      throw error;
    }
  };
  try {
    yield* unpack(watched());
  } catch (error) {
    if (siteFailure !== null || error instanceof GatewayFailure) throw error;
    throw new GatewayFailure('not-media', words, { cause: error });
  }
}

/** `deflate` is zlib's format (RFC 1950), and what many servers send by that name is the raw one (RFC 1951). */
async function* inflate(packed: Chunks): AsyncGenerator<Buffer> {
  const chunks = packed[Symbol.asyncIterator]();
  const { done, value: first } = await chunks.next();
  if (done === true) return;
  // The compression method 8 of RFC 1950 section 2.2; raw data would begin like this only with bits that are always 0.
  const hasHeader = ((first[0] ?? 0) & 0x0f) === 8;
  const whole = async function* (): AsyncGenerator<Buffer> {
    yield first;
    yield* { [Symbol.asyncIterator]: () => chunks };
  };
  yield* through(whole(), hasHeader ? zlib.createInflate(OPTIONS) : zlib.createInflateRaw(OPTIONS));
}

function through(packed: Chunks, unpacker: Transform): Chunks {
  // Ends both sides when one of them ends or fails, or when nobody reads on. What failed is told to the reader.
  pipeline(packed, unpacker, () => undefined);
  return unpacker;
}
