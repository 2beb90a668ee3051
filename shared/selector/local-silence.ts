import type { EvidenceCause } from '../cause.ts';
import { isAlive } from './standing.ts';
import type { Standing, TileState } from './types.ts';

/**
 * Causes without an answer of the site's own: with all streams accused of them at once, the way to the sites may be
 * what is lost. A refusal is among them, for a router that knows no way any more gives one as well.
 */
const UNANSWERED: ReadonlySet<EvidenceCause> = new Set([
  'timeout',
  'refused',
  'reset',
  'dns',
  'unreachable',
  'stalled',
  'too-slow',
  'picture-stall',
  'no-picture',
]);

/** A tile, with what was told last of each of its streams: of a lost one the state keeps only why it was lost. */
export interface ListeningTile {
  state(): TileState;
  /** `undefined` before the first report. */
  latestOf(streamId: string): LatestReport | undefined;
}

export type LatestReport = EvidenceCause | 'proof';

/** `heard`: a stream is alive, or its site answered, though badly; `unknown`: too early to tell, or nobody observes. */
export type Hearing = 'silent' | 'heard' | 'unknown';

/**
 * Whether all tiles are silent on all sites (rule 10): every stream of every tile is suspect or lost, and none of them
 * was answered. The tiles hold by themselves and go on trying; this makes one alarm of theirs. Suspended tiles observe
 * nothing and have no say, and a single stream that is silent says nothing of the way to the others.
 */
export function hearingOf(tiles: Iterable<ListeningTile>): Hearing {
  let streams = 0;
  let hearing: Hearing = 'silent';
  for (const tile of tiles) {
    const state = tile.state();
    if (state.phase.kind === 'suspended') continue;
    for (const { id, standing } of state.streams) {
      streams += 1;
      const one = hearingOfStream(standing, tile.latestOf(id));
      if (one === 'heard') return 'heard';
      if (one === 'unknown') hearing = 'unknown';
    }
  }
  return streams < 2 ? 'unknown' : hearing;
}

function hearingOfStream(standing: Standing, latest: LatestReport | undefined): Hearing {
  if (isAlive(standing)) return 'heard';
  switch (standing.kind) {
    case 'lost':
      return latest !== 'proof' && UNANSWERED.has(latest ?? standing.cause) ? 'silent' : 'heard';
    case 'suspect':
      return standing.evidence.every(({ cause }) => UNANSWERED.has(cause)) ? 'silent' : 'heard';
    default:
      return 'unknown';
  }
}
