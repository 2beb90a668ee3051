import type { EvidenceCause } from '../cause.ts';
import type { TileState } from './types.ts';

/** Causes that no site told: with all of them at once, the way to the sites is what is lost. */
const UNANSWERED: ReadonlySet<EvidenceCause> = new Set([
  'timeout',
  'dns',
  'unreachable',
  'stalled',
  'too-slow',
  'picture-stall',
  'no-picture',
]);

/**
 * Whether all tiles are silent on all sites (rule 10): every stream of every tile is suspect or lost and none of them was
 * refused by its site. The tiles hold by themselves and go on trying; this makes one alarm of theirs. Suspended tiles
 * observe nothing and have no say.
 */
export function isLocalSilence(tiles: readonly TileState[]): boolean {
  const observing = tiles.filter(({ phase }) => phase.kind !== 'suspended');
  return (
    observing.length > 0 &&
    observing.every(({ streams }) =>
      streams.every(({ standing }) => {
        if (standing.kind === 'lost') return UNANSWERED.has(standing.cause);
        return standing.kind === 'suspect' && standing.evidence.every(({ cause }) => UNANSWERED.has(cause));
      }),
    )
  );
}
