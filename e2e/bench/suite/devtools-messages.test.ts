import { runInThisContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { callOf, evaluatedValue, inspectorAddress, pageSocketOf, portOf } from './devtools-messages.ts';

describe('an evaluation', () => {
  test('gives its value', () => {
    expect(evaluatedValue({ result: { type: 'object', value: { tiles: [1] } } })).toEqual({ tiles: [1] });
  });

  test('that has no value gives none', () => {
    expect(evaluatedValue({ result: { type: 'undefined' } })).toBeUndefined();
  });

  test('that threw an error tells it', () => {
    const description = 'TypeError: window.none is not a function\n    at <anonymous>:1:8';
    const result = {
      result: { type: 'object', subtype: 'error' },
      exceptionDetails: { text: 'Uncaught', exception: { description } },
    };
    expect(() => evaluatedValue(result)).toThrow('TypeError: window.none is not a function');
  });

  test('that threw something else tells what the browser says of it', () => {
    const result = { result: { type: 'string', value: 'no' }, exceptionDetails: { text: 'Uncaught no' } };
    expect(() => evaluatedValue(result)).toThrow('Uncaught no');
  });
});

describe('a call', () => {
  test('hands its argument over as JSON', () => {
    const source = ((given: { readonly name: string }) => given.name).toString();
    const name = 'a "quoted" line\u2028and another';
    expect(runInThisContext(callOf(source, { name }))).toBe(name);
  });

  test('without an argument hands none over', () => {
    expect(callOf('() => 1', undefined)).toBe('(() => 1)()');
  });
});

describe("Chromium's port", () => {
  test('is the first line of its file', () => {
    expect(portOf('41019\n/devtools/browser/b7ffe892')).toBe(41019);
  });

  test.each(['', '41', '41019\n'])('is not known while %j is all that is written', (text) => {
    expect(portOf(text)).toBeNull();
  });
});

describe("Node's inspector", () => {
  test('is where stderr says, among what others wrote there', () => {
    const stderr =
      'ERROR:bus.cc(407)\nDebugger listening on ws://127.0.0.1:34191/459ecd3f-86d8\nFor help, see: x\nDevTools listening on ws://127.0.0.1:1/d\n';
    expect(inspectorAddress(stderr)).toBe('ws://127.0.0.1:34191/459ecd3f-86d8');
  });

  test('is not known from half a line', () => {
    expect(inspectorAddress('Debugger listening on ws://127.0.0.1:34')).toBeNull();
  });
});

describe('a page', () => {
  const worker = { type: 'worker', url: 'app://holdfast/w.js', webSocketDebuggerUrl: 'ws://w' };
  const page = { type: 'page', url: 'app://holdfast/', webSocketDebuggerUrl: 'ws://p' };

  test('is found by how its address begins', () => {
    expect(pageSocketOf([worker, { ...page, url: 'about:blank' }, page], 'app://')).toBe('ws://p');
  });

  test('is not there before it has that address', () => {
    expect(pageSocketOf([worker, { ...page, url: 'about:blank' }], 'app://')).toBeNull();
  });

  test('that somebody else debugs cannot be had', () => {
    expect(pageSocketOf([{ type: 'page', url: 'app://holdfast/' }], 'app://')).toBeNull();
  });
});
