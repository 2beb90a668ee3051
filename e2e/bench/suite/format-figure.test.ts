import { describe, expect, test } from 'vitest';
import { inThousands, inUnits, withSign } from './format-figure.ts';

describe('figures', () => {
  test.each([
    [inUnits(null), '–'],
    [inUnits(-1.26, 1), '−1.3'],
    [withSign(1.26, 1), '+1.3'],
    [withSign(-1.26, 1), '−1.3'],
    [withSign(null), '–'],
    [inThousands(1_234_567.4), '1 234 567'],
    [inThousands(999), '999'],
  ])('%j is %j', (words, expected) => {
    expect(words).toBe(expected);
  });
});
