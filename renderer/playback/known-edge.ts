import {
  advancedMs,
  compareEdge,
  type EdgePlace,
  type LiveEdge,
  liveEdge,
} from '../../shared/playlist/live-edge.ts';
import { observedPartTargetMs, observedTargetMs } from '../../shared/playlist/observed-target.ts';
import type { MediaPlaylist, OpenSegment } from '../../shared/playlist/playlist.ts';
import { deltaAddress } from './delta-update.ts';

/** Target duration until a playlist was read, ms. */
const ASSUMED_TARGET_MS = 2000;
/**
 * A stream has no parts any more when its live edge is this many segments beyond the last segment that was listed with
 * parts.
 */
const SEGMENTS_WITHOUT_PARTS = 2;

interface EdgeReading {
  /** `first`: no playlist of this address was read before. `back`: a restart, or an older copy of the playlist. */
  readonly direction: 'first' | 'moved' | 'same' | 'back';
  readonly edge: LiveEdge;
  /** The playlist with all tags that hold for its segments, including those that a delta update left out. */
  readonly playlist: MediaPlaylist;
  /** Duration of the media by which the edge moved, ms; 0 where it did not move. */
  readonly advancedMs: number;
}

/**
 * What a watch knows of a stream's live edge. It belongs to one address: another session of the same stream may number its
 * segments anew, or continue the numbers. So the edges of two addresses are never compared.
 */
export class KnownEdge {
  private known: {
    readonly pathname: string;
    readonly playlist: MediaPlaylist;
    readonly readMs: number;
    /** After a restart, a delta update does not say which tags hold for its segments. */
    readonly isBack: boolean;
  } | null = null;
  private parts: { readonly targetMs: number; readonly sequence: number } | null = null;
  /** Moves that were seen at this address. */
  private moves = 0;
  /** Nothing may follow an EXT-X-ENDLIST, but this server continues after it. */
  private goesOnAfterEnd = false;

  get playlist(): MediaPlaylist | null {
    return this.known?.playlist ?? null;
  }

  /** The latest playlist, where it was read at this address. */
  playlistAt(pathname: string): MediaPlaylist | null {
    return this.known?.pathname === pathname ? this.known.playlist : null;
  }

  /** Whether the live edge was seen to move at this address. */
  hasMovedAt(pathname: string): boolean {
    return this.known?.pathname === pathname && this.moves > 0;
  }

  /** The address of the next request: for a delta update where the last playlist was read there a short time ago. */
  request(pathname: string, nowMs: number): string {
    if (this.known?.pathname !== pathname || this.known.isBack) return pathname;
    return deltaAddress(pathname, this.known.playlist, nowMs - this.known.readMs);
  }

  /** Notes a playlist that was answered at `nowMs`. */
  read(answered: MediaPlaylist, pathname: string, nowMs: number): EdgeReading {
    const previous = this.known?.pathname === pathname ? this.known.playlist : null;
    const edge = liveEdge(answered);
    const direction = previous === null ? 'first' : compareEdge(liveEdge(previous), edge);
    const goesOn = previous !== null && direction !== 'back';
    const playlist = goesOn ? completed(answered, previous) : answered;
    this.known = { pathname, playlist, readMs: nowMs, isBack: direction === 'back' };
    this.noteParts(playlist, edge);
    if (previous === null) this.moves = 0;
    if (previous === null || direction !== 'moved') return { direction, edge, playlist, advancedMs: 0 };
    this.moves += 1;
    if (previous.ended) this.goesOnAfterEnd = true;
    return { direction, edge, playlist, advancedMs: advancedMs(previous, playlist) ?? 0 };
  }

  /** Whether a stalled edge need not be waited for: the stream moved before, and its playlist now has an EXT-X-ENDLIST. */
  isOver(): boolean {
    return this.playlist?.ended === true && this.moves > 0 && !this.goesOnAfterEnd;
  }

  /** The observed target duration, ms. */
  targetMs(): number {
    return this.playlist === null ? ASSUMED_TARGET_MS : observedTargetMs(this.playlist);
  }

  /** The observed longest part, ms; `null` for a stream that moves by whole segments. */
  partTargetMs(): number | null {
    return this.parts?.targetMs ?? null;
  }

  /** Right after a segment was completed, a playlist may list no part although the stream has them. */
  private noteParts(playlist: MediaPlaylist, { sequence }: EdgePlace): void {
    const targetMs = observedPartTargetMs(playlist);
    if (targetMs !== null) this.parts = { targetMs, sequence };
    else if (this.parts === null || Math.abs(sequence - this.parts.sequence) >= SEGMENTS_WITHOUT_PARTS)
      this.parts = null;
  }
}

/**
 * A delta update (RFC 8216bis, 6.2.5.1) leaves out the EXT-X-MAP and EXT-X-KEY before its first segment: those of the previous
 * playlist hold. Where it names no key, an EXT-X-KEY:METHOD=NONE before a new segment is not noticed.
 */
function completed(playlist: MediaPlaylist, previous: MediaPlaylist): MediaPlaylist {
  // Otherwise no delta was asked for.
  if (previous.canSkipUntilMs === null) return playlist;
  const known = new Map(listed(previous).map((segment) => [segment.sequence, segment]));
  let before: Pick<OpenSegment, 'map' | 'encryption'> | undefined = previous.segments.at(-1);
  let namesKey = false;
  const complete = <S extends OpenSegment>(segment: S): S => {
    const { map = null, encryption = null } = known.get(segment.sequence) ?? before ?? {};
    namesKey ||= segment.encryption !== null;
    before = {
      map: segment.map ?? map,
      encryption: segment.encryption ?? (namesKey ? null : encryption),
    };
    return { ...segment, ...before };
  };
  const segments = playlist.segments.map(complete);
  return {
    ...playlist,
    segments,
    openSegment: playlist.openSegment === null ? null : complete(playlist.openSegment),
  };
}

function listed({ segments, openSegment }: MediaPlaylist): readonly OpenSegment[] {
  return openSegment === null ? segments : [...segments, openSegment];
}
