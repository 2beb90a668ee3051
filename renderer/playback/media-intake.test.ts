import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { allAtOnce } from '../../shared/media/steps.ts';
import { MediaIntake } from './media-intake.ts';

function fixture(name: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(`../../shared/media/fixtures/${name}`, import.meta.url)));
}

const PLACE = { sequence: 7, part: null, discontinuity: 0, durationS: 1 };

let causes: string[];
let canShow: boolean;
let intake: MediaIntake;
beforeEach(() => {
  causes = [];
  canShow = true;
  intake = new MediaIntake(
    () => canShow,
    (cause) => causes.push(cause),
  );
});

it('keeps only the video, and makes nothing longer', () => {
  const media = fixture('h264-aac.m4s');
  allAtOnce(intake.initialisation(fixture('h264-aac-init.mp4')));
  const before = media.length;
  allAtOnce(intake.media(media, PLACE));
  const text = Buffer.from(media).toString('latin1');
  expect(text.match(/traf/g)).toHaveLength(1);
  expect(media).toHaveLength(before);
  expect(causes).toEqual([]);
});

it('reports sound without a picture', () => {
  allAtOnce(intake.media(fixture('aac-only.ts'), PLACE));
  expect(causes).toEqual(['no-video']);
});

it.each([
  ['H.265', 'hevc.ts', 'codec-h265'],
  ['MPEG-2 video', 'mpeg2.ts', 'codec-mpeg2'],
])('reports %s that this workstation cannot show, once', (_words, name, cause) => {
  canShow = false;
  allAtOnce(intake.media(fixture(name), PLACE));
  allAtOnce(intake.media(fixture(name), { ...PLACE, sequence: 8 }));
  expect(causes).toEqual([cause]);
});

it('reports a codec that hls.js does not read from MPEG-TS, though there is a decoder for it', () => {
  allAtOnce(intake.media(fixture('mpeg2.ts'), PLACE));
  expect(causes).toEqual(['codec-mpeg2']);
});

it('inspects again behind a discontinuity, and after another initialisation section', () => {
  allAtOnce(intake.media(fixture('h264-aac.ts'), PLACE));
  canShow = false;
  allAtOnce(intake.media(fixture('hevc.ts'), { ...PLACE, sequence: 8 }));
  expect(causes).toEqual([]);
  allAtOnce(intake.media(fixture('hevc.ts'), { ...PLACE, sequence: 9, discontinuity: 1 }));
  expect(causes).toEqual(['codec-h265']);
  allAtOnce(intake.initialisation(fixture('cmaf-init.mp4')));
  allAtOnce(intake.media(fixture('cmaf.m4s'), { ...PLACE, sequence: 10, discontinuity: 1 }));
  expect(causes).toEqual(['codec-h265', 'codec-h264']);
});

describe('media without a key frame', () => {
  const without = fixture('h264-no-key-frame.ts');
  const at = (sequence: number, discontinuity = 0) => ({ ...PLACE, sequence, discontinuity });

  it('is not usable at the start, behind a hole, and in another discontinuity', () => {
    expect(allAtOnce(intake.isOfUse(without, at(7)))).toBe(false);
    expect(allAtOnce(intake.isOfUse(fixture('h264-aac.ts'), at(8)))).toBe(true);
    expect(allAtOnce(intake.isOfUse(without, at(10)))).toBe(false);
    expect(allAtOnce(intake.isOfUse(without, at(9, 1)))).toBe(false);
    intake.beginAnew();
    expect(allAtOnce(intake.isOfUse(without, at(9)))).toBe(false);
  });

  it('is usable where it follows media that hls.js got, part by part and segment by segment', () => {
    expect(allAtOnce(intake.isOfUse(fixture('h264-aac.ts'), { ...at(7), part: 0 }))).toBe(true);
    expect(allAtOnce(intake.isOfUse(without, { ...at(7), part: 1 }))).toBe(true);
    expect(allAtOnce(intake.isOfUse(without, at(8)))).toBe(true);
  });

  it('is not usable before the tables of its transport stream came', () => {
    const whole = fixture('h264-aac.ts');
    const isTable = (at: number): boolean =>
      (((whole[at + 1] ?? 0) & 0x1f) << 8) + (whole[at + 2] ?? 0) === 0;
    const withoutTables = whole.filter((_byte, at) => !isTable(at - (at % 188)));
    expect(allAtOnce(intake.isOfUse(withoutTables, at(7)))).toBe(false);
    expect(allAtOnce(intake.isOfUse(whole, at(8)))).toBe(true);
    expect(allAtOnce(intake.isOfUse(withoutTables, at(9)))).toBe(true);
  });

  it('is left to hls.js where it cannot be read', () => {
    expect(allAtOnce(intake.isOfUse(new Uint8Array(), at(7)))).toBe(true);
  });
});

it('reports nothing about media that cannot be read', () => {
  for (let sequence = 0; sequence < 5; sequence += 1)
    allAtOnce(intake.media(new TextEncoder().encode('<html>'), { ...PLACE, sequence }));
  expect(causes).toEqual([]);
});
