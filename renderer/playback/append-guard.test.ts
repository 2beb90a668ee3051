import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { AppendGuard } from './append-guard.ts';

function fixture(name: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(`../../shared/media/fixtures/${name}`, import.meta.url)));
}

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));
const u32 = (value: number): Uint8Array => Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);

function box(type: string, ...content: readonly Uint8Array[]): Uint8Array {
  const body = Buffer.concat(content);
  return Buffer.concat([u32(8 + body.length), Buffer.from(type, 'latin1'), body]);
}

/** Sequence parameter sets of H.264, by the picture size that they announce. */
const SETS = {
  '16000x8000': bytes('6742c03eda003e800fa640'),
  '16000x8000, cropped to 640x360': bytes('6742c03eda003e800fa78007806003bb50'),
};

const INIT = fixture('cmaf-init.mp4');
/** Three fragments of five pictures. */
const MEDIA = fixture('cmaf.m4s');

/** A fragment of the track with one sample. */
function fragment(sample: Uint8Array, ...behind: readonly Uint8Array[]): Uint8Array {
  const moof = (dataOffset: number): Uint8Array =>
    box(
      'moof',
      box(
        'traf',
        box('tfhd', u32(0x020000), u32(1)),
        box('tfdt', u32(0), u32(0)),
        box('trun', u32(0x201), u32(1), u32(dataOffset), u32(sample.length)),
      ),
    );
  return Buffer.concat([moof(moof(0).length + 8), box('mdat', sample), ...behind]);
}

const unit = (content: Uint8Array): Uint8Array => Buffer.concat([u32(content.length), content]);
const PICTURE = unit(Uint8Array.of(0x65, 1, 2, 3));

/** The initialisation section with another size in its sample entry, or another first parameter set. */
function changedInit({ width, set }: { width?: number; set?: Uint8Array }): Uint8Array {
  const changed = Buffer.from(INIT);
  if (width !== undefined) {
    const entry = changed.indexOf('avc1', changed.indexOf('stsd'), 'latin1') + 4;
    changed.writeUInt16BE(width, entry + 24);
    changed.writeUInt16BE(width / 2, entry + 26);
  }
  if (set === undefined) return changed;
  const at = changed.indexOf('avcC', 0, 'latin1') + 4 + 6;
  const before = changed.readUInt16BE(at);
  // The rest of the previous set becomes zeros. The reader of sizes stops before them.
  expect(set.length).toBeLessThanOrEqual(before);
  changed.set(set, at + 2);
  changed.fill(0, at + 2 + set.length, at + 2 + before);
  return changed;
}

let guard: AppendGuard;
beforeEach(() => {
  guard = new AppendGuard();
});

describe('what may be appended', () => {
  it.each([
    ['a section and its media', [INIT, MEDIA]],
    ['media that is cut off', [INIT, MEDIA.subarray(0, MEDIA.length - 100)]],
    ['media without its section', [MEDIA]],
    ['video beside sound', [fixture('h264-aac-init.mp4'), fixture('h264-aac.m4s')]],
    ['H.265', [fixture('hevc.mp4')]],
    ['what is no media', [new TextEncoder().encode('<html>')]],
    ['nothing', [new Uint8Array()]],
  ])('is %s', (_what, pieces) => {
    for (const piece of pieces) expect(guard.objectionTo(piece)).toBeNull();
  });
});

describe('pictures that are larger than any camera’s', () => {
  it.each([
    ['announced by its sample entry', changedInit({ width: 16_000 })],
    ['announced by its parameters, whatever its entry says', changedInit({ set: SETS['16000x8000'] })],
  ])('are refused at the initialisation section, %s, and in the middle of a stream', (_how, init) => {
    expect(guard.objectionTo(init)).toBe('codec-h264');
    guard.objectionTo(INIT);
    expect(guard.objectionTo(MEDIA)).toBeNull();
    expect(guard.objectionTo(init)).toBe('codec-h264');
  });

  it.each(Object.entries(SETS))(
    'are refused where parameters among the pictures announce %s',
    (_size, set) => {
      guard.objectionTo(INIT);
      expect(guard.objectionTo(MEDIA)).toBeNull();
      expect(guard.objectionTo(fragment(Buffer.concat([unit(set), PICTURE])))).toBe('codec-h264');
    },
  );

  it('are refused even before damaged media: the browser shows what comes before the damage', () => {
    guard.objectionTo(INIT);
    const large = Buffer.concat([PICTURE, unit(SETS['16000x8000'])]);
    const damage = Uint8Array.of(0, 0, 0, 3, 1, 2, 3, 4);
    expect(guard.objectionTo(fragment(large, damage))).toBe('codec-h264');
    expect(guard.objectionTo(fragment(large).subarray(0, -1))).toBe('codec-h264');
  });
});

describe.each(['av1', 'vp9'] as const)('pictures of %s', (codec) => {
  const split = (name: string): [Buffer, Buffer] => {
    const whole = Buffer.from(fixture(name));
    const at = whole.indexOf('moof') - 4;
    return [whole.subarray(0, at), whole.subarray(at)];
  };
  const [init, media] = split(`${codec}.mp4`);
  const [, large] = split(`${codec}-large.mp4`);

  it('are refused where they say themselves that they are larger than any camera’s', () => {
    expect(guard.objectionTo(init)).toBeNull();
    expect(guard.objectionTo(media)).toBeNull();
    expect(guard.objectionTo(large)).toBe(`codec-${codec}`);
    expect(guard.objectionTo(media)).toBeNull();
  });

  it('are judged whatever the bytes are', () => {
    const change = fc.tuple(fc.nat(900), fc.uint8Array({ minLength: 1, maxLength: 4 }));
    fc.assert(
      fc.property(fc.array(change, { maxLength: 8 }), fc.nat(), (changes, cut) => {
        guard.objectionTo(init);
        const ruined = Uint8Array.from(media.subarray(0, media.length - (cut % media.length)));
        for (const [at, values] of changes) if (at + values.length <= ruined.length) ruined.set(values, at);
        guard.objectionTo(ruined);
        expect(guard.objectionTo(large)).toBe(`codec-${codec}`);
      }),
      { numRuns: 200 },
    );
  });
});

describe('more work than real media needs', () => {
  const many = (count: number, content: Uint8Array): Uint8Array =>
    Buffer.concat(Array<Uint8Array>(count).fill(content));

  it.each([
    ['units', fragment(many(200_001, unit(Uint8Array.of(9))))],
    [
      'parameter sets',
      fragment(many(1001, Buffer.concat([unit(Uint8Array.of(0x67, 1)), unit(Uint8Array.of(0x67, 2))]))),
    ],
    ['samples', box('moof', box('traf', box('trun', u32(0), u32(100_001))))],
    ['boxes', many(20_001, box('free'))],
  ])('are too many %s', (_what, piece) => {
    guard.objectionTo(INIT);
    expect(guard.objectionTo(piece)).toBe('not-media');
  });

  it('is not caused by parameters that are repeated unchanged', () => {
    guard.objectionTo(INIT);
    expect(guard.objectionTo(fragment(many(3000, unit(Uint8Array.of(0x67, 1)))))).toBeNull();
  });
});

it('never throws, whatever the bytes are, and judges later media as before', () => {
  const change = fc.tuple(fc.nat(900), fc.uint8Array({ minLength: 1, maxLength: 4 }));
  const large = fragment(Buffer.concat([unit(SETS['16000x8000']), PICTURE]));
  fc.assert(
    fc.property(
      fc.constantFrom(INIT, MEDIA, large, fixture('h264-aac.m4s'), fixture('hevc.mp4')),
      fc.array(change, { maxLength: 8 }),
      fc.nat(),
      (bytes, changes, cut) => {
        const ruined = Uint8Array.from(bytes.subarray(0, bytes.length - (cut % bytes.length)));
        for (const [at, values] of changes) if (at + values.length <= ruined.length) ruined.set(values, at);
        guard.objectionTo(ruined);
        expect(guard.objectionTo(INIT)).toBeNull();
        expect(guard.objectionTo(MEDIA)).toBeNull();
        expect(guard.objectionTo(large)).toBe('codec-h264');
      },
    ),
    { numRuns: 500 },
  );
});
