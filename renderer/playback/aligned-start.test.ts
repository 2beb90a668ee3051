import { describe, expect, it } from 'vitest';
import { canStartBehind } from './aligned-start.ts';

describe('canStartBehind', () => {
  it('leaves a stream of segments one and a half of them', () => {
    expect(canStartBehind(6000, 4000, null)).toBe(true);
    expect(canStartBehind(5900, 4000, null)).toBe(false);
  });

  it('leaves a stream of parts three of them', () => {
    expect(canStartBehind(1500, 4000, 500)).toBe(true);
    expect(canStartBehind(1400, 4000, 500)).toBe(false);
  });
});
