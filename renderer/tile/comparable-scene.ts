import type { TileState } from '../../shared/selector/types.ts';
import { shownPlayerId } from './describe-tile.ts';
import type { ComparableScene, DecodedPicture, PictureComparison } from './picture-comparison.ts';
import type { RunningPlayer, TilePlayers } from './tile-players.ts';

/** What a tile can compare (rule 13), from its selector's state and its players. */
export function comparableScene(
  state: TileState,
  players: Pick<TilePlayers, 'get' | 'size'>,
  comparison: Pick<PictureComparison, 'faultOf'>,
): ComparableScene {
  const { phase, streams, machine } = state;
  const shownId = shownPlayerId(state);
  const shown = shownId === null ? undefined : players.get(shownId);
  const isJudged = phase.kind === 'showing' || phase.kind === 'switching';
  if (!isJudged || phase.shown.stalled || shown === undefined)
    return { shown: null, other: null, affordable: [] };
  const siteOf = (id: string): string | undefined => streams.find((stream) => stream.id === id)?.siteId;
  const isElsewhere = (id: string): boolean => siteOf(id) !== siteOf(shown.streamId);
  const beside = phase.kind === 'switching' ? phase.incoming : phase.hot;
  const other = beside === null ? undefined : players.get(beside.playerId);
  const hasRoom = phase.kind === 'showing' && players.size === 1 && machine !== 'thin-link';
  const isPlayable = ({ id, standing, leaving }: TileState['streams'][number]): boolean =>
    !leaving && (standing.kind === 'healthy' || comparison.faultOf(id) !== null);
  return {
    shown: decodedPicture(shown),
    other: other?.presented && isElsewhere(other.streamId) ? decodedPicture(other) : null,
    affordable: hasRoom
      ? streams.filter((stream) => isElsewhere(stream.id) && isPlayable(stream)).map(({ id }) => id)
      : [],
  };
}

function decodedPicture(running: RunningPlayer): DecodedPicture {
  return { streamId: running.streamId, player: running.player, newest: () => running.newest };
}
