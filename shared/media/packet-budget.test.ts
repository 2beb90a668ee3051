import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isOverPacketBudgetInSteps, MAX_START_CODES, MAX_UNITS } from './packet-budget.ts';
import { allAtOnce } from './steps.ts';

const fixture = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`fixtures/${name}`, import.meta.url)));

/** Packets of one stream with this payload. Every packet begins a unit, or only the first one does. */
function packets(payload: Uint8Array, units: 'many' | 'one'): Uint8Array {
  const written = Buffer.alloc(Math.ceil(payload.length / 184) * 188, 0xff);
  for (let at = 0, from = 0; from < payload.length; at += 188, from += 184) {
    written.set([0x47, (at === 0 || units === 'many' ? 0x40 : 0) | 1, 0, 0x10], at);
    written.set(payload.subarray(from, from + 184), at + 4);
  }
  return written;
}

const many = (count: number, content: readonly number[]): Uint8Array =>
  Buffer.concat(Array<Uint8Array>(count).fill(Uint8Array.from(content)));

describe('over the budget', () => {
  it.each([
    ['units of tables or pictures', packets(Buffer.alloc(184 * (MAX_UNITS + 1)), 'many')],
    ['NAL units', packets(many(MAX_START_CODES + 5000, [0, 0, 1, 9]), 'one')],
    ['NAL units behind more zeros', packets(many(MAX_START_CODES + 5000, [0, 0, 0, 0, 1, 0x67, 1]), 'one')],
  ])('are too many %s', (_what, bytes) => {
    expect(allAtOnce(isOverPacketBudgetInSteps(bytes))).toBe(true);
  });
});

describe('not over the budget', () => {
  it.each([
    ['a segment', fixture('h264-aac.ts')],
    ['a segment of H.265', fixture('hevc.ts')],
    ['as many units as there may be', packets(Buffer.alloc(184 * MAX_UNITS, 1), 'many')],
    ['much video without a start code', packets(Buffer.alloc(5_000_000, 1), 'one')],
    ['what is no MPEG-TS', many(MAX_START_CODES + 5000, [0, 0, 1, 9])],
    ['nothing', new Uint8Array()],
  ])('is %s', (_what, bytes) => {
    expect(allAtOnce(isOverPacketBudgetInSteps(bytes))).toBe(false);
  });
});
