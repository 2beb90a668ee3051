import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { readPlaylist } from '../../shared/playlist/read-playlist.ts';
import { LiveList } from './live-list.ts';

function fixture(name: string): string {
  return readFileSync(new URL(`../../shared/playlist/fixtures/${name}.m3u8`, import.meta.url), 'utf8');
}

/** Segments of a second, with consecutive numbers and with names by a function of the number. */
function listed(
  from: number,
  to: number,
  { name = (n: number) => `s${n}.ts`, head = '', durationS = 1 } = {},
): string {
  const segments = Array.from({ length: to - from + 1 }, (_, index) => {
    return `#EXTINF:${durationS.toFixed(3)},\n${name(from + index)}`;
  });
  return ['#EXTM3U', '#EXT-X-TARGETDURATION:1', `#EXT-X-MEDIA-SEQUENCE:${from}`, head, ...segments].join(
    '\n',
  );
}

let list: LiveList;
beforeEach(() => {
  list = new LiveList();
});

const give = (text: string, session: 'same' | 'new' = 'same') => list.give(text, session);

/** Numbers, discontinuity and names of the segments as hls.js gets them. */
function given(text: string, session: 'same' | 'new' = 'same') {
  const reading = readPlaylist(give(text, session).text);
  if (!reading.ok || reading.playlist.kind !== 'media') throw new Error('is no media playlist');
  const { playlist } = reading;
  return {
    numbers: playlist.segments.map(({ sequence }) => sequence),
    discontinuity: playlist.discontinuitySequence,
    maps: [...new Set(playlist.segments.map(({ map }) => map?.uri ?? null))],
  };
}

describe('a playlist that declares what it lists', () => {
  it.each([
    'ffmpeg-ts-live',
    'ffmpeg-fmp4-live',
    'nginx-rtmp-live',
    'rfc8216bis-low-latency',
    'rfc8216-8.2-live',
  ])('is given unchanged: %s', (name) => expect(give(fixture(name)).text).toBe(fixture(name)));

  it('is given unchanged even where its parts are a little shorter than its longest part may be', () => {
    const text = listed(1, 2, { head: '#EXT-X-PART-INF:PART-TARGET=0.5\n#EXT-X-PART:DURATION=0.4,URI="p"' });
    expect(give(text).text).toBe(text);
  });
});

describe('listed durations count more than declared ones', () => {
  it('the longest segment becomes the target duration', () => {
    const { text, longestMs } = give(listed(1, 3, { durationS: 5.2 }));
    expect(text).toContain('#EXT-X-TARGETDURATION:5\n');
    expect(text.match(/TARGETDURATION/g)).toHaveLength(1);
    expect(longestMs).toBe(5200);
  });

  it('but a segment of an hour is a mistake of its clock', () => {
    expect(give(listed(1, 3, { durationS: 3600 })).longestMs).toBe(60_000);
  });

  it.each([
    ['longer', '#EXT-X-PART-INF:PART-TARGET=0.2', 1],
    ['listed, and not declared', '', 1],
  ])('parts that are %s', (_words, head, longestS) => {
    const { text } = give(listed(1, 2, { head: `${head}\n#EXT-X-PART:DURATION=${longestS},URI="p"` }));
    expect(text.match(/#EXT-X-PART-INF:.*/g)).toEqual([`#EXT-X-PART-INF:PART-TARGET=${longestS}`]);
  });

  it('a hold-back that is too short for these durations is made longer', () => {
    const control = '#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=0.3,HOLD-BACK=3\n';
    const head = `${control}#EXT-X-PART-INF:PART-TARGET=0.5\n#EXT-X-PART:DURATION=0.5,URI="p"`;
    const { text } = give(listed(1, 2, { head, durationS: 4 }));
    expect(text).toContain('PART-HOLD-BACK=1.5,HOLD-BACK=8');
  });
});

describe('a playlist of segments that are made on request', () => {
  it('has its live edge before its segments', () => {
    const onDemand = listed(4, 5, { name: (n) => `segment.ts?id=a&n=${n}`, durationS: 0.5 });
    // Two segments of 0.5 s, and the distance that a stream with a target duration of a second keeps behind its edge.
    expect(give(onDemand).text).toContain('#EXT-X-SERVER-CONTROL:HOLD-BACK=3.15\n');
  });

  it.each([
    ['names that tell its segments apart', listed(4, 5)],
    ['more segments', listed(4, 6, { name: (n) => `segment.ts?n=${n}` })],
  ])('is not assumed with %s', (_words, text) => expect(give(text).text).toBe(text));
});

describe('a playlist with an EXT-X-ENDLIST', () => {
  it('is reported as ended, and hls.js requests it again, as it may continue', () => {
    const { text, ended } = give(`${listed(1, 3)}\n#EXT-X-ENDLIST\n`);
    expect(ended).toBe(true);
    expect(text).not.toContain('ENDLIST');
    expect(give(listed(2, 4)).ended).toBe(false);
  });
});

describe('encryption', () => {
  it.each([
    ['none', ''],
    ['aes-128', '#EXT-X-KEY:METHOD=AES-128,URI="k"'],
    [
      'aes-128',
      '#EXT-X-KEY:METHOD=SAMPLE-AES,URI="d",KEYFORMAT="com.apple"\n#EXT-X-KEY:METHOD=AES-128,URI="k"',
    ],
    ['none', '#EXT-X-KEY:METHOD=AES-128,URI="k"\n#EXT-X-KEY:METHOD=NONE'],
    ['unplayable', '#EXT-X-KEY:METHOD=SAMPLE-AES,URI="k"'],
    ['unplayable', '#EXT-X-KEY:METHOD=SAMPLE-AES-CTR,URI="data:x",KEYFORMAT="urn:uuid:edef8ba9"'],
  ])('is %s with "%s"', (encryption, head) => {
    expect(give(listed(1, 2, { head })).encryption).toBe(encryption);
  });
});

describe('numbering that restarts', () => {
  it('continues behind a discontinuity', () => {
    expect(given(listed(100, 105))).toMatchObject({
      numbers: [100, 101, 102, 103, 104, 105],
      discontinuity: 0,
    });
    expect(given(listed(0, 1))).toMatchObject({ numbers: [106, 107], discontinuity: 1 });
    expect(given(listed(1, 3))).toMatchObject({ numbers: [107, 108, 109], discontinuity: 1 });
    expect(list.serverNumber(109)).toBe(3);
    expect(given(listed(0, 0))).toMatchObject({ numbers: [110], discontinuity: 2 });
  });

  it('is found where a number has another name', () => {
    give(listed(4, 9));
    expect(given(listed(8, 10, { name: (n) => `other${n}.ts` }))).toMatchObject({
      numbers: [10, 11, 12],
      discontinuity: 1,
    });
  });

  it('is not found where only the session in the names differs', () => {
    give(listed(4, 9, { name: (n) => `s${n}.ts?session=a` }));
    expect(given(listed(5, 10, { name: (n) => `s${n}.ts?session=b` }), 'new')).toMatchObject({
      numbers: [5, 6, 7, 8, 9, 10],
      discontinuity: 0,
    });
  });

  it('is assumed in a new session whose names do not distinguish the segments', () => {
    const name = (session: string) => (n: number) => `segment.ts?id=${session}&n=${n}`;
    give(listed(0, 1, { name: name('a') }));
    expect(given(listed(0, 1, { name: name('b') }), 'new')).toMatchObject({
      numbers: [2, 3],
      discontinuity: 1,
    });
    expect(given(listed(1, 2, { name: name('b') }))).toMatchObject({ numbers: [3, 4], discontinuity: 1 });
  });

  it('is found behind the discontinuities of the previous numbering', () => {
    const text = listed(7, 8, { head: '#EXT-X-DISCONTINUITY-SEQUENCE:3\n#EXT-X-DISCONTINUITY' });
    give(text);
    expect(given(listed(0, 1))).toMatchObject({ numbers: [9, 10], discontinuity: 5 });
  });

  it('has its own initialisation section, even under the old name', () => {
    const head = '#EXT-X-MAP:URI="init.mp4",BYTERANGE="800@0"';
    expect(given(listed(50, 55, { head })).maps).toEqual(['init.mp4']);
    expect(given(listed(0, 1, { head })).maps).toEqual(['init.mp4#1']);
    expect(give(listed(0, 2, { head })).text).toContain('URI="init.mp4#1",BYTERANGE="800@0"');
  });

  it('is not found where a stream has no media for a while', () => {
    give(listed(50, 55));
    give('#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXT-X-MEDIA-SEQUENCE:0\n');
    expect(given(listed(70, 75)).numbers).toEqual([70, 71, 72, 73, 74, 75]);
  });
});

describe('a playlist that went back', () => {
  it('is an older copy, and nothing new', () => {
    const { text } = give(listed(4, 9));
    expect(give(listed(2, 7)).text).toBe(text);
    expect(give(listed(3, 8)).text).toBe(text);
    expect(given(listed(5, 10))).toMatchObject({ numbers: [5, 6, 7, 8, 9, 10], discontinuity: 0 });
  });

  it('is restarted numbering, under the old names, once it moves on from there', () => {
    const { text } = give(listed(0, 9));
    expect(give(listed(0, 1)).text).toBe(text);
    expect(give(listed(0, 1)).text).toBe(text);
    expect(given(listed(0, 2))).toMatchObject({ numbers: [10, 11, 12], discontinuity: 1 });
  });
});

describe('behind a discontinuity', () => {
  it('there is another initialisation section, under whatever name', () => {
    const head = '#EXT-X-MAP:URI=init.mp4\n';
    const { text } = give(
      `${listed(1, 2, { head })}\n#EXT-X-DISCONTINUITY\n#EXT-X-MAP:URI="init.mp4"\n#EXTINF:1,\ns3.m4s`,
    );
    expect(text.match(/#EXT-X-MAP.*/g)).toEqual(['#EXT-X-MAP:URI=init.mp4', '#EXT-X-MAP:URI="init.mp4#1"']);
  });
});

it('reads the whole name of an initialisation section, commas included', () => {
  const head = '#EXT-X-DISCONTINUITY-SEQUENCE:3\n#EXT-X-MAP:URI="init,1.mp4",BYTERANGE="800@0"';
  expect(give(listed(1, 2, { head })).text).toContain('#EXT-X-MAP:URI="init,1.mp4#3",BYTERANGE="800@0"');
});

it('gives hls.js what is not a playlist, and forgets nothing because of it', () => {
  give(listed(100, 105));
  const others = ['', '<html>\nno\n</html>', '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nv.m3u8'];
  for (const text of others) expect(give(text).text).toBe(text);
  expect(given(listed(101, 106))).toMatchObject({
    numbers: [101, 102, 103, 104, 105, 106],
    discontinuity: 0,
  });
});
