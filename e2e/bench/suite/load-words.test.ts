import { describe, expect, test } from 'vitest';
import { loadCell, loadParagraph, loadWords, machineState } from './load-words.ts';

const runWith = (othersCores: number | null) => ({ othersCores, machine: machineState(othersCores, 2) });

describe('machineState', () => {
  test.each([
    [0.2, 'quiet'],
    [0.21, 'busy'],
    [null, 'unknown'],
  ])('of two cores others kept %j busy: %s', (othersCores, state) => {
    expect(machineState(othersCores, 2)).toBe(state);
  });
});

describe('loadCell', () => {
  test('tells the median', () => {
    expect(loadCell([runWith(0.1), runWith(0.2)])).toBe('0.15');
  });

  test('says that it was too high', () => {
    expect(loadCell([runWith(0.9)])).toBe('**0.90: too high**');
  });

  test('says in how many runs it was, and how high', () => {
    expect(loadCell([runWith(0.1), runWith(0.1), runWith(0.9)])).toBe(
      '**0.10, in 1 of 3 runs too high (0.90)**',
    );
  });

  test('is a dash where the system does not tell', () => {
    expect(loadCell([runWith(null)])).toBe('–');
  });
});

describe('loadParagraph', () => {
  test('counts the disturbed runs', () => {
    expect(loadParagraph([runWith(0.1), runWith(0.9)])).toContain('In 1 of 2 runs others kept more than');
  });

  test('says that the machine was quiet', () => {
    expect(loadParagraph([runWith(0.1)])).toBe(
      'In every run others kept at most 10 % of the machine’s cores busy.',
    );
  });
});

test('the line of a run says it in words', () => {
  expect(loadWords(0.9, 2)).toBe('0.90 cores: TOO HIGH');
  expect(loadWords(0.1, 2)).toBe('0.10 cores');
});
