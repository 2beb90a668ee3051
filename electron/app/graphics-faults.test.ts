import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { GraphicsFaults, noteFailedGraphics, renderingAfter, takeFailedGraphics } from './graphics-faults.ts';

describe('a graphics process that crashes', () => {
  /** @returns the reaction to each of the crashes */
  const everyMs = (ms: number, times: number): string[] => {
    let nowMs = 0;
    const faults = new GraphicsFaults(() => nowMs);
    return Array.from({ length: times }, () => {
      nowMs += ms;
      return faults.ended();
    });
  };

  test('now and then has no consequence', () => {
    expect(new Set(everyMs(75_000, 1000))).toEqual(new Set(['go-on']));
  });

  test('five times within five minutes makes the next start draw in software', () => {
    expect(everyMs(60_000, 6)).toEqual(['go-on', 'go-on', 'go-on', 'go-on', 'next-start', 'next-start']);
  });

  test('ten times in a row does not restart the application', () => {
    expect(everyMs(1000, 10)).not.toContain('restart');
  });

  test('without an end makes the application restart', () => {
    expect(everyMs(1000, 20).at(-1)).toBe('restart');
    expect(everyMs(4000, 100)).not.toContain('restart');
  });
});

test('six crashes in a row of the whole application make it draw in software', () => {
  expect([0, 1, 5, 6, 100].map(renderingAfter)).toEqual([
    'hardware',
    'hardware',
    'hardware',
    'software',
    'software',
  ]);
});

describe('the note for the next start', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'holdfast-graphics-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('counts for one start', () => {
    const file = path.join(folder, 'graphics-failed');
    expect(takeFailedGraphics(file)).toBe(false);
    expect(noteFailedGraphics(file)).toBeNull();
    expect(takeFailedGraphics(file)).toBe(true);
    expect(takeFailedGraphics(file)).toBe(false);
  });

  test('that cannot be written is reported', () => {
    expect(noteFailedGraphics(path.join(folder, 'not-there', 'graphics-failed'))).toContain('ENOENT');
  });
});
