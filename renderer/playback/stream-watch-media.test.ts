import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { FakeSite } from '../testing/fake-site.ts';
import { WatchedStream } from '../testing/watched-stream.ts';

const fixture = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../../shared/media/fixtures/${name}`, import.meta.url)));
const H265 = fixture('hevc.ts');
const WITHOUT_H265 = (contentType: string): boolean => !/hvc1|hev1/.test(contentType);

function formats({ reports }: WatchedStream): (string | undefined)[] {
  return reports.flatMap((report) =>
    report.type === 'proof' && report.channel === 'media' ? [report.format] : [],
  );
}

describe('a stream that this workstation has no decoder for', () => {
  it('is reported at once, and then watched as rarely as a healthy standby', async () => {
    const watched = new WatchedStream();
    watched.canShow = WITHOUT_H265;
    watched.site.media = H265;
    await watched.clock.advance(1000);
    expect(watched.evidence()).toMatchObject([{ channel: 'media', cause: 'codec-h265', atMs: 10 }]);
    await watched.clock.advance(120_000);
    expect(watched.evidence().length).toBeLessThanOrEqual(1 + 120 / 15);
    expect(watched.proofs('media')).toEqual([]);
    expect(watched.site.mediaRequests).toBeLessThanOrEqual(1 + 120 / 15);
    // As often as a healthy standby.
    expect(watched.site.playlistRequests).toBeLessThan(125);
    watched.watch.dispose();
  });

  it('is proven within 15 s after it begins to send what can be shown, with its format', async () => {
    const watched = new WatchedStream();
    watched.canShow = WITHOUT_H265;
    const sound = watched.site.media;
    watched.site.media = H265;
    await watched.clock.advance(30_000);
    watched.site.media = sound;
    await watched.clock.advance(17_000);
    expect(formats(watched)).toContain('ts avc1.42d00b 160x90');
    watched.watch.dispose();
  });

  it('reports another format with the next check', async () => {
    const watched = new WatchedStream();
    await watched.clock.advance(3000);
    watched.site.media = H265;
    await watched.clock.advance(3000);
    expect(formats(watched)[0]).toBe('ts avc1.42d00b 160x90');
    expect(formats(watched).at(-1)).toMatch(/^ts hvc1/);
    watched.watch.dispose();
  });
});

describe('a multivariant playlist', () => {
  const two = (site: FakeSite): void => {
    site.shape = { kind: 'multivariant' };
    site.variants = [
      ['BANDWIDTH=300000,RESOLUTION=640x360,CODECS="avc1.64001e"', 'small/'],
      ['BANDWIDTH=3000000,RESOLUTION=1920x1080,CODECS="avc1.640028"', 'large/'],
    ];
  };

  it('is watched in the variant that a player takes, which may be another one later', async () => {
    const watched = new WatchedStream({ prepare: two });
    await watched.clock.advance(5000);
    expect(watched.site.asked.at(-1)?.pathname).toBe('/sites/main/cam1/large/stream.m3u8');
    expect(formats(watched).at(-1)).toBe('ts avc1.42d00b 160x90 /sites/main/cam1/large/stream.m3u8');
    watched.watch.setVariant('sub');
    await watched.clock.advance(5000);
    expect(watched.site.asked.at(-1)?.pathname).toBe('/sites/main/cam1/small/stream.m3u8');
    expect(formats(watched).at(-1)).toBe('ts avc1.42d00b 160x90 /sites/main/cam1/small/stream.m3u8');
    expect(watched.evidence()).toEqual([]);
    watched.watch.dispose();
  });

  it('is watched in a variant that can be shown', async () => {
    const watched = new WatchedStream({
      prepare: (site) => {
        two(site);
        site.variants = [
          ['BANDWIDTH=1000000,RESOLUTION=1280x720,CODECS="avc1.64001f"', 'h264/'],
          ['BANDWIDTH=2000000,RESOLUTION=1920x1080,CODECS="hvc1.1.6.L120.B0"', 'h265/'],
        ];
      },
    });
    watched.canShow = WITHOUT_H265;
    // The first answer has not come yet.
    await watched.clock.advance(5000);
    expect(watched.site.asked.at(-1)?.pathname).toBe('/sites/main/cam1/h264/stream.m3u8');
    watched.watch.dispose();
  });

  it('passes its variables to the media playlist that imports them', async () => {
    const watched = new WatchedStream({
      prepare: (site) => {
        site.shape = { kind: 'multivariant' };
        site.variants = [['BANDWIDTH=1000000\n#EXT-X-DEFINE:NAME="key",VALUE="one"', '']];
        site.tag = '#EXT-X-DEFINE:IMPORT="key"\n#EXT-X-MAP:URI="init.mp4?key={$key}"\n';
      },
    });
    await watched.clock.advance(5000);
    expect(watched.evidence()).toEqual([]);
    expect(watched.site.fetched).toContain('/sites/main/cam1/init.mp4?key=one');
    watched.watch.dispose();
  });

  it('with sound alone has no video', async () => {
    const watched = new WatchedStream({
      prepare: (site) => {
        site.shape = { kind: 'multivariant' };
        site.variants = [['BANDWIDTH=64000,CODECS="mp4a.40.2"', '']];
      },
    });
    await watched.clock.advance(100);
    expect(watched.evidence()).toMatchObject([{ channel: 'playlist', cause: 'no-video' }]);
    watched.watch.dispose();
  });

  it('names its variant the same in every session', async () => {
    const watched = new WatchedStream({
      prepare: (site) => {
        site.shape = { kind: 'sessions', idleMs: 30_000, refusal: 'http-401' };
      },
    });
    await watched.clock.advance(3000);
    watched.site.sessions.endAll();
    await watched.clock.advance(3000);
    expect(new Set(formats(watched))).toEqual(
      new Set(['ts avc1.42d00b 160x90 /sites/main/cam1/stream.m3u8']),
    );
    watched.watch.dispose();
  });
});

describe('a playlist without media', () => {
  it.each([
    ['that has no segment', 'no-segments'],
    ['that is empty', 'no-bytes'],
  ] as const)('%s is reported as having no media yet', async (_what, kind) => {
    const watched = new WatchedStream();
    await watched.clock.advance(5000);
    watched.site.fault = { kind };
    await watched.clock.advance(1500);
    expect(watched.evidence()[0]).toMatchObject({ channel: 'playlist', cause: 'no-media-yet' });
    const reported = watched.evidence().length;
    watched.site.fault = { kind: 'none' };
    await watched.clock.advance(5000);
    expect(watched.evidence().length).toBeLessThanOrEqual(reported + 2);
    expect(watched.proofs('playlist').at(-1)).toBeGreaterThan(watched.clock.now() - 1500);
    watched.watch.dispose();
  });

  it('with an EXT-X-ENDLIST has ended as soon as its edge is unmoved', async () => {
    const watched = new WatchedStream();
    watched.watch.setAttention('standby');
    await watched.clock.advance(5100);
    watched.site.end();
    const endedMs = watched.clock.now();
    await watched.clock.advance(3000);
    const [first] = watched.evidence();
    expect(first).toMatchObject({ channel: 'playlist', cause: 'ended' });
    expect((first?.atMs ?? Number.POSITIVE_INFINITY) - endedMs).toBeLessThan(1500);
    watched.watch.dispose();
  });

  it('with an EXT-X-ENDLIST that moves all the same is alive', async () => {
    const watched = new WatchedStream({
      prepare: (site) => {
        site.tag = '#EXT-X-ENDLIST\n';
      },
    });
    await watched.clock.advance(60_000);
    expect(watched.evidence()).toEqual([]);
    watched.watch.dispose();
  });
});

describe('observed values', () => {
  it.each(['shown', 'standby', 'doubted'] as const)(
    'count more than declared ones: 5 s segments under a target duration of 1 s, %s',
    async (attention) => {
      const watched = new WatchedStream({
        targetMs: 5000,
        prepare: (site) => {
          site.declaredS = 1;
        },
      });
      watched.watch.setAttention(attention);
      await watched.clock.advance(300_000);
      expect(watched.evidence()).toEqual([]);
      expect(watched.site.playlistRequests).toBeLessThan(200);
      watched.watch.dispose();
    },
  );

  it('count: several segments that are listed at once are no stall, once that is known', async () => {
    const watched = new WatchedStream({
      prepare: (site) => {
        site.segmentsAtOnce = 4;
      },
    });
    await watched.clock.advance(30_000);
    const reported = watched.evidence().length;
    await watched.clock.advance(300_000);
    expect(watched.evidence().length).toBe(reported);
    watched.site.freeze();
    await watched.clock.advance(12_000);
    expect(watched.evidence().at(-1)?.cause).toBe('stalled');
    watched.watch.dispose();
  });

  it('count: parts that are declared and never listed move no edge', async () => {
    const watched = new WatchedStream({
      targetMs: 2000,
      prepare: (site) => {
        site.tag = '#EXT-X-PART-INF:PART-TARGET=0.2\n';
      },
    });
    await watched.clock.advance(120_000);
    expect(watched.evidence()).toEqual([]);
    watched.watch.dispose();
  });
});

describe('a delta update of a long playlist', () => {
  it('is requested where the server offers it and the last answer is young enough', async () => {
    const watched = new WatchedStream({
      prepare: (site) => {
        site.tag = '#EXT-X-SERVER-CONTROL:CAN-SKIP-UNTIL=6\n';
      },
    });
    await watched.clock.advance(5000);
    const asked = watched.site.asked.map(({ pathname }) => pathname);
    expect(asked[0]).toBe('/sites/main/cam1/index.m3u8');
    expect(new Set(asked.slice(1))).toEqual(new Set(['/sites/main/cam1/index.m3u8?_HLS_skip=YES']));
    watched.site.fault = { kind: 'fails', cause: 'refused' };
    await watched.clock.advance(60_000);
    expect(watched.site.asked.at(-1)?.pathname).toBe('/sites/main/cam1/index.m3u8');
    watched.watch.dispose();
  });

  it('keeps the initialisation section of the playlist before it', async () => {
    const watched = new WatchedStream({
      prepare: (site) => {
        site.tag = '#EXT-X-SERVER-CONTROL:CAN-SKIP-UNTIL=6\n#EXT-X-MAP:URI="init.mp4"\n';
        site.init = fixture('h264-aac-init.mp4');
        site.media = fixture('h264-aac.m4s');
      },
    });
    await watched.clock.advance(5000);
    const hevc = fixture('hevc.mp4');
    const media = Buffer.from(hevc).indexOf('moof') - 4;
    watched.site.init = hevc.slice(0, media);
    watched.site.media = hevc.slice(media);
    await watched.clock.advance(20_000);
    expect(watched.evidence()).toEqual([]);
    expect(formats(watched).at(-1)).toMatch(/^fmp4 hvc1/);
    watched.watch.dispose();
  });

  it('is not requested after a restart, which has an initialisation section of its own', async () => {
    const watched = new WatchedStream({
      prepare: (site) => {
        site.tag = '#EXT-X-SERVER-CONTROL:CAN-SKIP-UNTIL=6\n#EXT-X-MAP:URI="init.mp4"\n';
      },
    });
    await watched.clock.advance(5100);
    watched.site.firstSequence = 0;
    const asked = watched.site.asked.length;
    await watched.clock.advance(3000);
    expect(watched.site.asked.slice(asked, asked + 2).map(({ pathname }) => pathname)).toEqual([
      '/sites/main/cam1/index.m3u8?_HLS_skip=YES',
      '/sites/main/cam1/index.m3u8',
    ]);
    watched.watch.dispose();
  });
});
