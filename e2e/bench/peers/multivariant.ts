/** Peak rate of the streams, as in their own multivariant playlist, bit/s. It is slightly above what each clip needs. */
const BANDWIDTH = 800_000;

/** `preferred`: the later sites are listed with slightly less bandwidth, for players that choose by bandwidth. */
export type SiteRanking = 'equal' | 'preferred';

/**
 * A multivariant playlist with one stream at several sites: redundant variants, RFC 8216, 6.2.4 and 4.3.4.2.
 * @param playlists absolute addresses of the stream's media playlists, the preferred site's first
 */
export function multivariantPlaylist(playlists: readonly string[], ranking: SiteRanking): string {
  const lines = ['#EXTM3U', '#EXT-X-VERSION:7', '#EXT-X-INDEPENDENT-SEGMENTS'];
  for (const [index, playlist] of playlists.entries()) {
    const bandwidth = BANDWIDTH - (ranking === 'preferred' ? index : 0);
    lines.push(
      `#EXT-X-STREAM-INF:BANDWIDTH=${bandwidth},CODECS="avc1.4d4016",RESOLUTION=640x360,FRAME-RATE=15.000`,
      playlist,
    );
  }
  return `${lines.join('\n')}\n`;
}
