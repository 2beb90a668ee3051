import { describe, expect, it } from 'vitest';
import type { FakeSite } from '../testing/fake-site.ts';
import { STREAM, WatchedStream } from '../testing/watched-stream.ts';

const pulled = (site: FakeSite): void => {
  site.shape = { kind: 'pulled', idleMs: 5000 };
};
const sessions =
  (refusal: 'http-401' | 'http-404' | 'master' | 'empty') =>
  (site: FakeSite): void => {
    site.shape = { kind: 'sessions', idleMs: 30_000, refusal };
  };

describe('a watch of a server that gives each client a session', () => {
  it.each(['http-401', 'http-404', 'master', 'empty'] as const)(
    'opens another one where the old one is answered with %s, and reports no evidence',
    async (refusal) => {
      const watched = new WatchedStream({ prepare: sessions(refusal) });
      watched.watch.setAttention('standby');
      await watched.clock.advance(10_000);
      expect(watched.site.sessions.opened).toBe(1);
      watched.site.sessions.endAll();
      const before = watched.proofs('playlist').length;
      await watched.clock.advance(10_000);
      expect(watched.evidence()).toEqual([]);
      // A multivariant playlist in the place of a child's has already opened one.
      expect(watched.site.sessions.opened).toBe(refusal === 'master' ? 3 : 2);
      expect(watched.proofs('playlist').length).toBeGreaterThan(before + 5);
      watched.watch.dispose();
    },
  );

  it('reports the answer of the root for a stream whose session is refused', async () => {
    const watched = new WatchedStream({ prepare: sessions('http-401') });
    await watched.clock.advance(5000);
    watched.site.sessions.endAll();
    watched.site.fault = { kind: 'fails', cause: 'http-404' };
    await watched.clock.advance(3000);
    expect(watched.evidence()[0]).toMatchObject({ channel: 'playlist', cause: 'http-404' });
    watched.watch.dispose();
  });

  it('takes a second session that is refused like the first one for evidence, and does not send a storm of requests', async () => {
    const watched = new WatchedStream({
      prepare: (site) => {
        site.shape = { kind: 'sessions', idleMs: -1, refusal: 'http-401' };
      },
    });
    await watched.clock.advance(60_000);
    expect(watched.evidence()[0]).toMatchObject({ channel: 'playlist', cause: 'http-401' });
    expect(watched.mostAsksInASecond()).toBeLessThanOrEqual(4);
    expect(watched.site.sessions.opened).toBeLessThan(15);
    watched.watch.dispose();
  });

  it('compares no edges of two sessions: numbers that begin at 0 are no restart, and prove nothing before they move', async () => {
    const watched = new WatchedStream({ prepare: sessions('http-401') });
    await watched.clock.advance(5010);
    watched.site.sessions.endAll();
    watched.site.firstSequence = -4;
    const before = watched.proofs('playlist').length;
    watched.site.freeze();
    await watched.clock.advance(1400);
    expect(watched.proofs('playlist').length).toBe(before);
    await watched.clock.advance(5000);
    expect(watched.evidence()[0]).toMatchObject({ channel: 'playlist', cause: 'stalled' });
    watched.watch.dispose();
  });

  it('finds a stream that is stalled in every new session, however often sessions end', async () => {
    const watched = new WatchedStream({ prepare: sessions('http-401') });
    await watched.clock.advance(5010);
    watched.site.freeze();
    for (let time = 0; time < 40; time += 1) {
      watched.site.sessions.endAll();
      await watched.clock.advance(200);
    }
    expect(watched.evidence()).not.toEqual([]);
    expect(watched.mostAsksInASecond()).toBeLessThanOrEqual(4);
    watched.watch.dispose();
  });

  it('finds a stalled stream, however often it begins anew: extra time is given once', async () => {
    const watched = new WatchedStream();
    await watched.clock.advance(5010);
    const stoppedMs = watched.clock.now();
    for (let time = 1; time <= 20; time += 1) {
      watched.site.fault = { kind: 'frozen', atSequence: 100 - time };
      await watched.clock.advance(700);
    }
    const [first] = watched.evidence();
    expect(first).toMatchObject({ channel: 'playlist', cause: 'stalled' });
    // Due after 1.5 s, and once more after the first time that it began anew.
    expect((first?.sinceMs ?? Number.POSITIVE_INFINITY) - stoppedMs).toBeLessThan(2500);
    watched.watch.dispose();
  });

  it('requests the root anew after a standstill before anything is judged', async () => {
    const watched = new WatchedStream({ prepare: sessions('http-401') });
    watched.watch.setAttention('standby');
    await watched.clock.advance(10_000);
    watched.clock.block(45_000);
    watched.site.sessions.endAll();
    watched.watch.startClocksAnew();
    await watched.clock.advance(30_000);
    expect(watched.evidence()).toEqual([]);
    expect(watched.site.sessions.opened).toBe(2);
    watched.watch.dispose();
  });

  it('checks the media of each new session', async () => {
    const watched = new WatchedStream({ prepare: sessions('http-401') });
    watched.watch.setAttention('standby');
    await watched.clock.advance(5000);
    const before = watched.proofs('media').length;
    watched.site.sessions.endAll();
    await watched.clock.advance(1500);
    expect(watched.proofs('media').length).toBe(before + 1);
    watched.watch.dispose();
  });

  it('opens another session where the last one gave media, though that session ends before its live edge moves', async () => {
    const watched = new WatchedStream({ prepare: sessions('http-404') });
    watched.watch.setAttention('doubted');
    await watched.clock.advance(5010);
    for (let time = 1; time <= 2; time += 1) {
      const [moves, looks] = [watched.proofs('playlist').length, watched.proofs('media').length];
      watched.site.sessions.endAll();
      while (watched.site.sessions.opened <= time || watched.proofs('media').length === looks)
        await watched.clock.advance(5);
      expect(watched.proofs('playlist').length).toBe(moves);
    }
    await watched.clock.advance(5000);
    expect(watched.evidence()).toEqual([]);
    watched.watch.dispose();
  });

  it('takes a refusal of media for the end of the session, once', async () => {
    const watched = new WatchedStream({ prepare: sessions('http-404') });
    watched.watch.setAttention('doubted');
    await watched.clock.advance(5010);
    watched.site.fault = { kind: 'fails', cause: 'http-404', only: 'media' };
    await watched.clock.advance(10_000);
    expect(watched.evidence()[0]).toMatchObject({ channel: 'media', cause: 'http-404' });
    expect(watched.site.sessions.opened).toBe(2);
    watched.watch.dispose();
  });
});

describe('a key', () => {
  const KEY = '#EXT-X-KEY:METHOD=AES-128,URI="enc.key"\n';

  it('that is refused is taken for the end of the session, once', async () => {
    const watched = new WatchedStream({
      prepare: (site) => {
        sessions('http-401')(site);
        site.tag = KEY;
        site.fault = { kind: 'fails', cause: 'http-403', only: 'media' };
      },
    });
    await watched.clock.advance(10_000);
    expect(watched.evidence()[0]).toMatchObject({ channel: 'media', cause: 'no-key' });
    expect(watched.site.sessions.opened).toBe(2);
    watched.watch.dispose();
  });

  it('whose connection breaks off is no lasting cause: the media is checked again with the next move', async () => {
    const watched = new WatchedStream({
      prepare: (site) => {
        site.tag = KEY;
        site.fault = { kind: 'fails', cause: 'reset', only: 'media' };
      },
    });
    await watched.clock.advance(10_000);
    expect(new Set(watched.evidence().map(({ cause }) => cause))).toEqual(new Set(['reset']));
    expect(watched.site.mediaRequests).toBeGreaterThan(5);
    watched.watch.dispose();
  });
});

describe('a watch of a server that makes media only when it is fetched', () => {
  it.each(['standby', 'doubted', 'sought'] as const)(
    'finds no evidence against it, %s',
    async (attention) => {
      const watched = new WatchedStream({ prepare: pulled });
      await watched.clock.advance(1000);
      watched.watch.setAttention(attention);
      await watched.clock.advance(120_000);
      expect(watched.evidence()).toEqual([]);
      expect(watched.proofs('media').length).toBeGreaterThan(40);
      expect(watched.proofs('playlist').length).toBeGreaterThan(40);
      expect(watched.site.sessions.opened).toBe(1);
      // A segment every 2 s, once that is known.
      expect(watched.site.mediaRequests).toBeLessThan(attention === 'standby' ? 75 : 150);
      watched.watch.dispose();
    },
  );

  it('counts the time that passed as media that came', async () => {
    const watched = new WatchedStream({ prepare: pulled });
    watched.watch.setAttention('standby');
    await watched.clock.advance(30_000);
    const before = watched.advancedMs();
    await watched.clock.advance(60_000);
    expect(watched.advancedMs() - before).toBeGreaterThan(55_000);
    expect(watched.advancedMs() - before).toBeLessThan(65_000);
    watched.watch.dispose();
  });

  it('counts the time that passed while a hidden player reports moves of its own session', async () => {
    const watched = new WatchedStream({ prepare: pulled });
    watched.watch.setAttention('standby');
    await watched.clock.advance(30_000);
    const before = watched.advancedMs();
    for (let move = 0; move < 120; move += 1) {
      watched.watch.creditMove({ sequence: 700 + move, part: null });
      await watched.clock.advance(500);
    }
    expect(watched.advancedMs() - before).toBeGreaterThan(55_000);
    expect(watched.advancedMs() - before).toBeLessThan(65_000);
    watched.watch.dispose();
  });

  it('requests nothing while a player reports every move, and opens another session when a move is late', async () => {
    const watched = new WatchedStream({ prepare: pulled });
    watched.watch.setAttention('standby');
    await watched.clock.advance(20_000);
    watched.watch.setAttention('shown');
    watched.watch.creditMove({ sequence: 700, part: null });
    const [asked, fetched] = [watched.site.playlistRequests, watched.site.mediaRequests];
    for (let second = 0; second < 30; second += 1) {
      watched.watch.creditMove({ sequence: 700 + second, part: null });
      watched.watch.confirm();
      await watched.clock.advance(1000);
    }
    expect([watched.site.playlistRequests, watched.site.mediaRequests]).toEqual([asked, fetched]);
    await watched.clock.advance(20_000);
    expect(watched.evidence()).toEqual([]);
    expect(watched.site.sessions.opened).toBe(2);
    watched.watch.dispose();
  });

  it('reports that a camera stopped, and finds it again', async () => {
    const watched = new WatchedStream({ prepare: pulled });
    watched.watch.setAttention('standby');
    await watched.clock.advance(20_000);
    watched.site.freeze();
    const stoppedMs = watched.clock.now();
    await watched.clock.advance(15_000);
    const [first] = watched.evidence();
    expect(first?.sinceMs ?? 0).toBeGreaterThan(stoppedMs);
    expect((first?.atMs ?? Number.POSITIVE_INFINITY) - stoppedMs).toBeLessThan(7000);
    watched.site.fault = { kind: 'none' };
    await watched.clock.advance(20_000);
    const reported = watched.evidence().length;
    await watched.clock.advance(60_000);
    expect(watched.evidence().length).toBe(reported);
    expect(watched.proofs('media').at(-1)).toBeGreaterThan(watched.clock.now() - 4000);
    watched.watch.dispose();
  });

  it('reports from an empty answer that a camera cannot be reached', async () => {
    const watched = new WatchedStream({ prepare: pulled });
    watched.watch.setAttention('standby');
    await watched.clock.advance(20_000);
    watched.site.sessions.endAll();
    watched.site.fetchText = () => Promise.resolve({ kind: 'body', body: '', elapsedMs: 5 });
    await watched.clock.advance(5000);
    expect(watched.evidence()[0]).toMatchObject({ channel: 'playlist', cause: 'no-media-yet' });
    watched.watch.dispose();
  });

  it('does not take a stream that moves by itself for a pull-driven one', async () => {
    const watched = new WatchedStream();
    watched.watch.setAttention('standby');
    await watched.clock.advance(10_000);
    // Four times later than it is due.
    for (let time = 0; time < 4; time += 1) {
      watched.site.freeze();
      await watched.clock.advance(1800);
      watched.site.fault = { kind: 'none' };
      await watched.clock.advance(5000);
    }
    const before = watched.site.mediaRequests;
    await watched.clock.advance(60_000);
    expect(watched.site.mediaRequests - before).toBeLessThanOrEqual(5);
    watched.watch.dispose();
  });

  it('keeps to the interval of its preset', async () => {
    const watched = new WatchedStream({ prepare: pulled, stream: { ...STREAM, watchIntervalMs: 10_000 } });
    watched.watch.setAttention('standby');
    await watched.clock.advance(60_000);
    const before = watched.site.mediaRequests;
    await watched.clock.advance(100_000);
    expect(watched.evidence()).toEqual([]);
    expect(watched.site.mediaRequests - before).toBeLessThanOrEqual(11);
    expect(watched.proofs('media').at(-1)).toBeGreaterThan(watched.clock.now() - 12_000);
    watched.watch.dispose();
  });
});

describe('the first answer of a stream that is started on demand', () => {
  it('may take 8 s', async () => {
    const watched = new WatchedStream({
      prepare: (site) => {
        site.startMs = 8000;
      },
    });
    await watched.clock.advance(11_000);
    expect(watched.proofs('playlist')).not.toEqual([]);
    // Silence is reported when proof of life was due all the same.
    expect(watched.evidence().map(({ cause }) => cause)).toContain('timeout');
    expect(watched.evidence()[0]?.sinceMs).toBe(3000);
    watched.watch.dispose();
  });

  it('brings a stream with parts back as soon as the site answers', async () => {
    const watched = new WatchedStream({
      prepare: (site) => {
        site.partMs = 200;
        site.startMs = 3000;
      },
    });
    await watched.clock.advance(30_000);
    watched.site.fault = { kind: 'fails', cause: 'refused' };
    await watched.clock.advance(700);
    const asked = watched.site.playlistRequests;
    watched.site.fault = { kind: 'none' };
    // It has to be started anew.
    await watched.clock.advance(11_000);
    const again = watched.site.asked[asked]?.atMs ?? 0;
    const backMs = watched.proofs('playlist').find((atMs) => atMs > again) ?? Number.POSITIVE_INFINITY;
    expect(backMs - again).toBeLessThan(3000 + 1000);
    watched.watch.dispose();
  });

  it('does not count for the usual time of its answers', async () => {
    const watched = new WatchedStream({
      prepare: (site) => {
        site.startMs = 2500;
      },
    });
    await watched.clock.advance(10_010);
    watched.site.fault = { kind: 'hang' };
    const hungMs = watched.clock.now();
    await watched.clock.advance(4000);
    const reported = watched.evidence().find(({ atMs }) => atMs > hungMs);
    expect((reported?.atMs ?? Number.POSITIVE_INFINITY) - hungMs).toBeLessThan(2000);
    watched.watch.dispose();
  });

  it('is requested again when a server that was restarted dropped the first request', async () => {
    const watched = new WatchedStream();
    await watched.clock.advance(5010);
    watched.site.fault = { kind: 'hang' };
    await watched.clock.advance(20_000);
    watched.watch.setAttention('sought');
    await watched.clock.advance(20_000);
    expect(watched.site.open).toBeLessThanOrEqual(2);
    watched.site.fault = { kind: 'none' };
    const backMs = watched.clock.now();
    await watched.clock.advance(6000);
    expect(
      (watched.proofs('playlist').find((atMs) => atMs > backMs) ?? Number.POSITIVE_INFINITY) - backMs,
    ).toBeLessThan(4500);
    watched.watch.dispose();
  });
});
