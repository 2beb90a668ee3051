import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { MediaPlaylist } from '../../shared/playlist/playlist.ts';
import { readPlaylist } from '../../shared/playlist/read-playlist.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { DeepCheck, type Finding } from './deep-check.ts';
import type { Fetched, Transport } from './transport.ts';

const fixture = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../../shared/media/fixtures/${name}`, import.meta.url)));
const KEY_FRAME = fixture('h264-aac.ts');
const NO_KEY_FRAME = fixture('h264-no-key-frame.ts');
const ALIVE = { kind: 'alive', search: 'done' };

/** A site whose answers a test writes down by the name of what is asked for. */
class Shelf implements Transport {
  readonly asked: string[] = [];
  readonly answers = new Map<string, Fetched<Uint8Array>>();
  readonly clock = new FakeClock();
  readonly check = new DeepCheck({
    clock: this.clock,
    transport: this,
    signal: new AbortController().signal,
    canShow: () => true,
  });
  /** What every name without an answer of its own gets. */
  usual: Fetched<Uint8Array> = body(KEY_FRAME);

  fetchText(): Promise<Fetched<string>> {
    throw new Error('a deep check asks for no playlist');
  }

  fetchBytes(pathname: string): Promise<Fetched<Uint8Array>> {
    const name = pathname.replace('/sites/main/', '');
    this.asked.push(name);
    return Promise.resolve(this.answers.get(name) ?? this.usual);
  }

  /** Looks at a playlist of `count` segments of 2 s that ends with segment `last`, and what is written after it. */
  run(last: number, { count = 3, after = '' } = {}): Promise<Finding | null> {
    return this.check.run(playlist(last, count, after), '/sites/main/index.m3u8');
  }
}

function body(bytes: Uint8Array, elapsedMs = 20): Fetched<Uint8Array> {
  return { kind: 'body', body: bytes, elapsedMs };
}

function playlist(last: number, count: number, after: string): MediaPlaylist {
  const first = last - count + 1;
  const segments = Array.from({ length: count }, (_, index) => `#EXTINF:2,\n${first + index}.ts\n`);
  const reading = readPlaylist(
    `#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXT-X-MEDIA-SEQUENCE:${first}\n${segments.join('')}${after}`,
  );
  if (!reading.ok || reading.playlist.kind !== 'media') throw new Error('not a media playlist');
  return reading.playlist;
}

const missing: Fetched<Uint8Array> = { kind: 'failed', cause: 'http-404' };

describe('a deep check (rule 3)', () => {
  it('fetches the newest segment, and nothing else where that holds a key frame', async () => {
    const shelf = new Shelf();
    expect(await shelf.run(9)).toMatchObject(ALIVE);
    expect(shelf.asked).toEqual(['9.ts']);
  });

  it('fetches the newest part, and the part to begin with for the key frame', async () => {
    const shelf = new Shelf();
    shelf.answers.set('10.1.ts', body(NO_KEY_FRAME));
    const after =
      '#EXT-X-PART-INF:PART-TARGET=0.5\n#EXT-X-PART:DURATION=0.5,URI="10.0.ts",INDEPENDENT=YES\n#EXT-X-PART:DURATION=0.5,URI="10.1.ts"\n';
    expect(await shelf.run(9, { after })).toMatchObject(ALIVE);
    expect(shelf.asked).toEqual(['10.1.ts', '10.0.ts']);
  });

  it('says what the newest media is refused with', async () => {
    const shelf = new Shelf();
    shelf.usual = { kind: 'failed', cause: 'http-503' };
    expect(await shelf.run(9)).toEqual({ kind: 'evidence', cause: 'http-503' });
  });

  it('says nothing where there is nothing to fetch', async () => {
    expect(await new Shelf().run(9, { count: 0 })).toBeNull();
  });
});

describe('a missing segment', () => {
  it('leaves open whether the stream lives, until the next one is there', async () => {
    const shelf = new Shelf();
    shelf.answers.set('9.ts', missing);
    expect(await shelf.run(9)).toEqual({ kind: 'unsure' });
    expect(await shelf.run(9)).toEqual({ kind: 'unsure' });
    expect(await shelf.run(10)).toMatchObject(ALIVE);
  });

  it('after one that was there is a new hole, not the second of one', async () => {
    const shelf = new Shelf();
    shelf.answers.set('9.ts', missing).set('11.ts', missing);
    expect([await shelf.run(9), await shelf.run(10), await shelf.run(11)]).toMatchObject([
      { kind: 'unsure' },
      ALIVE,
      { kind: 'unsure' },
    ]);
  });

  it('followed by another one is evidence, though older ones are still served', async () => {
    const shelf = new Shelf();
    shelf.answers.set('9.ts', missing).set('10.ts', missing);
    shelf.answers.set('8.ts', body(KEY_FRAME));
    await shelf.run(9);
    expect(await shelf.run(10, { count: 4 })).toEqual({ kind: 'evidence', cause: 'http-404' });
  });

  it('is evidence at once where the one before is missing as well', async () => {
    const shelf = new Shelf();
    shelf.usual = missing;
    expect(await shelf.run(9)).toEqual({ kind: 'evidence', cause: 'http-404' });
  });
});

describe('key frames', () => {
  it('further apart than segments are looked for in older ones, each of them once', async () => {
    const shelf = new Shelf();
    shelf.usual = body(NO_KEY_FRAME);
    shelf.answers.set('7.ts', body(KEY_FRAME));
    expect(await shelf.run(9)).toMatchObject(ALIVE);
    expect(await shelf.run(10, { count: 4 })).toMatchObject(ALIVE);
    expect(shelf.asked).toEqual(['9.ts', '8.ts', '7.ts', '10.ts']);
  });

  it('never seen prove nothing, and after 30 s without one the stream is accused', async () => {
    const shelf = new Shelf();
    shelf.usual = body(NO_KEY_FRAME);
    for (let last = 9; last <= 20; last += 1) expect(await shelf.run(last)).toEqual({ kind: 'unsure' });
    expect(await shelf.run(21)).toEqual({ kind: 'evidence', cause: 'no-picture' });
  });

  it('12 s apart in a window of 6 s are no evidence once that interval is known', async () => {
    const shelf = new Shelf();
    shelf.usual = body(NO_KEY_FRAME);
    for (const sequence of [6, 12, 18, 24]) shelf.answers.set(`${sequence}.ts`, body(KEY_FRAME));
    for (let last = 6; last <= 12; last += 1) await shelf.run(last);
    const findings: (Finding | null)[] = [];
    for (let last = 13; last <= 24; last += 1) findings.push(await shelf.run(last));
    expect(new Set(findings.map((finding) => finding?.kind))).toEqual(new Set(['alive']));
    expect(findings[3]).toMatchObject({ kind: 'alive', search: 'goes-on' });
  });
});

describe('media slower than real time', () => {
  it('is evidence when the pieces before are slow as well', async () => {
    const shelf = new Shelf();
    shelf.usual = body(KEY_FRAME, 2500);
    expect(await shelf.run(9)).toEqual({ kind: 'evidence', cause: 'too-slow' });
    expect(shelf.asked).toEqual(['9.ts', '8.ts']);
  });

  it('is none when one answer was late', async () => {
    const shelf = new Shelf();
    shelf.answers.set('9.ts', body(KEY_FRAME, 2500));
    expect(await shelf.run(9)).toMatchObject(ALIVE);
  });

  it('is evidence at once when no other piece could make it up', async () => {
    const shelf = new Shelf();
    shelf.usual = body(KEY_FRAME, 4500);
    expect(await shelf.run(9)).toEqual({ kind: 'evidence', cause: 'too-slow' });
    expect(shelf.asked).toEqual(['9.ts']);
  });
});
