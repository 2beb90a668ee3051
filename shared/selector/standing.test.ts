import { describe, expect, it } from 'vitest';
import { blamesSite, firstEvidence, lateExtensionMs, retryAfterMs, withEvidence } from './standing.ts';
import type { Evidence, Standing } from './types.ts';

const SOFT: Evidence = { channel: 'playlist', cause: 'stalled', sinceMs: 2000 };
const HARD: Evidence = { channel: 'playlist', cause: 'http-503', sinceMs: 3000 };

function suspect(...evidence: Evidence[]): Extract<Standing, { kind: 'suspect' }> {
  return { kind: 'suspect', evidence, before: 'healthy', lateBeforeMs: 0 };
}

describe('the wait before another attempt (rule 12)', () => {
  it('doubles from 1 s to 15 s', () => {
    expect([0, 1, 2, 3, 4, 5, 6].map(retryAfterMs)).toEqual([0, 1000, 2000, 4000, 8000, 15_000, 15_000]);
  });
});

describe('the extension of a deadline (rule 10)', () => {
  it('is the lateness since the evidence, 2 s at most', () => {
    expect(lateExtensionMs({ lateBeforeMs: 300 }, 1000)).toBe(700);
    expect(lateExtensionMs({ lateBeforeMs: 300 }, 2301)).toBe(2000);
  });
});

describe('evidence (rule 4)', () => {
  it('counts from the earliest, and is named by the first hard cause', () => {
    const later: Evidence = { channel: 'media', cause: 'http-404', sinceMs: 4000 };
    expect(firstEvidence([later, SOFT])).toEqual({ ...later, sinceMs: 2000 });
    expect(firstEvidence([later, HARD])).toEqual(HARD);
  });

  it('is named by a stalled picture only where nothing else is known', () => {
    const still: Evidence = { channel: 'picture', cause: 'picture-stall', sinceMs: 1500 };
    expect(firstEvidence([still])).toEqual(still);
    expect(firstEvidence([still, SOFT])).toEqual({ ...SOFT, sinceMs: 1500 });
  });

  it('on a channel is replaced only by hard evidence, which keeps the earlier time', () => {
    expect(withEvidence(suspect(SOFT), HARD, 0)).toEqual(suspect({ ...HARD, sinceMs: 2000 }));
    const earlier = { ...HARD, sinceMs: 1000 };
    expect(withEvidence(suspect(SOFT), earlier, 0)).toEqual(suspect(earlier));
    for (const [known, next] of [
      [HARD, SOFT],
      [HARD, { ...HARD, cause: 'http-404' }],
      [SOFT, { ...SOFT, cause: 'timeout' }],
    ] as const) {
      const standing = suspect(known);
      expect(withEvidence(standing, next, 0)).toBe(standing);
    }
  });

  it('on another channel is added', () => {
    const media: Evidence = { ...SOFT, channel: 'media' };
    expect(withEvidence(suspect(HARD), media, 0)).toEqual(suspect(HARD, media));
  });

  it('blames the site when one of its causes does', () => {
    const refused: Evidence = { channel: 'media', cause: 'refused', sinceMs: 5000 };
    expect(blamesSite(suspect(SOFT, refused))).toBe(true);
    expect(blamesSite(suspect(SOFT, HARD))).toBe(false);
    expect(blamesSite({ kind: 'healthy' })).toBe(false);
  });
});
