import { describe, expect, it } from 'vitest';
import { reactionWords } from './proof-due.ts';

describe('reactionWords', () => {
  it('says for segments when a silent stop is noticed, and when the tile changes over', () => {
    expect(reactionWords(2000, null, { reactionTimeMs: 1000, bridgeAtOnce: true })).toBe(
      '2 s segments: a silent stop is noticed after 3.0 s, changed by 4.0 s, sooner if the picture would run out',
    );
  });

  it('promises no earlier change where the picture is not bridged', () => {
    expect(reactionWords(1000, null, { reactionTimeMs: 250, bridgeAtOnce: false })).toBe(
      '1 s segments: a silent stop is noticed after 1.5 s, changed by 1.8 s',
    );
  });

  it('uses the parts of a low-latency stream, and never less than half a second', () => {
    const policies = { reactionTimeMs: 1000, bridgeAtOnce: false };
    expect(reactionWords(2000, 333, policies)).toBe(
      '333 ms parts: a silent stop is noticed after 1.0 s, changed by 2.0 s',
    );
    expect(reactionWords(2000, 100, policies)).toContain('noticed after 0.5 s');
  });
});
