import { describe, expect, it } from 'vitest';
import { LIGHT_CHECK_MS } from '../../shared/light-watch.ts';
import type { FakeSite } from '../testing/fake-site.ts';
import { STREAM, WatchedStream } from '../testing/watched-stream.ts';

const LIGHT = { ...STREAM, watch: 'light' } as const;
const SHAPES: readonly (readonly [string, (site: FakeSite) => void])[] = [
  ['a plain playlist', () => {}],
  [
    'a session for each client',
    (site) => {
      site.shape = { kind: 'sessions', idleMs: 30_000, refusal: 'http-401' };
    },
  ],
  [
    'media that is made when it is fetched',
    (site) => {
      site.shape = { kind: 'pulled', idleMs: 5000 };
    },
  ],
  [
    'a source that is started on demand',
    (site) => {
      site.startMs = 3000;
    },
  ],
];

/** When requests for playlists came after a minute without one. */
function beginnings({ site }: WatchedStream): number[] {
  return site.asked
    .map(({ atMs }) => atMs)
    .filter((atMs, index, all) => index > 0 && atMs - (all[index - 1] ?? 0) > 60_000);
}

describe.each(SHAPES)('a light watch of a standby with %s', (_what, prepare) => {
  it('checks it every few minutes, and sends no requests in between', async () => {
    const watched = new WatchedStream({ stream: LIGHT, prepare });
    await watched.clock.advance(6000);
    watched.watch.setAttention('standby');
    await watched.clock.advance(60_000);
    const reported = watched.evidence().length;
    const [asked, fetched] = [watched.site.playlistRequests, watched.site.mediaRequests];
    const fromMs = watched.clock.now();
    await watched.clock.advance(3_600_000);
    const checks = beginnings(watched).filter((atMs) => atMs >= fromMs).length;
    expect(checks).toBeGreaterThanOrEqual(3_600_000 / LIGHT_CHECK_MS);
    expect(checks).toBeLessThanOrEqual((1.3 * 3_600_000) / LIGHT_CHECK_MS);
    expect(watched.site.playlistRequests - asked).toBeLessThan(12 * checks);
    expect(watched.site.mediaRequests - fetched).toBeLessThan(5 * checks);
    expect(watched.proofs('media').at(-1)).toBeGreaterThan(watched.clock.now() - LIGHT_CHECK_MS - 10_000);
    expect(watched.proofs('playlist').at(-1)).toBeGreaterThan(watched.clock.now() - LIGHT_CHECK_MS - 10_000);
    expect(watched.evidence().length).toBe(reported);
    watched.watch.dispose();
  });

  it.each([{ kind: 'fails', cause: 'refused' }, { kind: 'hang' }] as const)(
    'notices its loss within the promised time: $kind',
    async (fault) => {
      const watched = new WatchedStream({ stream: LIGHT, prepare });
      await watched.clock.advance(6000);
      watched.watch.setAttention('standby');
      await watched.clock.advance(100_000);
      watched.site.fault = fault;
      const lostMs = watched.clock.now();
      await watched.clock.advance(LIGHT_CHECK_MS);
      const first = watched.evidence().find(({ atMs }) => atMs > lostMs);
      expect(first).toMatchObject({
        channel: 'playlist',
        cause: fault.kind === 'fails' ? fault.cause : 'timeout',
      });
      watched.watch.dispose();
    },
  );

  it('ends when it is disposed', async () => {
    const watched = new WatchedStream({ stream: LIGHT, prepare });
    await watched.clock.advance(6000);
    watched.watch.setAttention('standby');
    await watched.clock.advance(60_000);
    watched.watch.dispose();
    await watched.clock.advance(0);
    expect([watched.clock.pending(), watched.site.open]).toEqual([0, 0]);
  });
});

describe('a light watch', () => {
  it('sends no requests while its quality is not used, and begins when it is', async () => {
    const watched = new WatchedStream({ stream: LIGHT, attention: 'unused' });
    await watched.clock.advance(600_000);
    expect([watched.site.playlistRequests, watched.clock.pending()]).toEqual([0, 0]);
    watched.watch.setAttention('doubted');
    await watched.clock.advance(3000);
    expect(watched.proofs('media')).not.toEqual([]);
    watched.watch.setAttention('unused');
    const asked = watched.site.playlistRequests;
    await watched.clock.advance(600_000);
    expect(watched.site.playlistRequests).toBe(asked);
    expect([watched.clock.pending(), watched.evidence()]).toEqual([0, []]);
    watched.watch.dispose();
  });

  it('leaves the shown stream to its player, and sends a request when the player sees no move', async () => {
    const watched = new WatchedStream({ stream: LIGHT });
    await watched.clock.advance(5000);
    watched.watch.setAttention('shown');
    watched.playerSeesMove();
    const asked = watched.site.playlistRequests;
    for (let second = 0; second < 600; second += 1) {
      watched.playerSeesMove();
      await watched.clock.advance(1000);
    }
    expect(watched.site.playlistRequests).toBe(asked);
    watched.playerSeesMove();
    watched.site.freeze();
    const frozenMs = watched.clock.now();
    await watched.clock.advance(6000);
    const [first] = watched.evidence();
    expect(first).toMatchObject({ cause: 'stalled' });
    expect((first?.sinceMs ?? Number.POSITIVE_INFINITY) - frozenMs).toBeLessThan(2000);
    watched.watch.dispose();
  });

  it('rests after its player has left it, and watches it while it is in doubt', async () => {
    const watched = new WatchedStream({ stream: LIGHT });
    await watched.clock.advance(5000);
    watched.watch.setAttention('shown');
    watched.playerSeesMove();
    watched.watch.setAttention('standby');
    const asked = watched.site.playlistRequests;
    await watched.clock.advance(100_000);
    expect(watched.site.playlistRequests).toBe(asked);
    watched.watch.setAttention('doubted');
    await watched.clock.advance(10_000);
    expect(watched.proofs('media').at(-1)).toBeGreaterThan(watched.clock.now() - 1500);
    expect((watched.site.playlistRequests - asked) / 10).toBeLessThanOrEqual(2);
    watched.watch.dispose();
  });

  it('does not rest after a stream returned, so that the stream can be validated', async () => {
    const watched = new WatchedStream({ stream: LIGHT });
    watched.site.fault = { kind: 'fails', cause: 'refused' };
    await watched.clock.advance(20_000);
    watched.site.fault = { kind: 'none' };
    await watched.clock.advance(15_000);
    watched.watch.setAttention('standby');
    const before = watched.advancedMs();
    await watched.clock.advance(30_000);
    expect(watched.advancedMs() - before).toBeGreaterThan(27_000);
    watched.watch.dispose();
  });

  it('counts the time of a rest as media that came', async () => {
    const watched = new WatchedStream({
      stream: LIGHT,
      prepare: (site) => {
        site.shape = { kind: 'sessions', idleMs: 30_000, refusal: 'http-401' };
      },
    });
    await watched.clock.advance(5000);
    watched.watch.setAttention('standby');
    await watched.clock.advance(600_000);
    const before = watched.advancedMs();
    await watched.clock.advance(3_600_000);
    expect(watched.advancedMs() - before).toBeGreaterThan(0.9 * 3_600_000 - 5000);
    watched.watch.dispose();
  });

  it('does not report evidence against the shown stream for a lasting cause: its player shows it', async () => {
    const watched = new WatchedStream({ stream: LIGHT });
    watched.watch.setAttention('shown');
    watched.canShow = () => false;
    await watched.clock.advance(5000);
    watched.playerSeesMove();
    watched.site.freeze();
    await watched.clock.advance(10_000);
    expect(new Set(watched.evidence().map(({ cause }) => cause))).toEqual(new Set(['stalled']));
    watched.watch.dispose();
  });

  it('of a stream that cannot be shown rests as long', async () => {
    const watched = new WatchedStream({ stream: LIGHT });
    watched.canShow = () => false;
    await watched.clock.advance(3_600_000);
    expect(watched.site.playlistRequests).toBeLessThan(80);
    expect(new Set(watched.evidence().map(({ cause }) => cause))).toEqual(new Set(['codec-h264']));
    watched.watch.dispose();
  });
});
