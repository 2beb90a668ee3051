import { beforeEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../../shared/testing/virtual-clock.ts';
import { LinkMeter } from './link-meter.ts';

let clock: VirtualClock;
let meter: LinkMeter;

beforeEach(() => {
  clock = new VirtualClock();
  meter = new LinkMeter(clock);
});

/** Loads a segment of 2 s from each of the sites for `ms`, while they answer requests for playlists. */
async function load(sites: readonly string[], ms: number, quality: 'main' | 'sub' = 'main'): Promise<void> {
  const ends = sites.map((site) => meter.begin(site, quality, () => 'shown', 2000));
  await clock.advance(ms);
  for (const site of sites) meter.answered(site);
  for (const end of ends) end(1000);
}

describe('LinkMeter', () => {
  it('calls the link slow as soon as media from two sites takes longer than it plays', async () => {
    for (const site of ['north', 'south']) meter.begin(site, 'main', () => 'shown', 2000);
    await clock.advance(1999);
    for (const site of ['north', 'south']) meter.answered(site);
    expect(meter.isSlow(2)).toBe(false);
    await clock.advance(1);
    expect(meter.isSlow(2)).toBe(true);
  });

  it('does not call the link slow while one other site sends in time', async () => {
    await load(['north'], 3000);
    expect([meter.isSlow(1), meter.isSlow(2)]).toEqual([true, false]);
    await load(['south'], 500);
    expect([meter.isSlow(1), meter.isSlow(2)]).toEqual([false, false]);
  });

  it('does not count a site that does not answer at all: that is another fault', async () => {
    for (const site of ['north', 'south']) meter.begin(site, 'main', () => 'shown', 2000);
    await clock.advance(3000);
    meter.answered('north');
    expect(meter.isSlow(2)).toBe(false);
  });

  it('judges main streams alone: the media of a sub-stream may come in time beside them', async () => {
    await load(['north', 'south'], 2500);
    await load(['north', 'south'], 100, 'sub');
    await load(['north', 'south'], 100, 'sub');
    expect(meter.isSlow(2)).toBe(true);
  });

  it('forgets loads after 5 s, and on request', async () => {
    await load(['north', 'south'], 2500);
    await clock.advance(5001);
    for (const site of ['north', 'south']) meter.answered(site);
    expect(meter.isSlow(2)).toBe(false);
    await load(['north', 'south'], 2500);
    expect(meter.isSlow(2)).toBe(true);
    meter.forget();
    expect(meter.isSlow(2)).toBe(false);
  });

  it('ignores a load that was given up before it was late, and one whose time says nothing', async () => {
    const ends = ['north', 'south'].map((site) => meter.begin(site, 'main', () => 'shown', 2000));
    for (const site of ['north', 'south']) meter.begin(site, 'main', () => 'shown', null);
    await clock.advance(1000);
    for (const end of ends) end(null);
    await clock.advance(5000);
    for (const site of ['north', 'south']) meter.answered(site);
    expect(meter.isSlow(2)).toBe(false);
  });

  it('counts bytes by the purpose of their load at its end', async () => {
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
