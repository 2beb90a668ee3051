import type { LiveFiles } from '../../../electron/demo/live-files.ts';
import { editPlaylists } from './edit-answers.ts';

const many = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => `${line(index)}\n`).join('');

/** Length of a line that a reader accepts, characters. The reader's limit is less than twice this length. */
const LONG = 60_000;

/** The lines before the first segment, by the name of the flood. */
const FLOODS = {
  /** 1 MB. */
  'one-letter-lines': () => many(500_000, () => 'a'),
  /** Slightly fewer lines than a reader refuses. */
  'some-lines': () => many(2900, () => 'a'),
  /** 15 MB. */
  comments: () => many(150_000, () => `# ${'comment '.repeat(12)}`),
  'empty-lines': () => '\n'.repeat(8_000_000),
  'long-line': () => `${'a'.repeat(1_000_000)}\n`,
  attributes: () => `#EXT-X-SERVER-CONTROL:${many(10_000, (n) => `A${n}=${n},`).replaceAll('\n', '')}\n`,
  'quotes-that-do-not-close': () => many(15, () => `#EXT-X-MAP:URI="${'",a="'.repeat(LONG / 5)}`),
  parts: () => many(2900, (n) => `#EXT-X-PART:DURATION=0.001,URI="part-${n}.m4s"`),
  segments: () => many(9000, (n) => `#EXTINF:0.001,\n../x/${n}.m4s`),
  keys: () => many(2900, (n) => `#EXT-X-KEY:METHOD=AES-128,URI="key-${n}",KEYFORMAT="${n}"`),
  discontinuities: () => many(2900, () => '#EXT-X-DISCONTINUITY'),
  variables: () => many(2900, (n) => `#EXT-X-DEFINE:NAME="v${n}",VALUE="${n}"`),
  'doubled-variables': () =>
    `#EXT-X-DEFINE:NAME="v0",VALUE="0123456789"\n${many(25, (n) => `#EXT-X-DEFINE:NAME="v${n + 1}",VALUE="{$v${n}}{$v${n}}"`)}`,
} as const;

export const PLAYLIST_FLOODS = Object.keys(FLOODS) as (keyof typeof FLOODS)[];
export type PlaylistFlood = (typeof PLAYLIST_FLOODS)[number];

/** Playlists of segments with a flood before their first segment. */
export function flooded(files: LiveFiles, flood: PlaylistFlood): LiveFiles {
  const lines = FLOODS[flood]();
  return editPlaylists(files, (text) => text.replace(/^#EXTINF:/m, () => `${lines}#EXTINF:`));
}

/** A multivariant playlist with `count` variants replaces each playlist. */
export function withVariants(files: LiveFiles, count: number): LiveFiles {
  const variants = many(count, (n) => `#EXT-X-STREAM-INF:BANDWIDTH=${n},RESOLUTION=640x360\nv/${n}.m3u8`);
  return editPlaylists(files, () => `#EXTM3U\n${variants}`);
}
