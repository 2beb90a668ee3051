import { beforeEach, describe, expect, it } from 'vitest';
import type { PlaylistAnswer } from '../../shared/gateway/gateway-exchange.ts';
import { VirtualClock } from '../../shared/testing/virtual-clock.ts';
import { type Directives, PlaylistSession } from './playlist-session.ts';

const ROOT = '/sites/main/cam1/index.m3u8';
const VARIANTS = [
  { uri: 'small.m3u8', attributes: 'BANDWIDTH=9000000,RESOLUTION=320x180,CODECS="avc1.42c00d,mp4a.40.2"' },
  {
    uri: 'large.m3u8',
    attributes: 'BANDWIDTH=100,RESOLUTION=1920x1080,CODECS="avc1.640028,mp4a.40.2",AUDIO="a"',
  },
  { uri: 'huge.m3u8', attributes: 'BANDWIDTH=900,RESOLUTION=3840x2160,CODECS="hvc1.1.6.L153"' },
  { uri: 'sound.m3u8', attributes: 'BANDWIDTH=64000,CODECS="mp4a.40.2"' },
];

function master(variants = VARIANTS, head = ''): string {
  const lines = variants.map(({ uri, attributes }) => `#EXT-X-STREAM-INF:${attributes}\n${uri}`);
  return ['#EXTM3U', '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="n",URI="a.m3u8"', head, ...lines].join('\n');
}

/** A multivariant playlist that opens a session for each request. */
const sessions = (id: number): string => `#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nlist.m3u8?session=${id}`;

function listed(from: number, to: number): string {
  const segments = Array.from({ length: to - from + 1 }, (_, index) => `#EXTINF:1,\ns${from + index}.ts`);
  return ['#EXTM3U', '#EXT-X-TARGETDURATION:1', `#EXT-X-MEDIA-SEQUENCE:${from}`, ...segments].join('\n');
}

const text = (body: string): PlaylistAnswer => ({ kind: 'text', text: body });
const failed = (status: number, reason: 'no-login' | 'refused' | null = null): PlaylistAnswer => ({
  kind: 'failed',
  status,
  reason,
  words: null,
});

let clock: VirtualClock;
let asked: string[];
let answers: PlaylistAnswer[];
let session: PlaylistSession;

const ask = (pathname: string): Promise<PlaylistAnswer> => {
  asked.push(pathname.replace('/sites/main/cam1/', ''));
  const answer = answers.shift();
  if (answer === undefined) throw new Error(`nothing answers ${pathname}`);
  return Promise.resolve(answer);
};

beforeEach(() => {
  clock = new VirtualClock();
  asked = [];
  answers = [];
  const canShow = (contentType: string): boolean => contentType.includes('avc1');
  session = new PlaylistSession(ROOT, 'main', canShow, clock);
});

async function begin(...given: PlaylistAnswer[]) {
  answers = given;
  return session.begin(ask);
}

async function reload(given: PlaylistAnswer[], directives: Directives = {}) {
  answers = [...given];
  asked = [];
  return session.reload(ask, directives);
}

describe('of a multivariant playlist', () => {
  it('hls.js gets the variant that can be shown, and nothing else', async () => {
    expect(await begin(text(master()))).toEqual({
      kind: 'given',
      text: '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=0\nlarge.m3u8',
      pathname: ROOT,
    });
    expect(await reload([text(listed(1, 3))])).toMatchObject({ pathname: '/sites/main/cam1/large.m3u8' });
    expect(asked).toEqual(['large.m3u8']);
  });

  it('a smaller tile wants another variant, and gets it from the next beginning on', async () => {
    await begin(text(master()));
    session.want('main');
    expect(session.wantsAnother()).toBe(false);
    session.want('sub');
    expect(session.wantsAnother()).toBe(true);
    await reload([failed(404), text(master()), text(listed(1, 3))]);
    expect(asked).toEqual(['large.m3u8', 'index.m3u8', 'large.m3u8']);
    expect(await begin(text(master()))).toMatchObject({ text: expect.stringMatching(/small\.m3u8$/) });
    expect(session.wantsAnother()).toBe(false);
  });

  it('variables hold in the variant’s address and in its playlist', async () => {
    const variants = [{ uri: '{$dir}/v.m3u8?id={$id}', attributes: 'BANDWIDTH=1' }];
    const definitions = '#EXT-X-DEFINE:NAME="dir",VALUE="hd"\n#EXT-X-DEFINE:NAME="id",VALUE="7"';
    expect(await begin(text(master(variants, definitions)))).toMatchObject({
      text: `#EXTM3U\n${definitions}\n#EXT-X-STREAM-INF:BANDWIDTH=0\nhd/v.m3u8?id=7`,
    });
  });

  it('variables from its address or from other variables are given with their values', async () => {
    session = new PlaylistSession(`${ROOT}?token=a%2Bb`, 'main', () => true, clock);
    const definitions = '#EXT-X-DEFINE:QUERYPARAM="token"\n#EXT-X-DEFINE:NAME="login",VALUE="t={$token}"';
    const variants = [{ uri: 'v.m3u8?{$login}', attributes: 'BANDWIDTH=1' }];
    const given = '#EXT-X-DEFINE:NAME="token",VALUE="a+b"\n#EXT-X-DEFINE:NAME="login",VALUE="t=a+b"';
    expect(await begin(text(master(variants, definitions)))).toMatchObject({
      text: `#EXTM3U\n${given}\n#EXT-X-STREAM-INF:BANDWIDTH=0\nv.m3u8?t=a+b`,
    });
  });

  it('a variant without video cannot be played', async () => {
    const sound = VARIANTS.slice(3);
    expect(await begin(text(master(sound)))).toEqual({ kind: 'unplayable', cause: 'no-video' });
  });
});

it('gives nothing of a load that the player gave up to begin anew', async () => {
  await begin(text(listed(1, 3)));
  let late: (answer: PlaylistAnswer) => void = () => {};
  const reloaded = session.reload(() => new Promise((resolve) => (late = resolve)), {});
  await begin(text(sessions(1)));
  late(text(`${listed(900, 905)}\n#EXT-X-ENDLIST`));
  expect(await reloaded).toEqual({ kind: 'outdated' });
  expect(session.hasEnded()).toBe(false);
  expect(await reload([text(listed(1, 6))])).toMatchObject({ text: listed(1, 6) });
});

it('reports a variant at an address that the gateway does not allow, and does not request it', async () => {
  const variants = [{ uri: 'https://elsewhere.example/v.m3u8', attributes: 'BANDWIDTH=1' }];
  expect(await begin(text(master(variants)))).toMatchObject({ kind: 'failed', reason: 'not-allowed' });
  await begin(text(sessions(1)));
  expect(await reload([failed(404), text(master(variants))])).toMatchObject({ reason: 'not-allowed' });
  expect(asked).toEqual(['list.m3u8?session=1', 'index.m3u8']);
});

describe('a media playlist', () => {
  it('alone has no variants', async () => {
    expect(await begin(text(listed(1, 3)))).toEqual({ kind: 'given', text: listed(1, 3), pathname: ROOT });
    session.want('sub');
    expect(session.wantsAnother()).toBe(false);
    expect(await reload([failed(404)])).toEqual(failed(404));
    expect(asked).toEqual(['index.m3u8']);
  });

  it('is requested as hls.js would, by the server’s own numbers', async () => {
    await begin(text(sessions(1)));
    await reload([text(listed(100, 105))]);
    await reload([text(listed(101, 106))], { msn: 106, part: 2, skip: 'YES' });
    expect(asked).toEqual(['list.m3u8?session=1&_HLS_msn=106&_HLS_part=2&_HLS_skip=YES']);
    await reload([text(listed(0, 1))]);
    await reload([text(listed(0, 2))], { msn: 109 });
    expect(asked).toEqual(['list.m3u8?session=1&_HLS_msn=2']);
  });

  it('that is encrypted is requested as a whole: a delta update may lack its key', async () => {
    await begin(text(sessions(1)));
    await reload([text(`${listed(1, 2)}\n#EXT-X-KEY:METHOD=AES-128,URI="k"\n#EXTINF:1,\ns3.ts`)]);
    await reload([text(listed(2, 4))], { msn: 4, skip: 'YES' });
    expect(asked).toEqual(['list.m3u8?session=1&_HLS_msn=4']);
  });

  it('whose encryption cannot be played is reported as such', async () => {
    const encrypted = `${listed(1, 2)}\n#EXT-X-KEY:METHOD=SAMPLE-AES,URI="k"\n#EXTINF:1,\ns3.ts`;
    expect(await begin(text(encrypted))).toEqual({ kind: 'unplayable', cause: 'encryption' });
  });

  it('that is not a playlist is left to hls.js', async () => {
    expect(await begin(text('<html></html>'))).toMatchObject({ kind: 'given', text: '<html></html>' });
    expect(await begin(failed(503))).toEqual(failed(503));
  });
});

describe('a session that has ended', () => {
  beforeEach(async () => {
    await begin(text(sessions(1)));
    await reload([text(listed(1, 6))]);
  });

  it.each([
    ['401', failed(401)],
    ['403', failed(403)],
    ['404', failed(404)],
    ['410', failed(410)],
    ['nothing at all', text('')],
    ['a multivariant playlist in its place', text(sessions(7))],
  ])('is renewed at once when its playlist is answered with %s', async (_words, answer) => {
    const given = await reload([answer, text(sessions(2)), text(listed(2, 7))], { msn: 7 });
    expect(asked).toEqual(['list.m3u8?session=1&_HLS_msn=7', 'index.m3u8', 'list.m3u8?session=2']);
    expect(given).toEqual({
      kind: 'given',
      text: listed(2, 7),
      pathname: '/sites/main/cam1/list.m3u8?session=2',
    });
    await reload([text(listed(3, 8))]);
    expect(asked).toEqual(['list.m3u8?session=2']);
  });

  it('fails with the stream’s own address when that fails too', async () => {
    expect(await reload([failed(401), failed(404)])).toEqual(failed(404));
    await clock.advance(1000);
    expect(await reload([failed(401), text('')])).toMatchObject({ kind: 'given', text: '' });
    await clock.advance(1000);
    expect(await reload([failed(401), text(sessions(2)), failed(503)])).toEqual(failed(503));
  });

  it('is renewed at once after 10 s without a playlist: the workstation has slept', async () => {
    await clock.advance(9999);
    await reload([text(listed(1, 7))]);
    expect(asked).toEqual(['list.m3u8?session=1']);
    await clock.advance(10_000);
    await reload([failed(502, 'refused')]);
    expect(asked).toEqual(['index.m3u8']);
    await reload([text(sessions(2)), text(listed(1, 8))]);
    expect(asked).toEqual(['index.m3u8', 'list.m3u8?session=2']);
    await reload([text(listed(1, 9))]);
    expect(asked).toEqual(['list.m3u8?session=2']);
  });

  it('is renewed where a playlist was pending while the workstation slept', async () => {
    let late: (answer: PlaylistAnswer) => void = () => {};
    asked = [];
    const reloaded = session.reload((pathname) => {
      if (asked.length > 0) return ask(pathname);
      asked.push(pathname.replace('/sites/main/cam1/', ''));
      return new Promise((resolve) => (late = resolve));
    }, {});
    await clock.advance(10_000);
    answers = [text(sessions(2)), text(listed(1, 8))];
    late(text(listed(1, 7)));
    expect(await reloaded).toMatchObject({ pathname: '/sites/main/cam1/list.m3u8?session=2' });
    expect(asked).toEqual(['list.m3u8?session=1', 'index.m3u8', 'list.m3u8?session=2']);
  });

  it('is renewed at most once a second', async () => {
    await reload([failed(404), text(sessions(2)), failed(404)]);
    expect(await reload([failed(404)])).toEqual(failed(404));
    await clock.advance(1000);
    await reload([failed(404), text(sessions(3)), text(listed(2, 7))]);
    expect(asked).toHaveLength(3);
  });

  it('may be replaced by a media playlist without variants', async () => {
    expect(await reload([failed(404), text(listed(2, 7))])).toMatchObject({ pathname: ROOT });
    await reload([text(listed(3, 8))]);
    expect(asked).toEqual(['index.m3u8']);
  });

  it.each([
    ['the server', failed(500)],
    ['the gateway', failed(403, 'no-login')],
    ['the connection', failed(502, 'refused')],
  ])('is not assumed where %s fails', async (_words, answer) => {
    expect(await reload([answer])).toEqual(answer);
    expect(asked).toHaveLength(1);
  });
});

it('follows a stream whose media playlist becomes a multivariant playlist', async () => {
  await begin(text(listed(1, 6)));
  expect(await reload([text(sessions(1)), text(sessions(2)), text(listed(2, 7))])).toMatchObject({
    pathname: '/sites/main/cam1/list.m3u8?session=2',
  });
});

it('reports that its playlist has ended, is encrypted, and how long its segments are', async () => {
  await begin(text(`${listed(1, 2)}\n#EXT-X-KEY:METHOD=AES-128,URI="k"\n#EXTINF:3,\ns3.ts\n#EXT-X-ENDLIST`));
  expect([session.hasEnded(), session.isEncrypted(), session.longestMs()]).toEqual([true, true, 3000]);
  await reload([text(listed(4, 6))]);
  expect([session.hasEnded(), session.isEncrypted(), session.longestMs()]).toEqual([false, false, 1000]);
});

describe('variables', () => {
  const head = '#EXT-X-DEFINE:NAME="v0",VALUE="0123456789"';
  const withVariables = (lines: readonly string[], uri: string): string =>
    ['#EXTM3U', '#EXT-X-TARGETDURATION:1', head, ...lines, '#EXTINF:1,', uri].join('\n');

  it('are left to hls.js to replace', async () => {
    const list = withVariables([], '{$v0}.ts');
    expect(await begin(text(list))).toMatchObject({ kind: 'given', text: list });
  });

  it('may be those of the multivariant playlist', async () => {
    await begin(text(master(VARIANTS, head)));
    const list = [
      '#EXTM3U',
      '#EXT-X-TARGETDURATION:1',
      '#EXT-X-DEFINE:IMPORT="v0"',
      '#EXTINF:1,',
      '{$v0}.ts',
    ];
    expect(await reload([text(list.join('\n'))])).toMatchObject({ kind: 'given' });
  });

  it('that double each other never get to hls.js, which would fill the memory with them', async () => {
    const doubled = Array.from(
      { length: 40 },
      (_, n) => `#EXT-X-DEFINE:NAME="v${n + 1}",VALUE="{$v${n}}{$v${n}}"`,
    );
    expect(await begin(text(withVariables(doubled, '1.ts')))).toMatchObject({
      kind: 'failed',
      reason: 'not-media',
    });
  });
});
