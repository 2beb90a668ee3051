import type { MediaPlaylist } from '../../shared/playlist/playlist.ts';
import { withParameters } from './with-parameters.ts';

/**
 * The address at which to request a playlist that was last read `ageMs` ago. It asks for a delta update where the server
 * offers one. A client must not ask for one when its copy is older than half the skip boundary (draft-pantos-hls-rfc8216bis
 * 6.2.5.1).
 */
export function deltaAddress(
  pathname: string,
  { canSkipUntilMs }: Pick<MediaPlaylist, 'canSkipUntilMs'>,
  ageMs: number,
): string {
  if (ageMs >= (canSkipUntilMs ?? 0) / 2) return pathname;
  return withParameters(pathname, { _HLS_skip: 'YES' });
}
