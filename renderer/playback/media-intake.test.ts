import { readFileSync } from 'node:fs';
import { beforeEach, expect, it } from 'vitest';
import { MediaIntake } from './media-intake.ts';

function fixture(name: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(`../../shared/media/fixtures/${name}`, import.meta.url)));
}

const PLACE = { sequence: 7, part: null, discontinuity: 0, durationS: 1 };

let told: string[];
let canShow: boolean;
let intake: MediaIntake;
beforeEach(() => {
  told = [];
  canShow = true;
  intake = new MediaIntake(
    () => canShow,
    (cause) => told.push(cause),
  );
});

it('leaves the video alone, and nothing gets longer', () => {
  const media = fixture('h264-aac.m4s');
  intake.initialisation(fixture('h264-aac-init.mp4'));
  const before = media.length;
  intake.media(media, PLACE);
  const text = Buffer.from(media).toString('latin1');
  expect(text.match(/traf/g)).toHaveLength(1);
  expect(media).toHaveLength(before);
  expect(told).toEqual([]);
});

it('tells of sound without a picture', () => {
  intake.media(fixture('aac-only.ts'), PLACE);
  expect(told).toEqual(['no-video']);
});

it('tells nothing of what cannot be read', () => {
  for (let sequence = 0; sequence < 5; sequence += 1)
    intake.media(new TextEncoder().encode('<html>'), { ...PLACE, sequence });
  expect(told).toEqual([]);
});
