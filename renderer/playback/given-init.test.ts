import { readFileSync } from 'node:fs';
import type { FragmentLoaderContext } from 'hls.js';
import { beforeEach, expect, it } from 'vitest';
import type { MediaAnswer, MediaRequest } from '../../shared/gateway/gateway-exchange.ts';
import { GivenInit } from './given-init.ts';

function fixture(name: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(new URL(`../../shared/media/fixtures/${name}`, import.meta.url)));
}

const INIT = fixture('cmaf-init.mp4');
const OTHER_INIT = fixture('h264-aac-init.mp4');
const MEDIA = fixture('cmaf.m4s');

const CONTEXT = {
  url: 'app://holdfast/sites/main/gate/init.mp4?session=a#1',
  rangeStart: 40,
  rangeEnd: 40 + INIT.length,
  frag: { sn: 'initSegment', encrypted: false },
} as unknown as FragmentLoaderContext;

/** The first fragment's key frame is longer by this factor. The added bytes mean nothing to a decoder. */
function withKeyFrameOf(media: Uint8Array, factor: number): Uint8Array {
  const longer = Buffer.from(media);
  const entry = longer.indexOf('trun') + 4;
  const flags = longer.readUInt32BE(entry);
  const firstSample = entry + 8 + ((flags & 0x1) === 0 ? 0 : 4) + ((flags & 0x4) === 0 ? 0 : 4);
  const size = firstSample + ((flags & 0x100) === 0 ? 0 : 4);
  const before = longer.readUInt32BE(size);
  const after = Math.round(before * factor);
  longer.writeUInt32BE(after, size);
  const mdat = longer.indexOf('mdat') - 4;
  const end = mdat + longer.readUInt32BE(mdat);
  const filling = Math.max(0, after - before);
  longer.writeUInt32BE(end - mdat + filling, mdat);
  return Buffer.concat([longer.subarray(0, end), Buffer.alloc(filling), longer.subarray(end)]);
}

let asked: Omit<MediaRequest, 'site'>[];
let answer: MediaAnswer | Error;
let init: GivenInit;
beforeEach(() => {
  asked = [];
  answer = { kind: 'bytes', bytes: OTHER_INIT, waitedMs: 1 };
  init = new GivenInit({
    media: async (request) => {
      asked.push(request);
      if (answer instanceof Error) throw answer;
      return answer;
    },
  });
});

it('is requested at the same address and range as before', async () => {
  init.note(INIT, CONTEXT);
  expect(await init.renewed()).toBe(OTHER_INIT);
  expect(asked).toMatchObject([
    {
      pathname: '/sites/main/gate/init.mp4?session=a',
      range: { offset: 40, length: INIT.length },
      expects: 'media',
    },
  ]);
});

it('is renewed once: from then on the found section is the given one', async () => {
  init.note(INIT, CONTEXT);
  expect(await init.renewed()).not.toBeNull();
  expect(await init.renewed()).toBeNull();
});

it('is the same where only its time of creation differs', async () => {
  const remade = Buffer.from(INIT);
  remade.writeUInt32BE(0x12345678, remade.indexOf('mvhd') + 8);
  answer = { kind: 'bytes', bytes: new Uint8Array(remade), waitedMs: 1 };
  init.note(INIT, CONTEXT);
  expect(await init.renewed()).toBeNull();
});

it('is another one where only a parameter of the decoder differs', async () => {
  const other = Buffer.from(INIT);
  const profile = other.indexOf('avcC') + 5;
  other.writeUInt8(other.readUInt8(profile) ^ 0x20, profile);
  answer = { kind: 'bytes', bytes: new Uint8Array(other), waitedMs: 1 };
  init.note(INIT, CONTEXT);
  expect(await init.renewed()).not.toBeNull();
});

it.each([
  ['no answer', new Error('the host is gone')],
  ['a refusal', { kind: 'failed', status: 404, reason: null, words: null }],
  ['something else', { kind: 'bytes', bytes: new TextEncoder().encode('<html>sorry</html>'), waitedMs: 1 }],
  ['media', { kind: 'bytes', bytes: MEDIA, waitedMs: 1 }],
] satisfies [string, MediaAnswer | Error][])('stays with %s', async (_words, given) => {
  init.note(INIT, CONTEXT);
  answer = given;
  expect(await init.renewed()).toBeNull();
});

it('is not requested where no readable one was given', async () => {
  expect(init.isKnown).toBe(false);
  init.note(new Uint8Array(8), CONTEXT);
  expect(init.isKnown).toBe(false);
  expect(init.isDoubtedBy(MEDIA)).toBe(false);
  expect(await init.renewed()).toBeNull();
  expect(asked).toEqual([]);
});

it.each([
  [1.4, false],
  [1 / 1.4, false],
  [1.6, true],
  [1 / 1.6, true],
])('is doubted once, or not, by a key frame %d times as long as the previous one: %s', (factor, expected) => {
  init.note(INIT, CONTEXT);
  expect(init.isDoubtedBy(MEDIA)).toBe(false);
  expect(init.isDoubtedBy(withKeyFrameOf(MEDIA, factor))).toBe(expected);
  expect(init.isDoubtedBy(withKeyFrameOf(MEDIA, factor))).toBe(false);
});

it('that the playlist names anew is not doubted because of its first key frame', () => {
  init.note(INIT, CONTEXT);
  init.isDoubtedBy(MEDIA);
  init.note(INIT, CONTEXT);
  expect(init.isDoubtedBy(withKeyFrameOf(MEDIA, 2))).toBe(false);
});

it('is not doubted because of media that begins without a key frame, or cannot be read', () => {
  init.note(INIT, CONTEXT);
  init.isDoubtedBy(MEDIA);
  for (const bytes of [new Uint8Array(), new TextEncoder().encode('<html>'), MEDIA.subarray(0, 90)])
    expect(init.isDoubtedBy(bytes)).toBe(false);
});
