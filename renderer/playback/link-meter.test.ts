import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../testing/fake-clock.ts';
import { LinkMeter } from './link-meter.ts';

let clock: FakeClock;
let meter: LinkMeter;

beforeEach(() => {
  clock = new FakeClock();
  meter = new LinkMeter(clock);
});

/** A segment of 2 s is on its way from each of the sites for `ms`, and they answer. */
async function load(sites: readonly string[], ms: number, quality: 'main' | 'sub' = 'main'): Promise<void> {
  const ends = sites.map((site) => meter.begin(site, quality, () => 'shown', 2000));
  await clock.advance(ms);
  for (const site of sites) meter.answered(site);
  for (const end of ends) end(1000);
}

describe('LinkMeter', () => {
  it('finds media slow that takes longer than it plays from two sites, as soon as it does', async () => {
    for (const site of ['north', 'south']) meter.begin(site, 'main', () => 'shown', 2000);
    await clock.advance(1999);
    for (const site of ['north', 'south']) meter.answered(site);
    expect(meter.isSlow(2)).toBe(false);
    await clock.advance(1);
    expect(meter.isSlow(2)).toBe(true);
  });

  it('does not go by one site, as long as another one sends in time', async () => {
    await load(['north'], 3000);
    expect([meter.isSlow(1), meter.isSlow(2)]).toEqual([true, false]);
    await load(['south'], 500);
    expect([meter.isSlow(1), meter.isSlow(2)]).toEqual([false, false]);
  });

  it('does not go by a site that does not answer at all: that is another fault', async () => {
    for (const site of ['north', 'south']) meter.begin(site, 'main', () => 'shown', 2000);
    await clock.advance(3000);
    meter.answered('north');
    expect(meter.isSlow(2)).toBe(false);
  });

  it('judges main streams by themselves: the media of a sub-stream may come in time beside them', async () => {
    await load(['north', 'south'], 2500);
    await load(['north', 'south'], 100, 'sub');
    await load(['north', 'south'], 100, 'sub');
    expect(meter.isSlow(2)).toBe(true);
  });

  it('forgets loads after 5 s, and when it is told to', async () => {
    await load(['north', 'south'], 2500);
    await clock.advance(5001);
    for (const site of ['north', 'south']) meter.answered(site);
    expect(meter.isSlow(2)).toBe(false);
    await load(['north', 'south'], 2500);
    expect(meter.isSlow(2)).toBe(true);
    meter.forget();
    expect(meter.isSlow(2)).toBe(false);
  });

  it('says nothing of a load that was given up before it was late, nor of one whose time tells nothing', async () => {
    const ends = ['north', 'south'].map((site) => meter.begin(site, 'main', () => 'shown', 2000));
    for (const site of ['north', 'south']) meter.begin(site, 'main', () => 'shown', null);
    await clock.advance(1000);
    for (const end of ends) end(null);
    await clock.advance(5000);
    for (const site of ['north', 'south']) meter.answered(site);
    expect(meter.isSlow(2)).toBe(false);
  });

  it('counts what came by what it was for when it had come', async () => {
    let use: 'shown' | 'standby' = 'standby';
    const end = meter.begin('north', 'main', () => use, 2000);
    use = 'shown';
    end(300);
    meter.begin('south', 'main', () => 'standby', 2000)(50);
    meter.begin('south', 'main', () => 'probe', 2000)(null);
    meter.count('probe', 7);
    expect(meter.bytes()).toEqual({ shown: 300, standby: 50, probe: 7 });
  });
});
