import { describe, expect, it } from 'vitest';
import { readProgramDateTime, writeProgramDateTime } from './program-date-time.ts';

describe('readProgramDateTime', () => {
  it.each([
    ['2019-02-14T02:14:00.106Z', '2019-02-14T02:14:00.106Z'],
    ['2019-02-14T02:14:00.106+02:00', '2019-02-14T00:14:00.106Z'],
    ['2019-02-14T02:14:00.106+0200', '2019-02-14T00:14:00.106Z'],
    ['2019-02-14T02:14:00.106-0330', '2019-02-14T05:44:00.106Z'],
    ['2019-02-14T02:14:00.106+02', '2019-02-14T00:14:00.106Z'],
    ['2019-02-14T02:14:00', '2019-02-14T02:14:00.000Z'],
    [' 2019-02-14 02:14:00,5z ', '2019-02-14T02:14:00.500Z'],
  ])('reads %s', (text, expected) => {
    expect(readProgramDateTime(text)).toBe(Date.parse(expected));
  });

  it('keeps fractions of a millisecond', () => {
    const whole = Date.parse('2019-02-14T02:14:00Z');
    expect(readProgramDateTime('2019-02-14T02:14:00.1234567Z')).toBeCloseTo(whole + 123.457, 3);
  });

  it.each(['', 'yesterday', '2019-02-14', '2019-13-41T02:14:00Z', '1550110440', '2019-02-14T02:14:00 CET'])(
    'does not read "%s"',
    (text) => {
      expect(readProgramDateTime(text)).toBeNull();
    },
  );
});

describe('writeProgramDateTime', () => {
  it.each([
    [0, '1970-01-01T00:00:00.000000Z'],
    [1_700_000_000_123.456, '2023-11-14T22:13:20.123456Z'],
    [999.9999, '1970-01-01T00:00:01.000000Z'],
    [-0.5, '1969-12-31T23:59:59.999500Z'],
  ])('%d is %s', (timeMs, text) => {
    expect(writeProgramDateTime(timeMs)).toBe(text);
    expect(readProgramDateTime(text)).toBeCloseTo(timeMs, 2);
  });

  it('is nothing for what no date can hold', () => {
    expect(writeProgramDateTime(1e300)).toBeNull();
    expect(writeProgramDateTime(Number.NaN)).toBeNull();
  });
});
