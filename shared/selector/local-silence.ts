import type { EvidenceCause } from '../cause.ts';
import { isAlive } from './standing.ts';
import type { Standing, TileState } from './types.ts';

/**
 * Causes without an answer of the site itself. When all streams have them at once, the way to the sites may be lost. Refused and
 * reset connections are among them, because a firewall or a proxy on the way can end a connection in a site's place. Sites that
 * were stopped look the same: so the alarm says that none answers, and does not say why.
 */
const UNANSWERED: ReadonlySet<EvidenceCause> = new Set(['timeout', 'refused', 'reset', 'dns', 'unreachable']);

/**
 * Causes that a tile finds by its buffer and its picture when nothing comes, before a probe tells why. From a watch or a player
 * the same causes are an answer: a playlist that does not move, media that came too late.
 */
const NOT_TOLD_APART: ReadonlySet<EvidenceCause> = new Set([
  'stalled',
  'too-slow',
  'picture-stall',
  'no-picture',
]);

/** A tile, and the latest report about each of its streams: the state of a lost one has only why it was lost. */
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
 * nothing and do not count. A single silent stream says nothing about the way to the sites.
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
      if (latest !== undefined) return latest !== 'proof' && UNANSWERED.has(latest) ? 'silent' : 'heard';
      return mayBeSilence(standing.cause) ? 'silent' : 'heard';
    case 'suspect':
      // A proof may be older than the evidence; any other report is newer than every proof.
      if (latest !== undefined && latest !== 'proof' && !UNANSWERED.has(latest)) return 'heard';
      return standing.evidence.every(({ cause }) => mayBeSilence(cause)) ? 'silent' : 'heard';
    default:
      return 'unknown';
  }
}

function mayBeSilence(cause: EvidenceCause): boolean {
  return UNANSWERED.has(cause) || NOT_TOLD_APART.has(cause);
}
