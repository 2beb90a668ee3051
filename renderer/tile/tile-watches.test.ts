import { describe, expect, it } from 'vitest';
import type { Stream } from '../../shared/config/config.ts';
import { initialState } from '../../shared/selector/selector.ts';
import type { Standing, TileState } from '../../shared/selector/types.ts';
import { VirtualClock } from '../../shared/testing/virtual-clock.ts';
import { LinkMeter } from '../playback/link-meter.ts';
import { SiteBudget } from '../playback/site-budget.ts';
import { FakeSite } from '../testing/fake-site.ts';
import { MEDIA } from '../testing/watched-stream.ts';
import { TileWatches } from './tile-watches.ts';

const LOST: Standing = {
  kind: 'lost',
  cause: 'refused',
  foundBy: 'watch',
  firstEvidenceAtMs: 0,
  retryAtMs: 0,
  proven: [],
};

/** Two streams of one site, the wanted one first. `watch` says how to watch them. */
class Watched {
  readonly clock = new VirtualClock();
  readonly site = new FakeSite(this.clock, 1000, MEDIA);
  readonly watches: TileWatches;
  private readonly streams: readonly Stream[];

  constructor(watch?: 'light') {
    this.streams = (['main', 'sub'] as const).map((quality) => ({
      id: `north/${quality}`,
      siteId: 'north',
      siteName: 'North',
      route: 'north',
      quality,
      path: `gate/${quality}.m3u8`,
      variant: quality,
      ...(watch === undefined ? {} : { watch }),
    }));
    this.watches = new TileWatches(
      {
        clock: this.clock,
        transportTo: () => this.site,
        random: () => 0.5,
        linkMeter: new LinkMeter(this.clock),
        siteBudget: new SiteBudget(
          this.clock,
          () => 1,
          () => 0.5,
        ),
        canShow: () => true,
      },
      {
        find: (id) => this.streams.find((stream) => stream.id === id),
        onReport: () => {},
        onEnded: () => {},
      },
    );
  }

  follow(standings: readonly Standing[]): void {
    const policies = {
      reactionTimeMs: 1000,
      bridgeAtOnce: true,
      failback: { mode: 'automatic', stableMs: 30_000, allowedLagMs: 3000 },
      spreadMs: 5000,
      tickMs: 250,
      onFrozen: 'alarm',
    } as const;
    const state = initialState(this.streams, policies, 1, this.clock.now());
    const known: TileState = {
      ...state,
      streams: state.streams.map((stream, index) => ({
        ...stream,
        standing: standings[index] ?? stream.standing,
      })),
    };
    this.watches.sync(known);
    this.watches.syncAttention(known);
  }

  asked(quality: 'main' | 'sub'): number {
    return this.site.asked.filter(({ pathname }) => pathname.includes(quality)).length;
  }
}

describe('the watches of a tile', () => {
  it('do not watch the quality that is not wanted where watching costs the site much', async () => {
    const watched = new Watched('light');
    watched.follow([{ kind: 'healthy' }, { kind: 'unknown' }]);
    await watched.clock.advance(5000);
    expect(watched.asked('main')).toBeGreaterThan(0);
    expect(watched.asked('sub')).toBe(0);
    watched.watches.disposeAll();
  });

  it('begin to watch it when the wanted one is lost, and end when that one is back', async () => {
    const watched = new Watched('light');
    watched.follow([{ kind: 'healthy' }, { kind: 'unknown' }]);
    watched.follow([LOST, { kind: 'unknown' }]);
    await watched.clock.advance(5000);
    expect(watched.asked('sub')).toBeGreaterThan(0);
    watched.follow([{ kind: 'healthy' }, { kind: 'healthy' }]);
    const asked = watched.asked('sub');
    await watched.clock.advance(600_000);
    expect(watched.asked('sub')).toBe(asked);
    watched.watches.disposeAll();
    await watched.clock.advance(0);
    expect([watched.clock.pending(), watched.site.open]).toEqual([0, 0]);
  });

  it('watch both qualities elsewhere', async () => {
    const watched = new Watched();
    watched.follow([{ kind: 'healthy' }, { kind: 'unknown' }]);
    await watched.clock.advance(5000);
    expect(watched.asked('sub')).toBeGreaterThan(0);
    watched.watches.disposeAll();
  });
});
