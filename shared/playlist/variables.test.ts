import { M3U8Parser } from 'hls.js';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { readPlaylist } from './read-playlist.ts';
import type { VariableSources } from './variables.ts';

const HEAD = '#EXTM3U\n#EXT-X-TARGETDURATION:2\n';
const ADDRESS = '/sites/main/cam1/index.m3u8?tok=a%2Bb+c&empty=&tok=second';
const SOURCES: VariableSources = { address: ADDRESS, imported: new Map([['host', 'edge7']]) };
const segment = (uri: string): string => `#EXTINF:2,\n${uri}\n`;

/** The addresses of the segments, or the problem. */
function read(text: string, sources: VariableSources = SOURCES): readonly string[] | string {
  const reading = readPlaylist(text, sources);
  if (!reading.ok) return reading.problem;
  return reading.playlist.kind === 'media'
    ? reading.playlist.segments.map(({ uri }) => uri)
    : 'is multivariant';
}

/** The same as hls.js reads it. */
function asHlsReads(text: string): readonly (string | undefined)[] | 'refused' {
  const { fragments, playlistParsingError } = M3U8Parser.parseLevelPlaylist(
    text,
    `https://holdfast.example${ADDRESS}`,
    0,
    'main' as never,
    0,
    { host: 'edge7' },
  );
  return playlistParsingError === null ? fragments.map(({ relurl }) => relurl) : 'refused';
}

// `self` is the browser's name for the global object. hls.js needs it to read addresses.
beforeEach(() => vi.stubGlobal('self', globalThis));

describe('variables of a playlist', () => {
  it.each([
    ['by name and value', '#EXT-X-DEFINE:NAME="a",VALUE="x/y"\n', '{$a}/1.ts?{$a}', 'x/y/1.ts?x/y'],
    ['without a value', '#EXT-X-DEFINE:NAME="a"\n', '{$a}1.ts', '1.ts'],
    [
      'made of others',
      '#EXT-X-DEFINE:NAME="a",VALUE="1"\n#EXT-X-DEFINE:NAME="b",VALUE="{$a}2"\n',
      '{$b}.ts',
      '12.ts',
    ],
    ['from the query of its address', '#EXT-X-DEFINE:QUERYPARAM="tok"\n', '1.ts?{$tok}', '1.ts?a+b c'],
    ['from an empty parameter', '#EXT-X-DEFINE:QUERYPARAM="empty"\n', '1.ts?{$empty}', '1.ts?'],
    ['from the multivariant playlist', '#EXT-X-DEFINE:IMPORT="host"\n', '{$host}/1.ts', 'edge7/1.ts'],
    ['whose value looks like a reference', '#EXT-X-DEFINE:IMPORT="host"\n', '{$host}{$', 'edge7{$'],
  ])('%s', (_, definitions, uri, expected) => {
    const text = HEAD + definitions + segment(uri);
    expect(read(text)).toEqual([expected]);
    expect(asHlsReads(text)).toEqual([expected]);
  });

  it.each([
    ['', '{$a}', 'refers to the variable "a", which nothing before it defines'],
    [
      '#EXT-X-DEFINE:NAME="a",VALUE="1"\n',
      '{$A}',
      'refers to the variable "A", which nothing before it defines',
    ],
    [
      '#EXT-X-DEFINE:NAME="a",VALUE="1"\n#EXT-X-DEFINE:NAME="a",VALUE="1"\n',
      '1',
      'EXT-X-DEFINE defines the variable "a" twice',
    ],
    [
      '#EXT-X-DEFINE:QUERYPARAM="key"\n',
      '1',
      'EXT-X-DEFINE takes the variable "key" from its address, which has no such parameter',
    ],
    [
      '#EXT-X-DEFINE:IMPORT="b"\n',
      '1',
      'EXT-X-DEFINE imports the variable "b", which no multivariant playlist defined',
    ],
  ])('%s%s is refused, by hls.js as well', (definitions, uri, problem) => {
    const text = HEAD + definitions + segment(uri);
    expect(read(text)).toBe(problem);
    expect(asHlsReads(text)).toBe('refused');
  });

  it('stand for text in quotes and hexadecimal digits, and in nothing else', () => {
    const reading = readPlaylist(
      `${HEAD}#EXT-X-DEFINE:NAME="a",VALUE="0"\n#EXT-X-KEY:METHOD=AES-128,URI="k{$a}",IV=0x{$a}1\n#EXT-X-MAP:URI=i{$a}\n${segment('1')}`,
    );
    expect(reading).toMatchObject({
      ok: true,
      playlist: { segments: [{ map: { uri: 'i{$a}' }, encryption: { uri: 'k0', ivHex: '01' } }] },
    });
  });

  it('of a multivariant playlist are there for those that import them', () => {
    const reading = readPlaylist(
      '#EXTM3U\n#EXT-X-DEFINE:NAME="host",VALUE="edge7"\n#EXT-X-STREAM-INF:BANDWIDTH=1,CODECS="{$host}"\n{$host}/v.m3u8\n',
    );
    expect(reading).toMatchObject({
      ok: true,
      playlist: { variants: [{ uri: 'edge7/v.m3u8', codecs: 'edge7' }] },
    });
    const variables =
      reading.ok && reading.playlist.kind === 'multivariant' ? reading.playlist.variables : undefined;
    expect(variables).toEqual(new Map([['host', 'edge7']]));
  });

  it('that double each other are refused before they fill the memory', () => {
    const lines = Array.from(
      { length: 60 },
      (_, n) => `#EXT-X-DEFINE:NAME="v${n + 1}",VALUE="{$v${n}}{$v${n}}"\n`,
    );
    const text = `${HEAD}#EXT-X-DEFINE:NAME="v0",VALUE="0123456789"\n${lines.join('')}${segment('1')}`;
    expect(read(text)).toBe('becomes more than 1000000 characters longer by its variables');
  });
});
