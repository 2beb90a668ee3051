import { rhythmOf } from './clip-loop.ts';
import type { Clip } from './fmp4.ts';

/** One line of a multivariant playlist. */
export interface Variant {
  /** Address of its media playlist. */
  readonly uri: string;
  readonly clip: Clip;
}

/** A multivariant playlist (RFC 8216, 4.3.4), with the variants in the given order, best first. */
export function multivariantPlaylist(variants: readonly Variant[]): string {
  const lines = ['#EXTM3U', '#EXT-X-VERSION:7', '#EXT-X-INDEPENDENT-SEGMENTS'];
  for (const { uri, clip } of variants) {
    const { picturesPerS } = rhythmOf(clip);
    const { width, height, codec } = clip.video;
    const { peak, average } = bitsPerS(clip, picturesPerS);
    lines.push(
      `#EXT-X-STREAM-INF:BANDWIDTH=${peak},AVERAGE-BANDWIDTH=${average},CODECS="${codec}",RESOLUTION=${width}x${height},FRAME-RATE=${picturesPerS.toFixed(3)}`,
      uri,
    );
  }
  return `${lines.join('\n')}\n`;
}

/** The largest factor by which a container increases the size: MPEG-TS packets at the lowest rates. */
const CONTAINER_SHARE = 1.1;

/** The peak is the largest second, which bounds every longer segment too. */
function bitsPerS({ samples }: Clip, picturesPerS: number): { peak: number; average: number } {
  const seconds = Array.from({ length: Math.ceil(samples.length / picturesPerS) }, (_, second) =>
    samples
      .slice(second * picturesPerS, (second + 1) * picturesPerS)
      .reduce((sum, { bytes }) => sum + 8 * bytes.length, 0),
  );
  return {
    peak: Math.ceil(CONTAINER_SHARE * Math.max(...seconds)),
    average: Math.ceil((CONTAINER_SHARE * seconds.reduce((sum, bits) => sum + bits, 0)) / seconds.length),
  };
}
