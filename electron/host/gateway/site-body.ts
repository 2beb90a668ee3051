import type { IncomingMessage } from 'node:http';
import { GatewayFailure } from './gateway-failure.ts';

/**
 * A site's body, read only as fast as it is asked for: Node holds at most one buffer (64 KB) of it, and the
 * site's own TCP window does the rest.
 */
export class SiteBody {
  readonly #chunks: AsyncIterator<Buffer>;
  readonly #siteName: string;
  readonly #ahead: Buffer[] = [];
  #takenBytes = 0;

  constructor(response: IncomingMessage, siteName: string) {
    this.#chunks = response[Symbol.asyncIterator]();
    this.#siteName = siteName;
  }

  /** The first bytes, without taking them: `count` of them, or all where the body is shorter. */
  async peek(count: number): Promise<Buffer> {
    let length = 0;
    while (length < count) {
      const { done, value } = await this.#chunks.next();
      if (done === true) break;
      this.#ahead.push(value);
      length += value.length;
    }
    return Buffer.concat(this.#ahead);
  }

  /**
   * The next bytes, or `null` at the end.
   * @throws GatewayFailure `too-large` once more than `limitBytes` were taken in all
   */
  async next(limitBytes: number): Promise<Buffer | null> {
    const chunk = this.#ahead.shift() ?? (await this.#read());
    this.#takenBytes += chunk?.length ?? 0;
    if (this.#takenBytes > limitBytes) throw tooLarge(this.#siteName, limitBytes);
    return chunk;
  }

  /** @throws GatewayFailure `too-large` where the body has more than `limitBytes` */
  async all(limitBytes: number): Promise<Buffer> {
    const chunks: Buffer[] = [];
    for (let chunk = await this.next(limitBytes); chunk !== null; chunk = await this.next(limitBytes))
      chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  async #read(): Promise<Buffer | null> {
    const { done, value } = await this.#chunks.next();
    return done === true ? null : value;
  }
}

export function tooLarge(siteName: string, limitBytes: number): GatewayFailure {
  return new GatewayFailure(
    'too-large',
    `${siteName} sent more than the ${limitBytes / 1_000_000} MB that an answer of its kind may have`,
  );
}
