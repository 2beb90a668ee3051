import { describe, expect, it } from 'vitest';
import { findJsonFault } from './json-fault.ts';

describe('the first fault of a text', () => {
  it.each([
    ['', 1, 1, 'it is empty'],
    [' \n ', 2, 2, 'it is empty'],
    ['{"a": 1,}', 1, 9, 'there is a comma too many before this'],
    ['[1, 2,\n]', 2, 1, 'there is a comma too many before this'],
    ['{"a": 1\n "b": 2}', 2, 2, 'a comma or } is missing before this'],
    ['[1 2]', 1, 4, 'a comma or ] is missing before this'],
    ['{"a" 1}', 1, 6, 'a colon is missing before this'],
    ['{a: 1}', 1, 2, 'a name in double quotes is missing here'],
    ["{'a': 1}", 1, 2, 'a name in double quotes is missing here'],
    ['{"a": }', 1, 7, '} is not a value'],
    ['{"password": hunter2}', 1, 14, 'this is not a value; text must be in double quotes'],
    ['{"a": $ecret}', 1, 7, 'this is not a value; text must be in double quotes'],
    ['{"a": 01}', 1, 7, 'this is not a value; text must be in double quotes'],
    ['{"a": +1}', 1, 7, 'this is not a value; text must be in double quotes'],
    ['{"a": \'b\'}', 1, 7, 'text must be in double quotes'],
    ['{"a": 1 // one\n}', 1, 9, 'a comma or } is missing before this'],
    ['[// one\n]', 1, 2, 'comments are not allowed'],
    ['{"a": "b}', 1, 7, 'this text has no closing quote, or a character that needs a backslash'],
    ['{"a": "b\nc"}', 1, 7, 'this text has no closing quote, or a character that needs a backslash'],
    ['{"a": "C:\\x"}', 1, 7, 'this text has no closing quote, or a character that needs a backslash'],
    ['{"a": [1', 1, 9, 'it ends before the closing ]'],
    ['{"a": {', 1, 8, 'it ends before the closing }'],
    ['{"a":', 1, 6, 'it ends where a value is due'],
    ['{} {}', 1, 4, 'something follows after the end'],
  ])('of %j', (text, line, column, what) => {
    expect(() => JSON.parse(text)).toThrow();
    expect(findJsonFault(text)).toEqual({ line, column, what });
  });

  it.each([
    '0',
    '-1.5e+3',
    '"\\u00e4\\n\ud83d\ude00"',
    '[[], {}, [{"a": [null, true, false]}]]\n',
    ' {"": ""} ',
  ])('does not exist in %j', (text) => {
    expect(() => JSON.parse(text)).not.toThrow();
    expect(findJsonFault(text)).toBeNull();
  });

  it('is found in a text with endless nesting', () => {
    expect(findJsonFault('['.repeat(100_000))?.what).toBe('it is nested too deeply');
  });
});
