import { expect, it } from 'vitest';
import { isClockJump } from './clock-jump.ts';

const LISTED = { start: 100, duration: 2 };

it.each([
  ['of the listed length', 100, 102, false],
  ['a few seconds longer, as some servers put all that has arrived into one segment', 100, 106, false],
  ['an hour longer', 100, 3702, true],
  ['a few seconds beside its place', 95, 97, false],
  ['far ahead of its place', 3700, 3702, true],
  ['far behind its place', 80, 82, true],
])('media that is %s', (_words, startS, endS, isJump) => {
  expect(isClockJump({ startS, endS, keyFramesS: [] }, LISTED)).toBe(isJump);
});
