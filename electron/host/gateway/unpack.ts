import { addAbortSignal, pipeline, type Transform } from 'node:stream';
import zlib from 'node:zlib';
import { GatewayFailure } from './failures.ts';
import { type Chunks, SEGMENT_LIMIT, tooLarge } from './site-body.ts';

/** Limit of encodings, one applied over the other. */
const MAX_ENCODINGS = 2;

/**
 * Bytes that a decompressor produces at a time. It continues only when these were read, so an answer that grows is
 * never in memory as a whole.
 */
const CHUNK_BYTES = 65_536;

const OPTIONS: zlib.ZlibOptions = {
  chunkSize: CHUNK_BYTES,
  // Like browsers: a missing checksum at the end is no reason to refuse the content before it.
  finishFlush: zlib.constants.Z_SYNC_FLUSH,
};
const BROTLI_OPTIONS: zlib.BrotliOptions = {
  chunkSize: CHUNK_BYTES,
  finishFlush: zlib.constants.BROTLI_OPERATION_FLUSH,
};

type Unpack = (packed: Chunks, signal: AbortSignal) => Chunks;

const gunzip: Unpack = (packed, signal) => through(packed, zlib.createGunzip(OPTIONS), signal);

const UNPACKERS: ReadonlyMap<string, Unpack> = new Map([
  ['gzip', gunzip],
  ['x-gzip', gunzip],
  ['deflate', inflate],
  ['br', (packed, signal) => through(packed, zlib.createBrotliDecompress(BROTLI_OPTIONS), signal)],
]);

/** Registered content codings (IANA's HTTP Content Coding Registry) that cannot be decompressed here. */
const NO_UNPACKERS: ReadonlySet<string> = new Set(['zstd', 'compress', 'x-compress', 'dcb', 'dcz']);

/**
 * The encodings of an answer, the one that was applied last at the end (RFC 9110 section 8.4); empty for an
 * uncompressed answer. Words that are no encoding, such as `utf-8`, `none` or `aws-chunked`, are left out: servers
 * write them over uncompressed bytes, and the bytes themselves are judged afterwards.
 * @param contentEncoding the site's header
 */
export function encodingsOf(contentEncoding: string | undefined): string[] {
  return (contentEncoding ?? '')
    .split(',')
    .map((encoding) => encoding.trim().toLowerCase())
    .filter((encoding) => UNPACKERS.has(encoding) || NO_UNPACKERS.has(encoding));
}

/**
 * A site's answer, decompressed.
 * @param packed read only as fast as the result is
 * @param encodings as {@link encodingsOf} gives them
 * @param signal ends the work, also on an answer that has arrived in full
 * @throws GatewayFailure `not-media` for an encoding that is not supported, or for too many; later, from the result,
 * where the answer does not have its declared encoding, `too-large`, the signal's reason, and whatever `packed` fails
 * with
 */
export function unpacked(
  packed: Chunks,
  encodings: readonly string[],
  siteName: string,
  signal: AbortSignal,
): Chunks {
  if (encodings.length > MAX_ENCODINGS)
    throw new GatewayFailure('not-media', `${siteName} packed its answer ${encodings.length} times over`);
  return encodings.reduceRight((inner, encoding) => {
    const unpack = UNPACKERS.get(encoding);
    if (unpack === undefined)
      throw new GatewayFailure(
        'not-media',
        `${siteName} packed its answer in a way that Holdfast does not know (${encoding})`,
      );
    const words = `${siteName} sent something that it calls ${encoding} and is not`;
    return bounded(explained(inner, unpack, words, signal), siteName);
  }, packed);
}

/** The bytes between two encodings can be many even though no content comes out. */
async function* bounded(chunks: Chunks, siteName: string): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > SEGMENT_LIMIT.bytes) throw tooLarge(siteName, SEGMENT_LIMIT);
    yield chunk;
  }
}

/** Passes on failures of the compressed answer unchanged, and explains those of the decompressor. */
async function* explained(
  packed: Chunks,
  unpack: Unpack,
  words: string,
  signal: AbortSignal,
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
    yield* unpack(watched(), signal);
  } catch (error) {
    signal.throwIfAborted();
    if (siteFailure !== null || error instanceof GatewayFailure) throw error;
    throw new GatewayFailure('not-media', words, { cause: error });
  }
}

/** `deflate` is zlib's format (RFC 1950), but many servers send the raw format (RFC 1951) under that name. */
async function* inflate(packed: Chunks, signal: AbortSignal): AsyncGenerator<Buffer> {
  const chunks = packed[Symbol.asyncIterator]();
  const { done, value: first } = await chunks.next();
  if (done === true) return;
  // Compression method 8 (RFC 1950 section 2.2). Raw data would begin like this only if padding bits, which are always
  // 0, were set.
  const hasHeader = ((first[0] ?? 0) & 0x0f) === 8;
  const whole = async function* (): AsyncGenerator<Buffer> {
    yield first;
    yield* { [Symbol.asyncIterator]: () => chunks };
  };
  yield* through(whole(), hasHeader ? zlib.createInflate(OPTIONS) : zlib.createInflateRaw(OPTIONS), signal);
}

function through(packed: Chunks, unpacker: Transform, signal: AbortSignal): Chunks {
  // Ends both streams when one of them ends or fails, or when the reader stops. The reader gets the failure.
  pipeline(packed, addAbortSignal(signal, unpacker), () => undefined);
  return unpacker;
}
