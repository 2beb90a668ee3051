import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../shared/testing/virtual-clock.ts';
import { FakeSite } from '../testing/fake-site.ts';
import { MEDIA, STREAM, WatchedStream } from '../testing/watched-stream.ts';
import { LinkMeter } from './link-meter.ts';
import { SiteBudget } from './site-budget.ts';
import { StreamWatch } from './stream-watch.ts';

/** A number in [0, 1), by Park and Miller. */
function pseudoRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

describe('StreamWatch', () => {
  it('takes only a live edge that moved for proof of life, not the first playlist', async () => {
    const { watch, clock, ...watched } = new WatchedStream();
    const site = watched.site;
    site.freeze();
    await clock.advance(1000);
    expect(watched.reports.filter(({ type }) => type === 'proof')).toMatchObject([{ channel: 'media' }]);
    site.fault = { kind: 'none' };
    await clock.advance(1500);
    expect(watched.reports.some((report) => report.type === 'proof' && report.channel === 'playlist')).toBe(
      true,
    );
    watch.dispose();
  });

  it('reports how much media the edge advanced by', async () => {
    const watched = new WatchedStream();
    await watched.clock.advance(10_400);
    const advanced = watched.reports.flatMap((report) =>
      report.type === 'proof' && report.edge !== undefined ? [report.edge.advancedMs] : [],
    );
    expect(advanced.reduce((sum, ms) => sum + ms, 0)).toBe(10_000);
    watched.watch.dispose();
  });

  it.each([0, 5, 150])(
    'finds no evidence in an hour of a healthy stream answered in %i ms',
    async (delayMs) => {
      const watched = new WatchedStream({ delayMs });
      await watched.clock.advance(3_600_000);
      expect(watched.evidence()).toEqual([]);
      expect(watched.proofs('playlist').length).toBeGreaterThan(3500);
      watched.watch.dispose();
    },
  );

  it.each([
    ['1 s segments', null],
    ['333 ms parts', 1000 / 3],
  ])('finds no evidence in 20 minutes of %s answered in 150 +/- 100 ms', async (_what, partMs) => {
    const watched = new WatchedStream({ delayMs: 150 });
    const random = pseudoRandom(20_260_801);
    watched.site.partMs = partMs;
    watched.site.jitterMs = () => 200 * random() - 100;
    watched.watch.setAttention('standby');
    await watched.clock.advance(1_200_000);
    expect(watched.evidence()).toEqual([]);
    expect(watched.proofs('media').length).toBeGreaterThan(70);
    watched.watch.dispose();
  });

  it('does not call a stream stalled because of a request that was sent before its next move was due', async () => {
    const watched = new WatchedStream();
    await watched.clock.advance(5010);
    watched.site.freeze();
    await watched.clock.advance(1100);
    // The request at 6325 ms is answered with the unmoved edge at 6573 ms: 3 ms after the move was due.
    watched.site.delayMs = 248;
    await watched.clock.advance(440);
    watched.site.delayMs = 5;
    watched.site.fault = { kind: 'none' };
    await watched.clock.advance(3000);
    expect(watched.evidence()).toEqual([]);
    watched.watch.dispose();
  });

  it('finds no evidence in a single request that is lost', async () => {
    const watched = new WatchedStream();
    await watched.clock.advance(5010);
    for (let lost = 0; lost < 20; lost += 1) {
      const before = watched.site.playlistRequests;
      watched.site.fault = { kind: 'hang' };
      while (watched.site.playlistRequests === before) await watched.clock.advance(10);
      watched.site.fault = { kind: 'none' };
      await watched.clock.advance(7000);
    }
    expect(watched.evidence()).toEqual([]);
    watched.watch.dispose();
  });

  it('waits for its turn at a site that all tiles have lost', async () => {
    const clock = new VirtualClock();
    const site = new FakeSite(clock, 1000, MEDIA);
    const tiles = 16;
    const random = pseudoRandom(7);
    const siteBudget = new SiteBudget(clock, () => tiles, random);
    const linkMeter = new LinkMeter(clock);
    const watches = Array.from(
      { length: tiles },
      () =>
        new StreamWatch(
          STREAM,
          { clock, transportTo: () => site, random, siteBudget, linkMeter, canShow: () => true },
          () => {},
        ),
    );
    for (const watch of watches) watch.setAttention('sought');
    await clock.advance(5000);
    site.fault = { kind: 'fails', cause: 'refused' };
    await clock.advance(5000);
    let most = 0;
    for (let second = 0; second < 20; second += 1) {
      const before = site.playlistRequests;
      await clock.advance(1000);
      most = Math.max(most, site.playlistRequests - before);
    }
    // A turn every 2 s for each tile; the jitter may move one turn into the next second.
    expect(most).toBeLessThanOrEqual(tiles / 2 + 4);
    expect(most).toBeGreaterThan(0);
    for (const watch of watches) watch.dispose();
  });

  it('reports a refused connection at once, as hard evidence on the playlist', async () => {
    const watched = new WatchedStream();
    await watched.clock.advance(5000);
    watched.site.fault = { kind: 'fails', cause: 'refused' };
    await watched.clock.advance(1000);
    const first = watched.evidence()[0];
    expect(first).toMatchObject({ channel: 'playlist', cause: 'refused' });
    expect(first?.sinceMs).toBe(first?.atMs);
    watched.watch.dispose();
  });

  it('counts silence from when the next move was due, not from when it gave up waiting', async () => {
    const watched = new WatchedStream();
    await watched.clock.advance(5010);
    const lastMoveMs = watched.proofs('playlist').at(-1) ?? 0;
    watched.site.fault = { kind: 'hang' };
    await watched.clock.advance(4000);
    const first = watched.evidence()[0];
    expect(first?.cause).toBe('timeout');
    expect((first?.sinceMs ?? 0) - lastMoveMs).toBeGreaterThanOrEqual(1500);
    expect((first?.sinceMs ?? 0) - lastMoveMs).toBeLessThanOrEqual(1600);
    watched.watch.dispose();
  });

  it('calls a playlist stalled that answers but does not move, after one more request', async () => {
    const watched = new WatchedStream();
    await watched.clock.advance(5010);
    const lastMoveMs = watched.proofs('playlist').at(-1) ?? 0;
    watched.site.freeze();
    await watched.clock.advance(3000);
    const first = watched.evidence()[0];
    expect(first?.cause).toBe('stalled');
    expect((first?.sinceMs ?? 0) - lastMoveMs).toBeGreaterThanOrEqual(1500);
    expect(first?.atMs ?? 0).toBeGreaterThan(first?.sinceMs ?? 0);
    watched.watch.dispose();
  });

  it('checks the media of a stream that is not proven alive with each move, and of a healthy one every 15 s', async () => {
    const watched = new WatchedStream();
    watched.watch.setAttention('standby');
    await watched.clock.advance(100);
    const before = watched.site.mediaRequests;
    await watched.clock.advance(60_000);
    expect(watched.site.mediaRequests - before).toBeGreaterThanOrEqual(3);
    expect(watched.site.mediaRequests - before).toBeLessThanOrEqual(5);
    watched.watch.setAttention('doubted');
    const doubted = watched.site.mediaRequests;
    await watched.clock.advance(10_000);
    expect(watched.site.mediaRequests - doubted).toBeGreaterThanOrEqual(9);
    watched.watch.dispose();
  });

  it('checks the media of long segments more rarely on a thin link', async () => {
    const looksIn20Min = async (link: 'free' | 'thin'): Promise<number> => {
      const watched = new WatchedStream({ targetMs: 6000 });
      watched.linkMeter.link = link;
      await watched.clock.advance(30_000);
      watched.watch.setAttention('standby');
      const before = watched.site.mediaRequests;
      await watched.clock.advance(20 * 60_000);
      watched.watch.dispose();
      return watched.site.mediaRequests - before;
    };
    expect(await looksIn20Min('free')).toBeGreaterThan(60);
    expect(await looksIn20Min('thin')).toBeLessThanOrEqual(14);
  });

  it('reports segments that are missing although the playlist moves', async () => {
    const watched = new WatchedStream();
    watched.site.fault = { kind: 'fails', cause: 'http-404', only: 'media' };
    await watched.clock.advance(2500);
    expect(watched.evidence()[0]).toMatchObject({ channel: 'media', cause: 'http-404' });
    expect(watched.proofs('playlist').length).toBeGreaterThan(0);
    expect(watched.proofs('media')).toEqual([]);
    watched.watch.dispose();
  });

  it.each([
    ['cut off', MEDIA.slice(0, 1000)],
    ['not video', new TextEncoder().encode('<html>login</html>')],
    ['empty', new Uint8Array(0)],
  ])('reports media that is %s', async (_what, media) => {
    const watched = new WatchedStream();
    watched.site.media = media;
    await watched.clock.advance(2500);
    expect(watched.evidence()[0]).toMatchObject({ channel: 'media', cause: 'not-media' });
    watched.watch.dispose();
  });

  it('reports media that comes slower than real time', async () => {
    const watched = new WatchedStream({ delayMs: 1400 });
    await watched.clock.advance(10_000);
    expect(watched.evidence()).toContainEqual(
      expect.objectContaining({ channel: 'media', cause: 'too-slow' }),
    );
    watched.watch.dispose();
  });

  it('does not take the edge of a restarted packager for proof until it moves', async () => {
    const watched = new WatchedStream();
    await watched.clock.advance(5010);
    const before = watched.proofs('playlist').length;
    watched.site.firstSequence = 0;
    await watched.clock.advance(400);
    expect(watched.proofs('playlist').length).toBeLessThanOrEqual(before);
    await watched.clock.advance(3000);
    expect(watched.proofs('playlist').length).toBeGreaterThan(before);
    watched.watch.dispose();
  });

  it('sends requests at its own pace again to a packager that was restarted after a long outage', async () => {
    const watched = new WatchedStream();
    await watched.clock.advance(5010);
    watched.site.fault = { kind: 'fails', cause: 'refused' };
    await watched.clock.advance(120_000);
    watched.site.firstSequence = -100;
    watched.site.fault = { kind: 'none' };
    const answered = watched.site.playlistRequests;
    while (watched.site.playlistRequests === answered) await watched.clock.advance(100);
    const before = watched.proofs('playlist').length;
    await watched.clock.advance(2000);
    expect(watched.proofs('playlist').length).toBeGreaterThan(before);
    watched.watch.dispose();
  });

  it('sends fewer and fewer requests to a dead site, but at least one every 18 s, and its usual ones once it answers', async () => {
    const watched = new WatchedStream();
    watched.site.fault = { kind: 'fails', cause: 'refused' };
    await watched.clock.advance(60_000);
    const before = watched.site.playlistRequests;
    await watched.clock.advance(180_000);
    const requests = watched.site.playlistRequests - before;
    expect(requests).toBeGreaterThanOrEqual(10);
    expect(requests).toBeLessThanOrEqual(15);
    watched.site.fault = { kind: 'none' };
    await watched.clock.advance(30_000);
    expect(watched.proofs('playlist').length).toBeGreaterThanOrEqual(10);
    watched.watch.dispose();
  });

  it.each<[string, (site: FakeSite) => void]>([
    [
      'refuses',
      (site) => {
        site.fault = { kind: 'fails', cause: 'refused' };
      },
    ],
    ['answers, and is stalled', (site) => site.freeze()],
  ])('has the way to a site checked while it %s, and at no other time', async (_what, strike) => {
    const watched = new WatchedStream();
    await watched.clock.advance(5010);
    expect(watched.site.doubtedRequests).toBe(0);
    strike(watched.site);
    await watched.clock.advance(20_000);
    expect(watched.site.doubtedRequests).toBeGreaterThan(5);
    watched.site.fault = { kind: 'none' };
    await watched.clock.advance(30_000);
    const before = watched.site.doubtedRequests;
    await watched.clock.advance(30_000);
    expect(watched.site.doubtedRequests).toBe(before);
    watched.watch.dispose();
  });

  it('uses the interval that a site sets for being watched', async () => {
    const watched = new WatchedStream({ stream: { ...STREAM, watchIntervalMs: 10_000 } });
    watched.watch.setAttention('standby');
    await watched.clock.advance(1100);
    const before = watched.site.playlistRequests;
    await watched.clock.advance(100_000);
    expect(watched.site.playlistRequests - before).toBeLessThanOrEqual(11);
    expect(watched.evidence()).toEqual([]);
    watched.watch.dispose();
  });

  it('requests the shown stream every 5 s while its player sees it move, and at once when that is late', async () => {
    const watched = new WatchedStream();
    await watched.clock.advance(1010);
    watched.watch.setAttention('shown');
    const before = watched.site.playlistRequests;
    for (let second = 0; second < 60; second += 1) {
      watched.playerSeesMove();
      await watched.clock.advance(1000);
    }
    expect(watched.site.playlistRequests - before).toBeGreaterThanOrEqual(11);
    expect(watched.site.playlistRequests - before).toBeLessThanOrEqual(13);
    watched.playerSeesMove();
    watched.site.fault = { kind: 'hang' };
    const seenAtMs = watched.clock.now();
    await watched.clock.advance(5000);
    expect(watched.evidence()[0]?.cause).toBe('timeout');
    expect((watched.evidence()[0]?.atMs ?? 0) - seenAtMs).toBeLessThan(1800);
    watched.watch.dispose();
  });

  it('counts a move from when the player saw it, although the watch sees it later', async () => {
    const watched = new WatchedStream();
    await watched.clock.advance(2010);
    watched.watch.setAttention('shown');
    for (let second = 0; second < 4; second += 1) {
      watched.playerSeesMove();
      await watched.clock.advance(1000);
    }
    watched.playerSeesMove();
    const seenAtMs = watched.clock.now();
    await watched.clock.advance(900);
    expect(watched.proofs('playlist').at(-1)).toBeGreaterThan(seenAtMs + 500);
    watched.site.freeze();
    await watched.clock.advance(3000);
    expect(watched.evidence()[0]).toMatchObject({ cause: 'stalled' });
    expect((watched.evidence()[0]?.atMs ?? 0) - seenAtMs).toBeLessThan(1600);
    watched.watch.dispose();
  });

  it('counts its own moves where its player sees another playlist, as of another quality', async () => {
    const watched = new WatchedStream();
    await watched.clock.advance(1010);
    watched.watch.setAttention('shown');
    watched.watch.creditMove({ sequence: 1_000_000, part: null });
    await watched.clock.advance(30_000);
    expect(watched.evidence()).toEqual([]);
    watched.site.freeze();
    await watched.clock.advance(3000);
    expect(watched.evidence()[0]).toMatchObject({ cause: 'stalled' });
    watched.watch.dispose();
  });

  it('requests a healthy standby once for each move of its edge', async () => {
    const watched = new WatchedStream({ targetMs: 4000 });
    watched.watch.setAttention('standby');
    await watched.clock.advance(10_000);
    const before = watched.site.playlistRequests;
    await watched.clock.advance(400_000);
    expect(watched.site.playlistRequests - before).toBeLessThanOrEqual(80);
    expect(watched.evidence()).toEqual([]);
    watched.watch.dispose();
  });

  it('knows before proof of life is due why the next media is late', async () => {
    const late = async (fault: 'none' | 'hang' | 'freeze'): Promise<string> => {
      const { watch, clock, site } = new WatchedStream();
      await clock.advance(5010);
      if (fault === 'freeze') site.freeze();
      else site.fault = { kind: fault };
      await clock.advance(fault === 'none' ? 500 : 1400);
      const { cause } = watch.whyLate({ unansweredMs: 0, unmovedMs: 0 });
      watch.dispose();
      return cause;
    };
    expect([await late('hang'), await late('freeze'), await late('none')]).toEqual([
      'timeout',
      'stalled',
      'too-slow',
    ]);
  });

  it('calls an edge stalled only after it has seen it unmoved', async () => {
    const { watch, clock, site } = new WatchedStream({ targetMs: 4000 });
    const why = (unmovedMs: number): string => watch.whyLate({ unansweredMs: 0, unmovedMs }).cause;
    await clock.advance(100);
    expect([why(0), why(4000)]).toEqual(['too-slow', 'stalled']);
    const asked = site.playlistRequests;
    await clock.advance(3000);
    expect(site.playlistRequests).toBeGreaterThan(asked);
    expect(why(0)).toBe('too-slow');
    watch.dispose();
  });

  it('gives a page that was blocked the time to read an answer before it counts as silence', async () => {
    const watched = new WatchedStream();
    const { clock, site } = watched;
    await clock.advance(5010);
    site.fault = { kind: 'hang' };
    // Proof of life was due, and the request that has to confirm the silence is pending.
    await clock.advance(600);
    clock.block(400);
    await clock.advance(0);
    expect(watched.evidence()).toEqual([]);
    await clock.advance(300);
    expect(watched.evidence()[0]?.cause).toBe('timeout');
    watched.watch.dispose();
  });

  it('uses what the player knows of its loads as well', async () => {
    const { watch, clock } = new WatchedStream();
    await clock.advance(5500);
    const why = (unansweredMs: number, unmovedMs: number) => watch.whyLate({ unansweredMs, unmovedMs }).cause;
    expect([why(240, 0), why(260, 0), why(0, 900), why(0, 1000)]).toEqual([
      'too-slow',
      'timeout',
      'too-slow',
      'stalled',
    ]);
    // An edge that is stalled for certain outweighs one pending request.
    expect([why(260, 1000), why(260, 1300)]).toEqual(['timeout', 'stalled']);
    watch.dispose();
  });

  it('leaves no request and no timer behind, not even at a site that hangs', async () => {
    const watched = new WatchedStream();
    await watched.clock.advance(3000);
    watched.site.fault = { kind: 'hang' };
    await watched.clock.advance(700);
    expect(watched.site.open).toBeGreaterThan(0);
    watched.watch.dispose();
    const count = watched.reports.length;
    await watched.clock.advance(60_000);
    expect([watched.site.open, watched.clock.pending(), watched.reports.length]).toEqual([0, 0, count]);
  });
});
