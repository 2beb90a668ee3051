import type { Clock } from '../../shared/clock.ts';
import type { TileDiagnostics } from '../../shared/diagnostics.ts';
import type { TileState } from '../../shared/selector/types.ts';
import { epochMsOf } from '../playback/system-clock.ts';
import { shownStreamId } from './describe-tile.ts';
import type { ShownPicture } from './shown-picture.ts';
import { plainStreamId } from './tile-streams.ts';

/** The measurements of a tile at this moment. */
export function diagnoseTile(
  place: Pick<TileDiagnostics, 'tile' | 'camera'>,
  state: TileState,
  picture: ShownPicture,
  players: number,
  clock: Clock,
): TileDiagnostics {
  const shown = picture.running();
  const pictureTimeMs =
    shown?.newest == null ? null : shown.player.programDateTimeMs(shown.newest.mediaTimeS);
  const shownId = shownStreamId(state);
  return {
    ...place,
    shown: shownId === null ? null : plainStreamId(shownId),
    phase: state.phase.kind,
    // Until the frame itself: the time since then would be the age of the request, not of the picture.
    pictureAgeMs:
      shown?.newest == null || pictureTimeMs === null
        ? null
        : epochMsOf(clock, shown.newest.atMs) - pictureTimeMs,
    behindLiveMs: shown?.player.behindLiveMs() ?? null,
    bufferAheadMs: shown?.player.bufferAheadMs() ?? null,
    frameIntervalMs: picture.frameIntervalMs(),
    frames: picture.frames(),
    presentedFrames: shown?.player.presentedFrames() ?? 0,
    droppedFrames: shown?.player.droppedFrames() ?? 0,
    longestGapMs: picture.longestGapMs(),
    players,
  };
}
