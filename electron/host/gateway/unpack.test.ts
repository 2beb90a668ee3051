import zlib from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { GatewayFailure } from './failures.ts';
import type { Chunks } from './site-body.ts';
import { encodingsOf, unpacked } from './unpack.ts';

const NEVER = new AbortController().signal;

async function* inPieces(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let from = 0; from < bytes.length; from += 16_384) yield bytes.subarray(from, from + 16_384);
}

async function lengthOf(chunks: Chunks): Promise<number> {
  let length = 0;
  for await (const chunk of chunks) length += chunk.length;
  return length;
}

describe('the encodings of an answer', () => {
  it.each([
    [undefined, []],
    ['', []],
    ['identity', []],
    ['GZip , x-gzip', ['gzip', 'x-gzip']],
    ['utf-8', []],
    ['none', []],
    ['binary', []],
    ['aws-chunked', []],
    ['aws-chunked,gzip', ['gzip']],
    ['zstd', ['zstd']],
    ['gzip, compress', ['gzip', 'compress']],
  ])('of %s are those that are known encodings', (header, encodings) => {
    expect(encodingsOf(header)).toEqual(encodings);
  });
});

describe('an answer that decompresses to nothing', () => {
  /** Deflate blocks without content. */
  const emptyBlocks = (megabytes: number): Buffer =>
    Buffer.alloc(megabytes * 1_000_000, Buffer.from([0x00, 0x00, 0x00, 0xff, 0xff]));
  /** A file of empty gzip members. */
  const emptyMembers = (megabytes: number): Buffer => Buffer.alloc(megabytes * 1_000_000, zlib.gzipSync(''));

  it('is refused where the bytes between two encodings are too large', async () => {
    const packed = zlib.gzipSync(emptyBlocks(70));
    expect(packed.length).toBeLessThan(300_000);
    await expect(lengthOf(unpacked(inPieces(packed), ['deflate', 'gzip'], 'North', NEVER))).rejects.toThrow(
      'North sent more than the 64 MB that a segment may have',
    );
  });

  it('is empty where those bytes are small', async () => {
    const packed = zlib.gzipSync(emptyBlocks(1));
    expect(await lengthOf(unpacked(inPieces(packed), ['deflate', 'gzip'], 'North', NEVER))).toBe(0);
  });

  it.each([
    ['gzip', emptyMembers(2)],
    ['deflate', emptyBlocks(2)],
  ])('is decompressed no further when its request has ended (%s)', async (encoding, bytes) => {
    const controller = new AbortController();
    const reason = new GatewayFailure('cancelled', 'no longer wanted');
    let taken = 0;
    const counted = async function* (): AsyncGenerator<Buffer> {
      for await (const piece of inPieces(bytes)) {
        taken += piece.length;
        if (taken > 100_000) controller.abort(reason);
        yield piece;
      }
    };
    await expect(lengthOf(unpacked(counted(), [encoding], 'North', controller.signal))).rejects.toBe(reason);
    expect(taken).toBeLessThan(500_000);
  });
});
