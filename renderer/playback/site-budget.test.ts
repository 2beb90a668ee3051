import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../shared/testing/virtual-clock.ts';
import { SiteBudget } from './site-budget.ts';

function budget(tiles: number, random = 0): { take: (siteId?: string) => number; clock: VirtualClock } {
  const clock = new VirtualClock();
  const own = new SiteBudget(
    clock,
    () => tiles,
    () => random,
  );
  return { take: (siteId = 'main') => own.take(siteId), clock };
}

describe('SiteBudget (rule 12)', () => {
  it('lets the first few retries come at once, the others one after the other', () => {
    const { take } = budget(1);
    expect(Array.from({ length: 7 }, () => take())).toEqual([0, 0, 0, 0, 250, 500, 750]);
  });

  it('gives every tile of a large wall a turn every 2 s', () => {
    const { take } = budget(64);
    const waits = Array.from({ length: 64 }, () => take());
    expect(Math.max(...waits)).toBeLessThanOrEqual(2000);
    expect(Math.max(...waits)).toBeGreaterThan(1800);
  });

  it('spreads the turns by up to the time between two of them', () => {
    const { take } = budget(1, 0.5);
    for (let turn = 0; turn < 4; turn += 1) take();
    expect(take()).toBe(250 + 125);
  });

  it('is complete again after a while', async () => {
    const { take, clock } = budget(1);
    for (let turn = 0; turn < 8; turn += 1) take();
    await clock.advance(2000);
    expect([take(), take(), take(), take()]).toEqual([0, 0, 0, 0]);
  });

  it('is separate for each site', () => {
    const { take } = budget(1);
    for (let turn = 0; turn < 8; turn += 1) take('main');
    expect(take('backup')).toBe(0);
  });
});
