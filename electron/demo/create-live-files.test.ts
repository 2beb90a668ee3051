import { describe, expect, test } from 'vitest';
import { ClipFolder } from './clip-folder.ts';
import { createLiveFiles, type LiveFilesOptions, type StreamClips } from './create-live-files.ts';
import { readClip } from './fmp4.ts';
import { type LiveAnswer, type StreamCondition, USUAL_CONDITION } from './live-files.ts';
import { EPOCH_MS } from './live-timeline.ts';
import { LOW_LATENCY_SHAPE, PLAIN_SHAPE, type StreamShape } from './stream-shape.ts';
import { CLIPS_DIRECTORY, stampOf } from './testing/test-clips.ts';

const folder = new ClipFolder(CLIPS_DIRECTORY);
const clips = await folder.streamClips('corridor', 'main');
const atMs = EPOCH_MS + 1_000_400;

function stream(shape: Partial<StreamShape> = {}, more: Partial<LiveFilesOptions> = {}) {
  const files = createLiveFiles({ clips, shape: { ...PLAIN_SHAPE, ...shape }, ...more });
  return (path: string, condition: Partial<StreamCondition> = {}, nowMs = atMs): LiveAnswer => {
    const [file = '', query = ''] = path.split('?', 2);
    return files.answer(file, new URLSearchParams(query), nowMs, { ...USUAL_CONDITION, ...condition });
  };
}

function textOf(answer: LiveAnswer): string {
  if (answer.kind !== 'file' || typeof answer.body !== 'string') throw new Error(JSON.stringify(answer));
  return answer.body;
}

function bytesOf(answer: LiveAnswer): Uint8Array {
  if (answer.kind !== 'file' || typeof answer.body === 'string') throw new Error(JSON.stringify(answer));
  return answer.body;
}

const samplesOf = (answer: LiveAnswer) =>
  readClip(Buffer.concat([clips.main.moving.init, bytesOf(answer)]), 'answer').samples;

describe('every listed file exists', () => {
  const shapes: [string, Partial<StreamShape>, string][] = [
    ['1 s', {}, ''],
    ['2 s', { segmentMs: 2000 }, ''],
    ['4 s', { segmentMs: 4000 }, ''],
    ['5 s', { segmentMs: 5000 }, ''],
    ['a transport stream', { container: 'mpegts' }, ''],
    ['parts of 333 ms', LOW_LATENCY_SHAPE, ''],
    ['parts of 200 ms in segments of 2 s', { ...LOW_LATENCY_SHAPE, segmentMs: 2000, partMs: 200 }, ''],
    ['the main rendition', { multivariant: true }, 'main/'],
    ['the sub rendition in parts', { ...LOW_LATENCY_SHAPE, multivariant: true }, 'sub/'],
  ];
  test.each(shapes)('%s', (_name, shape, below) => {
    const get = stream(shape);
    const listed = textOf(get(`${below}index.m3u8`)).matchAll(/^[^#\n]+|(?<=(?:PART|MAP):.*URI=")[^"]+/gm);
    const bodies = [...listed].map(([file]) => bytesOf(get(`${below}${file}`)));
    expect(bodies.length).toBeGreaterThanOrEqual(7);
    for (const body of bodies) expect(body.length).toBeGreaterThan(500);
  });
});

test.each([
  ['plain', {}, ['996.m4s'], ['995.m4s', '997.m4s']],
  ['low-latency', LOW_LATENCY_SHAPE, ['996.m4s', '996.0.m4s', '996.2.m4s'], ['995.2.m4s', '997.0.m4s']],
] as const)(
  'one lost segment of a %s stream is listed and missing, and no other',
  (_name, shape, lost, there) => {
    const get = stream(shape);
    const condition = { lost: { parts: 'all', whole: 'lost', sinceMs: EPOCH_MS + 995_400 } } as const;
    expect(textOf(get('index.m3u8', condition))).toContain('996.m4s');
    for (const file of lost)
      expect(get(file, condition)).toEqual({
        kind: 'missing',
        words: expect.stringMatching(/egment 996 was never written\.$/),
      });
    for (const file of there) expect(bytesOf(get(file, condition)).length).toBeGreaterThan(500);
  },
);

test.each([
  ['lost', ['998.1.m4s', '998.m4s'], ['998.0.m4s', '998.2.m4s']],
  ['there', ['998.1.m4s'], ['998.0.m4s', '998.2.m4s', '998.m4s']],
] as const)(
  'one part may be lost without the others, where the whole segment is %s',
  (whole, lost, there) => {
    const get = stream(LOW_LATENCY_SHAPE);
    const condition = { lost: { parts: [1], whole, sinceMs: EPOCH_MS + 997_400 } };
    expect(textOf(get('index.m3u8', condition))).toContain('998.1.m4s');
    for (const file of lost) expect(get(file, condition).kind).toBe('missing');
    for (const file of there) expect(bytesOf(get(file, condition)).length).toBeGreaterThan(500);
  },
);

test('the parts of a segment together are the segment', () => {
  const get = stream(LOW_LATENCY_SHAPE);
  const parts = [0, 1, 2].map((part) => bytesOf(get(`999.${part}.m4s`)));
  expect(Buffer.concat(parts).equals(bytesOf(get('999.m4s')))).toBe(true);
});

test('two sites use the same numbers, times and date-times', async () => {
  const other = stream({}, { clips: await folder.streamClips('corridor', 'backup') });
  expect(textOf(other('index.m3u8'))).toBe(textOf(stream()('index.m3u8')));
  expect(stampOf(bytesOf(other('990.m4s')))).toEqual(stampOf(bytesOf(stream()('990.m4s'))));
});

test('a phase shows another moment of the clip at the same time', () => {
  const get = stream({}, { phaseMs: 3000 });
  expect(samplesOf(get('990.m4s'))).toEqual(samplesOf(stream()('993.m4s')));
  expect(stampOf(bytesOf(get('990.m4s'))).decodeTime).toBe(990n * 90_000n);
});

test('the multivariant playlist gives the bandwidth of each rendition', () => {
  expect(textOf(stream({ multivariant: true })('index.m3u8'))).toMatch(
    new RegExp(
      [
        '#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS',
        '#EXT-X-STREAM-INF:BANDWIDTH=\\d{6},AVERAGE-BANDWIDTH=\\d{6},CODECS="avc1.4d4016",RESOLUTION=640x360,FRAME-RATE=15.000',
        'main/index.m3u8',
        '#EXT-X-STREAM-INF:BANDWIDTH=\\d{5,6},AVERAGE-BANDWIDTH=\\d{5},CODECS="avc1.42c00c",RESOLUTION=320x180,FRAME-RATE=15.000',
        'sub/index.m3u8\n$',
      ].join('\n'),
    ),
  );
});

describe('files that do not exist', () => {
  test.each([
    ['1000.m4s', 'Segment 1000 is not there yet: the last segment is 999.'],
    ['982.m4s', 'Segment 982 is gone: the playlist begins with 993.'],
    ['999.0.m4s', 'The stream has no file "999.0.m4s".'],
    ['999.ts', 'The stream has no file "999.ts".'],
    ['main/index.m3u8', 'The stream has no file "main/index.m3u8".'],
    ['init-other.mp4', 'The stream has no file "init-other.mp4".'],
  ])('%s', (file, words) => {
    expect(stream()(file)).toEqual({ kind: 'missing', words });
  });

  test('a part that is neither available nor next', () => {
    expect(stream(LOW_LATENCY_SHAPE)('1000.2.m4s')).toMatchObject({
      kind: 'missing',
      words: 'Part 2 of segment 1000 is not there yet: the last segment is 999.',
    });
  });

  test('a fourth part of a third of a second each', () => {
    expect(stream(LOW_LATENCY_SHAPE)('999.3.m4s').kind).toBe('missing');
  });

  test('a rendition of another name', () => {
    expect(stream({ multivariant: true })('audio/index.m3u8').kind).toBe('missing');
  });
});

describe('blocking', () => {
  const get = stream(LOW_LATENCY_SHAPE);
  const nextPartAtMs = EPOCH_MS + 1_000_667;

  test('the hinted part is available at the promised moment', () => {
    const [, hinted = ''] = /PRELOAD-HINT.*URI="([^"]+)"/.exec(textOf(get('index.m3u8'))) ?? [];
    expect(get(hinted)).toEqual({ kind: 'wait', untilMs: nextPartAtMs });
    expect(get(hinted, {}, nextPartAtMs).kind).toBe('file');
  });

  test('a playlist waits for a part, and then lists it', () => {
    const asked = 'index.m3u8?_HLS_msn=1000&_HLS_part=1';
    expect(get(asked)).toEqual({ kind: 'wait', untilMs: nextPartAtMs });
    expect(textOf(get(asked, {}, nextPartAtMs))).toContain('URI="1000.1.m4s"');
  });

  test('a plain stream does not support it', () => {
    expect(stream()('index.m3u8?_HLS_msn=5000&_HLS_skip=YES')).toEqual(stream()('index.m3u8'));
  });
});

describe('a condition', () => {
  test('frozen shows the same picture, while numbers and times go on', () => {
    const get = stream();
    const shown = ['998.m4s', '999.m4s'].flatMap((file) => samplesOf(get(file, { picture: 'frozen' })));
    expect(new Set(shown.map(({ bytes }) => Buffer.from(bytes).toString('hex'))).size).toBe(1);
    expect(get('index.m3u8', { picture: 'frozen' })).toEqual(get('index.m3u8'));
    expect(stampOf(bytesOf(get('999.m4s', { picture: 'frozen' }))).decodeTime).toBe(999n * 90_000n);
  });

  test('black shows other pictures with the same init segment', () => {
    const get = stream();
    expect(get('init.mp4', { picture: 'black' })).toEqual(get('init.mp4'));
    const bytes = bytesOf(get('999.m4s', { picture: 'black' })).length;
    expect(bytes).toBeLessThan(bytesOf(get('999.m4s')).length / 5);
  });

  test('another encoding is announced by another init segment', () => {
    const get = stream();
    expect(textOf(get('index.m3u8', { encoding: 'other' }))).toContain('#EXT-X-MAP:URI="init-other.mp4"');
    expect(bytesOf(get('init-other.mp4', { encoding: 'other' }))).toEqual(clips.sub?.moving.init);
    expect(samplesOf(get('999.m4s', { encoding: 'other' }))).toEqual(clips.sub?.moving.samples.slice(45, 60));
  });

  test('another encoding swaps the renditions', () => {
    const get = stream({ multivariant: true });
    const [main] = textOf(get('index.m3u8', { encoding: 'other' })).match(/RESOLUTION=\d+x\d+/g) ?? [];
    expect(main).toBe('RESOLUTION=320x180');
    expect(get('main/init-other.mp4', { encoding: 'other' })).toEqual(get('sub/init.mp4'));
  });

  test('a restart begins numbers and decode times again, at a key picture near the scene', () => {
    const get = stream();
    const restartedAtMs = EPOCH_MS + 995_200;
    const playlist = textOf(get('index.m3u8', { restartedAtMs }));
    expect(playlist).toContain('#EXT-X-MEDIA-SEQUENCE:0\n');
    expect(playlist).toContain(`#EXT-X-PROGRAM-DATE-TIME:${new Date(restartedAtMs).toISOString()}\n`);
    expect(playlist.match(/^\d+\.m4s$/gm)).toEqual(['0.m4s', '1.m4s', '2.m4s', '3.m4s', '4.m4s']);
    expect(stampOf(bytesOf(get('1.m4s', { restartedAtMs }))).decodeTime).toBe(90_000n);
    expect(samplesOf(get('1.m4s', { restartedAtMs }))).toEqual(samplesOf(get('996.m4s')));
    expect(get('999.m4s', { restartedAtMs }).kind).toBe('missing');
  });

  test('a restart has nothing to show before its first segment, and has no effect before its time', () => {
    const get = stream();
    expect(get('index.m3u8', { restartedAtMs: atMs - 999 }).kind).toBe('missing');
    expect(get('index.m3u8', { restartedAtMs: atMs + 1 })).toEqual(get('index.m3u8'));
  });

  test.each([
    ['none', undefined],
    [5000, '2020-01-01T00:16:38.000Z'],
  ] as const)('program date-times %s', (programDateTimes, first) => {
    const [, date] = /DATE-TIME:(.*)/.exec(textOf(stream()('index.m3u8', { programDateTimes }))) ?? [];
    expect(date).toBe(first);
  });

  test('that needs a missing clip is refused with a message', () => {
    const get = stream({}, { clips: { main: { moving: clips.main.moving, black: null }, sub: null } });
    expect(() => get('index.m3u8', { encoding: 'other' })).toThrow(
      'no clip of a moving picture in sub quality',
    );
    expect(() => get('index.m3u8', { picture: 'black' })).toThrow(
      'no clip of a black picture in main quality',
    );
  });
});

describe('settings that do not go together are refused by name', () => {
  const { main } = clips;
  const alone: StreamClips = { main, sub: null };
  const slower = { ...main.moving, file: 'slow.mp4', timescale: 60_000 };
  const refused: [string, Partial<StreamShape>, Partial<LiveFilesOptions>, string][] = [
    ['parts of a transport stream', { partMs: 200, container: 'mpegts' }, {}, 'fmp4 only'],
    ['a window below three segments', { windowSegments: 2 }, {}, 'windowSegments is 2'],
    ['segments kept below zero', { keptSegments: -1 }, {}, 'keptSegments is -1'],
    ['renditions without a sub clip', { multivariant: true }, { clips: alone }, 'sub quality'],
    ['a phase within a key picture interval', {}, { phaseMs: 500 }, 'phaseMs is 500'],
    [
      'clips of differing rhythm',
      {},
      { clips: { main, sub: { moving: slower, black: null } } },
      'slow.mp4 has 180 pictures',
    ],
    [
      'a black clip of another format',
      {},
      { clips: { main: { moving: main.moving, black: clips.sub?.black ?? null }, sub: null } },
      'another init segment',
    ],
    [
      'pictures whose segments would not begin with a key picture',
      {},
      { clips: { main: { moving: slower, black: null }, sub: null } },
      'segments of 1000 ms would not begin with one',
    ],
  ];
  test.each(refused)('%s', (_name, shape, more, words) => {
    expect(() => stream(shape, more)).toThrow(words);
  });
});
