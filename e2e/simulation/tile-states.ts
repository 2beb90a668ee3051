/** States in which a fault finds a tile, or the tile's stream that is struck. */
export const TILE_STATES = [
  'starting',
  'shown',
  'shown, suspect',
  'incoming',
  'standby',
  'standby, hot',
  'standby, suspect',
  'standby, lost',
  'standby, validating',
  'holding',
  'suspended',
] as const;
export type TileStateName = (typeof TILE_STATES)[number];
