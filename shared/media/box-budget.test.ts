import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isOverBoxBudget, MAX_BOXES, MAX_SAMPLES } from './box-budget.ts';

const fixture = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`fixtures/${name}`, import.meta.url)));

function box(type: string, ...content: Uint8Array[]): Uint8Array {
  const length = 8 + content.reduce((total, one) => total + one.length, 0);
  const header = Buffer.alloc(8);
  header.writeUInt32BE(length);
  header.write(type, 4, 'latin1');
  return Buffer.concat([header, ...content]);
}

const free = (count: number): Uint8Array => Buffer.concat(Array<Uint8Array>(count).fill(box('free')));

function run(samples: number): Uint8Array {
  const header = Buffer.alloc(8);
  header.writeUInt32BE(samples, 4);
  return box('trun', header);
}

describe('over the budget', () => {
  it.each([
    ['boxes beside each other', free(MAX_BOXES + 1)],
    ['boxes in a fragment', box('moof', box('traf', free(MAX_BOXES)))],
    ['boxes in a movie, after a box of unknown length', box('moov', box('trak', free(MAX_BOXES)))],
    ['a run that announces samples without bytes of their own', box('moof', box('traf', run(0xffff_ffff)))],
    ['boxes behind one that no segment begins with', Buffer.concat([box('ssix'), free(MAX_BOXES)])],
    ['many runs', box('moof', box('traf', run(MAX_SAMPLES), run(1)))],
  ])('are %s', (_what, bytes) => {
    expect(isOverBoxBudget(bytes)).toBe(true);
  });
});

describe('not over the budget', () => {
  it.each([
    ['a segment', fixture('cmaf.m4s')],
    ['an initialisation section', fixture('cmaf-init.mp4')],
    ['as many boxes as there may be', free(MAX_BOXES)],
    ['content that looks like boxes', box('mdat', free(MAX_BOXES + 1))],
    ['a box whose size is none', Buffer.from('\0\0\0\x07moof\0\0\0\x07moof', 'latin1')],
    ['a box that ends far beyond', Buffer.from('\xff\xff\xff\xffmoof', 'latin1')],
    ['a large box that is cut off', Buffer.from('\0\0\0\x01mdat\0\0', 'latin1')],
    ['nothing', new Uint8Array()],
    ['what is no such media', Buffer.alloc(188 * 3, 0x47)],
  ])('is %s', (_what, bytes) => {
    expect(isOverBoxBudget(bytes)).toBe(false);
  });
});
