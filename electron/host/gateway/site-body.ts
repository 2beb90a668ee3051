import {
  MAX_KEY_BYTES,
  MAX_PLAYLIST_BYTES,
  MAX_SEGMENT_BYTES,
} from '../../../shared/gateway/gateway-contract.ts';
import { GatewayFailure } from './failures.ts';

/** An answer in pieces, as they arrive. */
export type Chunks = AsyncIterable<Buffer>;

/** The size limit of a body, after decompression. `words` end the sentence "… sent more than the". */
export interface BodyLimit {
  readonly bytes: number;
  readonly words: string;
}

export const PLAYLIST_LIMIT: BodyLimit = {
  bytes: MAX_PLAYLIST_BYTES,
  words: `${MAX_PLAYLIST_BYTES / 1_000_000} MB that a playlist may have`,
};
export const SEGMENT_LIMIT: BodyLimit = {
  bytes: MAX_SEGMENT_BYTES,
  words: `${MAX_SEGMENT_BYTES / 1_000_000} MB that a segment may have`,
};
export const KEY_LIMIT: BodyLimit = {
  bytes: MAX_KEY_BYTES,
  words: `${MAX_KEY_BYTES / 1024} KB that a key may have`,
};

/**
 * A site's body, read only as fast as it is asked for: one buffer (64 KB) is read ahead, and TCP's flow control stops
 * the site.
 */
export class SiteBody {
  private readonly chunks: AsyncIterator<Buffer>;
  private readonly siteName: string;
  private readonly ahead: Buffer[] = [];
  private takenBytes = 0;

  constructor(chunks: Chunks, siteName: string) {
    this.chunks = chunks[Symbol.asyncIterator]();
    this.siteName = siteName;
  }

  /** The first bytes, which stay in the body: at least `count` of them, or all of a shorter body. */
  async peek(count: number): Promise<Buffer> {
    let bytes = this.ahead.reduce((sum, { length }) => sum + length, 0);
    while (bytes < count) {
      const chunk = await this.read();
      if (chunk === null) break;
      this.ahead.push(chunk);
      bytes += chunk.length;
    }
    return Buffer.concat(this.ahead);
  }

  /**
   * The next bytes, or `null` at the end.
   * @throws GatewayFailure `too-large` once more than the limit was taken in total
   */
  async next(limit: BodyLimit): Promise<Buffer | null> {
    const chunk = this.ahead.shift() ?? (await this.read());
    this.takenBytes += chunk?.length ?? 0;
    if (this.takenBytes > limit.bytes) throw tooLarge(this.siteName, limit);
    return chunk;
  }

  /** @throws GatewayFailure `too-large` where the body exceeds the limit */
  async all(limit: BodyLimit): Promise<Buffer> {
    const chunks: Buffer[] = [];
    for (let chunk = await this.next(limit); chunk !== null; chunk = await this.next(limit))
      chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  private async read(): Promise<Buffer | null> {
    const { done, value } = await this.chunks.next();
    return done === true ? null : value;
  }
}

export function tooLarge(siteName: string, { words }: BodyLimit): GatewayFailure {
  return new GatewayFailure('too-large', `${siteName} sent more than the ${words}`);
}
