import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import zlib from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Expectation } from '../../../shared/gateway/gateway-contract.ts';
import { VirtualClock } from '../../../shared/testing/virtual-clock.ts';
import { transportStream } from '../testing/test-site.ts';
import { answerForPage } from './answer-for-page.ts';
import { Exchange } from './exchange.ts';
import { GatewayFailure } from './failures.ts';
import { ListReader } from './list-reader.ts';
import { SiteBases } from './site-bases.ts';

const CANCELLED = new GatewayFailure('cancelled', 'the window gave the answer up');

/** Begins to answer a page with a body that arrives as a whole. `onArrived` is called once it has arrived. */
function begin(
  body: Buffer,
  {
    encoding,
    expects = null,
    onArrived = () => undefined,
  }: {
    readonly encoding: string;
    readonly expects?: Expectation | null;
    readonly onArrived?: (exchange: Exchange) => void;
  },
): { readonly exchange: Exchange; readonly answer: Promise<Response> } {
  const bases = new SiteBases({ id: 'north', baseUrl: 'http://nvr.test/live/' });
  const target = { base: bases.main, url: new URL('http://nvr.test/live/cam/1') };
  const clock = new VirtualClock();
  const exchange = new Exchange({
    requestId: null,
    deadlineMs: 10_000,
    clock,
    onDeadline: () => new GatewayFailure('timeout', 'late'),
    onEnd: () => undefined,
  });
  const arrive = async function* (): AsyncGenerator<Buffer> {
    yield body;
    onArrived(exchange);
  };
  const headers = { 'content-encoding': encoding };
  const response = Object.assign(Readable.from(arrive()), {
    statusCode: 200,
    headers,
    socket: { bytesRead: 0 },
  });
  // The code under test uses only its body and these properties.
  const incoming = response as unknown as IncomingMessage;
  const answer = answerForPage({
    lists: new ListReader(bases, clock),
    asked: target,
    expects,
    answer: { response: incoming, target, login: { kind: 'none' }, token: null },
    siteName: 'North',
    exchange,
  });
  return { exchange, answer };
}

const SEGMENT = transportStream(100);

describe('an answer that has arrived in full when its request is cancelled', () => {
  const onArrived = (exchange: Exchange): void => exchange.abort(CANCELLED);

  it.each<[string, Buffer, Expectation | null]>([
    ['media', SEGMENT, 'media'],
    ['a playlist', Buffer.from('#EXTM3U\n'), null],
    ['a key', Buffer.alloc(16, 7), 'key'],
  ])('as %s fails for that reason, compressed or not', async (_name, body, expects) => {
    const packed = begin(zlib.gzipSync(body), { encoding: 'gzip', expects, onArrived });
    await expect(packed.answer).rejects.toBe(CANCELLED);
    const plain = begin(body, { encoding: '', expects, onArrived });
    await expect(plain.answer).rejects.toBe(CANCELLED);
  });

  it('fails within the body where the page already reads it', async () => {
    const { answer, exchange } = begin(zlib.gzipSync(SEGMENT), { encoding: 'gzip', expects: 'media' });
    const response = await answer;
    exchange.abort(CANCELLED);
    await expect(response.arrayBuffer()).rejects.toBe(CANCELLED);
  });
});
