import { beforeEach, describe, expect, it } from 'vitest';
import type { MediaAnswer, MediaRequest, MediaRest } from '../../shared/gateway/gateway-exchange.ts';
import { VirtualClock } from '../../shared/testing/virtual-clock.ts';
import { LargeMedia } from './large-media.ts';

const PIECE_BYTES = 1_000_000;
const REQUEST: Omit<MediaRequest, 'site' | 'requestId'> = {
  pathname: '/sites/north/1.ts',
  deadlineMs: 5000,
  firstByteMs: 1000,
  range: null,
  expects: 'media',
};

let clock: VirtualClock;
let media: LargeMedia;
/** The pending requests for pieces, by the id of their answer. */
let onTheWay: Map<string, (piece: MediaRest) => void>;
let isAtRest: boolean;
let becomeRested: () => void;

beforeEach(() => {
  clock = new VirtualClock();
  onTheWay = new Map();
  isAtRest = true;
  const waiting: (() => void)[] = [];
  becomeRested = () => {
    isAtRest = true;
    for (const resolve of waiting.splice(0)) resolve();
  };
  media = new LargeMedia(
    {
      begin: async ({ requestId }) =>
        requestId === 'small'
          ? { kind: 'bytes', bytes: Uint8Array.of(1, 2), hasMore: false, waitedMs: 7 }
          : { kind: 'bytes', bytes: new Uint8Array(0), hasMore: true, waitedMs: 7 },
      rest: (requestId) => new Promise((resolve) => void onTheWay.set(requestId, resolve)),
    },
    clock,
    () => (isAtRest ? Promise.resolve() : new Promise((resolve) => void waiting.push(resolve))),
  );
});

const settle = (): Promise<void> => clock.advance(0);

/** Requests media, and notes the answer when it has come. */
async function ask(requestId: string, site = 'north'): Promise<{ answer: MediaAnswer | null }> {
  const asked: { answer: MediaAnswer | null } = { answer: null };
  media.media({ ...REQUEST, site, requestId }).then((answer) => {
    asked.answer = answer;
  });
  await settle();
  return asked;
}

/** Lets the pending piece of an answer come. */
async function give(
  requestId: string,
  piece: MediaRest = { kind: 'bytes', bytes: new Uint8Array(PIECE_BYTES), hasMore: true },
): Promise<void> {
  const resolve = onTheWay.get(requestId);
  if (resolve === undefined) throw new Error(`no piece of ${requestId} was requested`);
  onTheWay.delete(requestId);
  resolve(piece);
  await settle();
}

const last = (bytes: Uint8Array<ArrayBuffer>): MediaRest => ({ kind: 'bytes', bytes, hasMore: false });
const pieces = (): string[] => [...onTheWay.keys()];

describe('media that comes at once', () => {
  it('passes without a wait, however busy the window is', async () => {
    isAtRest = false;
    const { answer } = await ask('small');
    expect(answer).toEqual({ kind: 'bytes', bytes: Uint8Array.of(1, 2), waitedMs: 7 });
  });
});

describe('media that comes in pieces', () => {
  it('is given as a whole', async () => {
    const asked = await ask('one');
    await give('one', { kind: 'bytes', bytes: Uint8Array.of(1, 2), hasMore: true });
    await give('one', last(Uint8Array.of(3)));
    expect(asked.answer).toEqual({ kind: 'bytes', bytes: Uint8Array.of(1, 2, 3), waitedMs: 7 });
    expect(clock.pending()).toBe(0);
  });

  it('is asked for when the window has nothing more urgent to do, piece by piece', async () => {
    await ask('one');
    isAtRest = false;
    await give('one');
    expect(pieces()).toEqual([]);
    becomeRested();
    await settle();
    expect(pieces()).toEqual(['one']);
  });

  it('fails as the host says', async () => {
    const asked = await ask('one');
    const no = { kind: 'failed', status: 504, reason: 'timeout', words: 'North did not answer' } as const;
    await give('one', no);
    expect(asked.answer).toEqual(no);
  });

  it('is refused where it is too much work to read', async () => {
    const asked = await ask('one');
    const boxes = new Uint8Array(8 * 30_000);
    for (let at = 0; at < boxes.length; at += 8) boxes.set([0, 0, 0, 8, 0x66, 0x72, 0x65, 0x65], at);
    await give('one', { kind: 'bytes', bytes: boxes.slice(0, 8 * 15_000), hasMore: true });
    await give('one', last(boxes.slice(8 * 15_000)));
    expect(asked.answer).toMatchObject({ kind: 'failed', reason: 'not-media' });
  });
});

describe('large answers of one site', () => {
  it('come one after the other, and those of another site beside them', async () => {
    await ask('one');
    await ask('two');
    await ask('other', 'south');
    expect(pieces()).toEqual(['one', 'other']);
    await give('one');
    expect(pieces()).toEqual(['other', 'one']);
    await give('one', last(Uint8Array.of(1)));
    expect(pieces()).toEqual(['other', 'two']);
  });

  it('overtake one whose next piece the site does not send', async () => {
    await ask('stuck');
    const asked = await ask('two');
    await clock.advance(249);
    expect(pieces()).toEqual(['stuck']);
    await clock.advance(1);
    expect(pieces()).toEqual(['stuck', 'two']);
    await give('two', last(Uint8Array.of(1)));
    expect(asked.answer).toMatchObject({ kind: 'bytes' });
  });

  it('wait for the oldest once 32 MB of them are in hand', async () => {
    await ask('oldest');
    await ask('two');
    await clock.advance(250);
    for (let count = 0; count < 32; count += 1) await give('two');
    expect(pieces()).toEqual(['oldest']);
    await give('oldest');
    await give('oldest', last(Uint8Array.of(1)));
    expect(pieces()).toEqual(['two']);
  });

  it('continue when the one that they wait for is cancelled, and that one ends', async () => {
    const oldest = await ask('oldest');
    await ask('two');
    for (let count = 0; count < 40; count += 1) await give('oldest');
    await clock.advance(250);
    expect(pieces()).toEqual(['oldest']);
    media.cancel('oldest');
    await settle();
    expect(pieces()).toEqual(['oldest', 'two']);
    await give('oldest');
    expect(oldest.answer).toMatchObject({ kind: 'failed', reason: 'cancelled' });
  });
});
