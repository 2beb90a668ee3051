import type { TileState } from '../../shared/selector/types.ts';

/** Whether a step changed the state of a tile's streams or picture. Most steps only advance its clocks. */
export function isAnotherStanding(before: TileState, after: TileState): boolean {
  if (before.phase.kind !== after.phase.kind || before.policies !== after.policies) return true;
  if (before.streams.length !== after.streams.length) return true;
  const former = 'shown' in before.phase ? before.phase.shown : null;
  const shown = 'shown' in after.phase ? after.phase.shown : null;
  if (former?.playerId !== shown?.playerId || former?.stalled !== shown?.stalled) return true;
  return after.streams.some((stream, index) => {
    const earlier = before.streams[index];
    return (
      earlier?.id !== stream.id ||
      earlier.standing.kind !== stream.standing.kind ||
      earlier.verdict !== stream.verdict ||
      earlier.duty !== stream.duty ||
      earlier.leaving !== stream.leaving
    );
  });
}
