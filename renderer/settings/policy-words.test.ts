import { expect, it } from 'vitest';
import { hourOptions, hoursWords, lagWords, stableWords } from './policy-words.ts';

it('says after which time the tiles return, and how long the return is spread', () => {
  expect(stableWords('30', 'automatic', 9)).toBe(
    'A site that fails again within 30 s of coming back starts anew; then the tiles return one by one, within 5 s.',
  );
  expect(stableWords('30', 'automatic', 64)).toContain('within 9.6 s');
});

it('promises no return where the operator decides', () => {
  expect(stableWords('0', 'manual', 9)).toBe(
    'A site has proved itself as soon as its pictures move again; before that, the return is not offered.',
  );
});

it('explains a lag of zero', () => {
  expect(lagWords('0,0')).toContain('catch up entirely');
  expect(lagWords('3')).toContain('more than 3 s behind');
});

it('says that the hours go over midnight', () => {
  expect(hoursWords({ from: 22, to: 5 })).toContain('between 22:00 and 05:00 of the next day');
  expect(hoursWords({ from: 9, to: 17 })).toContain('between 09:00 and 17:00,');
});

it('says that no hour is left', () => {
  expect(hoursWords({ from: 5, to: 5 })).toContain('never return by themselves');
});

it('offers full hours, the last one included', () => {
  expect(hourOptions(0, 24).at(-1)).toEqual(['24', '24:00']);
});
