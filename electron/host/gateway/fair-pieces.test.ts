import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ask, GatewayRig } from '../testing/gateway-rig.ts';
import { transportStream } from '../testing/test-site.ts';
import { inFairPieces } from './fair-pieces.ts';

const WORDS = 'North sent its answer in pieces of some bytes';

/** @param wireShare bytes on the wire per byte of content */
async function taken(count: number, bytes: number, wireShare = 1): Promise<number> {
  let wire = 0;
  async function* pieces(): AsyncGenerator<Buffer> {
    for (let index = 0; index < count; index += 1) {
      wire += bytes * wireShare;
      yield Buffer.alloc(bytes);
    }
  }
  let came = 0;
  for await (const _chunk of inFairPieces(pieces(), () => wire, 'North')) came += 1;
  return came;
}

describe('an answer', () => {
  it.each([
    ['in some small pieces', 2000, 1, 1],
    ['in many pieces of a fair size', 20_000, 256, 1],
    ['of which half of what comes is content', 100, 65_536, 2],
    ['of which little is content, and which is short', 20, 1000, 10],
  ])('%s comes through', async (_how, count, bytes, wireShare) => {
    expect(await taken(count, bytes, wireShare)).toBe(count);
  });

  it.each([
    ['in too many pieces of single bytes', 1, 1],
    ['in too many pieces of nothing', 0, 1],
    ['of which a sixth of what comes is content', 65_536, 6],
  ])('%s is refused', async (_how, bytes, wireShare) => {
    await expect(taken(100_000, bytes, wireShare)).rejects.toThrow(WORDS);
  });
});

describe('of a site', () => {
  let rig: GatewayRig;
  beforeEach(() => {
    rig = new GatewayRig();
  });
  afterEach(() => rig.end());

  it('media in chunks of single bytes is broken off', async () => {
    const site = await rig.startSite((_request, response) => {
      response.writeHead(200, { 'content-type': 'video/mp2t' });
      for (const byte of transportStream(1000)) response.write(Buffer.of(byte));
      response.end();
    });
    await expect(ask(rig.open(site), '1.ts')).rejects.toThrow(WORDS);
  });

  it('endless interim answers end the request', async () => {
    const site = await rig.startSite((_request, response) => {
      for (let count = 0; count < 100; count += 1) response.writeProcessing();
      response.writeHead(200).end('#EXTM3U\n');
    });
    expect(await ask(rig.open(site), 'a.m3u8')).toMatchObject({
      reason: 'not-media',
      words: 'North sent more than 20 interim answers',
    });
  });
});
