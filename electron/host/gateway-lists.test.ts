import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MAX_PLAYLIST_BYTES } from '../../shared/gateway/gateway-contract.ts';
import { readPlaylist } from '../../shared/playlist/read-playlist.ts';
import { ask, GatewayRig } from './testing/gateway-rig.ts';

let rig: GatewayRig;
beforeEach(() => {
  rig = new GatewayRig();
});
afterEach(() => rig.end());

async function given(playlist: string) {
  const bytes = Buffer.from(playlist);
  const site = await rig.startSite((_request, response) => response.writeHead(200).end(bytes));
  const gateway = rig.open(site);
  return { gateway, answer: () => ask(gateway, 'cam/index.m3u8') };
}

/** An EVENT playlist that has grown for days, with as many segments as fit. */
function eventList(bytes: number): { readonly text: string; readonly segments: number } {
  const head = '#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:2\n#EXT-X-PLAYLIST-TYPE:EVENT\n';
  const line = (number: number): string =>
    `#EXTINF:2.000000,\n/live/cam/${String(number).padStart(8, '0')}.ts?token=5f2c1d0e9b8a7766554433221100ffee\n`;
  const segments = Math.floor((bytes - head.length) / line(0).length);
  return { text: head + Array.from({ length: segments }, (_, number) => line(number)).join(''), segments };
}

describe('a playlist that has grown for days', () => {
  it('is read to its end, and the page gets its newest part', async () => {
    const { text, segments } = eventList(MAX_PLAYLIST_BYTES);
    const { answer } = await given(text);
    const newest = await answer();
    expect(newest.status).toBe(200);
    expect(newest.text.length).toBeLessThan(20_000);
    const reading = readPlaylist(newest.text);
    if (!reading.ok || reading.playlist.kind !== 'media') throw new Error('no media playlist');
    const { playlist } = reading;
    expect(playlist.mediaSequence + playlist.segments.length).toBe(segments);
    expect(playlist.segments.at(-1)?.uri).toMatch(/^\/sites\/north\/cam\/\d+\.ts\?token=/);
  });

  it('lets the host serve others meanwhile', async () => {
    const { answer } = await given(eventList(MAX_PLAYLIST_BYTES).text);
    let turns = 0;
    let isReading = true;
    const turn = (): void => {
      turns += 1;
      if (isReading) setImmediate(turn);
    };
    turn();
    await answer();
    isReading = false;
    // 16 MB in pieces of about 64 KB.
    expect(turns).toBeGreaterThan(100);
  });

  it('is refused beyond 16 MB', async () => {
    const { answer, gateway } = await given(eventList(MAX_PLAYLIST_BYTES + 1000).text);
    expect(await answer()).toMatchObject({
      reason: 'too-large',
      words: 'North sent more than the 16 MB that a playlist may have',
    });
    expect(gateway.stats().north?.openRequests).toBe(0);
  });
});

describe('a playlist', () => {
  it('of thousands of addresses is rebuilt to its last line', async () => {
    const variants = Array.from(
      { length: 5000 },
      (_, number) => `#EXT-X-STREAM-INF:BANDWIDTH=${number + 1}\n/live/${number}.m3u8\n`,
    );
    const { answer } = await given(`#EXTM3U\n${variants.join('')}`);
    const { text } = await answer();
    expect(text).toContain('\n/sites/north/4999.m3u8\n');
    expect(text.split('\n')).toHaveLength(10_002);
  });

  it.each([
    ['one endless line', `#EXTM3U\n#${'x'.repeat(200_000)}\n`, 'has a line of more than 65536 characters'],
    [
      'nothing but variants',
      `#EXTM3U\n${`#EXT-X-STREAM-INF:BANDWIDTH=1\n${'v'.repeat(100)}.m3u8\n`.repeat(10_000)}`,
      'has more than 1000000 characters in what has to be kept of it',
    ],
  ])('is refused where it is %s', async (_name, text, words) => {
    const { answer } = await given(text);
    expect(await answer()).toMatchObject({ reason: 'too-large', words: `the playlist of North ${words}` });
  });
});
