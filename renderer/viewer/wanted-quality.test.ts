import { describe, expect, it } from 'vitest';
import { wantedQuality } from './wanted-quality.ts';

describe('wantedQuality', () => {
  it('takes sub for a narrow tile and main for a wide one', () => {
    expect(wantedQuality(null, 320, true)).toBe('sub');
    expect(wantedQuality(null, 480, true)).toBe('main');
  });

  it('is main whatever the width where the camera has no sub-stream', () => {
    expect(wantedQuality('sub', 100, false)).toBe('main');
  });

  it('stays while the width moves about the limit', () => {
    for (const widthPx of [450, 479, 481, 511]) {
      expect(wantedQuality('sub', widthPx, true)).toBe('sub');
      expect(wantedQuality('main', widthPx, true)).toBe('main');
    }
  });

  it('changes once the width has clearly left the range', () => {
    expect(wantedQuality('sub', 512, true)).toBe('main');
    expect(wantedQuality('main', 447, true)).toBe('sub');
  });
});
