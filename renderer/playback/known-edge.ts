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

/** Until a playlist was read, ms. */
const ASSUMED_TARGET_MS = 2000;
/** A live edge that is this many segments beyond the last one that was listed with parts is one of a stream without parts. */
const SEGMENTS_WITHOUT_PARTS = 2;

interface EdgeReading {
  /** `first`: nothing is known of this address. `back`: a restart, or an older copy of the playlist. */
  readonly direction: 'first' | 'moved' | 'same' | 'back';
  readonly edge: LiveEdge;
  /** With all that holds for its segments, whatever a delta update left out. */
  readonly playlist: MediaPlaylist;
  /** Media by which the edge moved, ms; 0 unless it moved. */
  readonly advancedMs: number;
}

/**
 * What a watch knows of a stream's live edge. It belongs to one address: another session of the same stream may count its
 * segments anew, or go on with the same numbers, so that the edges of two addresses are never compared.
 */
export class KnownEdge {
  private known: {
    readonly pathname: string;
    readonly playlist: MediaPlaylist;
    readonly readMs: number;
    /** After a restart a delta update does not tell what holds for its segments. */
    readonly isBack: boolean;
  } | null = null;
  private parts: { readonly targetMs: number; readonly sequence: number } | null = null;
  /** Moves that were seen at this address. */
  private moves = 0;
  /** Nothing may follow an EXT-X-ENDLIST, and with this server it does. */
  private goesOnAfterEnd = false;

  get playlist(): MediaPlaylist | null {
    return this.known?.playlist ?? null;
  }

  /** The latest playlist, as far as it was read at this address. */
  playlistAt(pathname: string): MediaPlaylist | null {
    return this.known?.pathname === pathname ? this.known.playlist : null;
  }

  /** Whether the live edge was seen to move at this address. */
  hasMovedAt(pathname: string): boolean {
    return this.known?.pathname === pathname && this.moves > 0;
  }

  /** What to ask for at this address: of a playlist that was read there not long ago only what is new. */
  request(pathname: string, nowMs: number): string {
    if (this.known?.pathname !== pathname || this.known.isBack) return pathname;
    return deltaAddress(pathname, this.known.playlist, nowMs - this.known.readMs);
  }

  /** Takes down a playlist that was answered at `nowMs`. */
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

  /** Whether an edge that stands need not be waited for: the stream moved, and says now that nothing follows. */
  isOver(): boolean {
    return this.playlist?.ended === true && this.moves > 0 && !this.goesOnAfterEnd;
  }

  /** T as observed, ms. */
  targetMs(): number {
    return this.playlist === null ? ASSUMED_TARGET_MS : observedTargetMs(this.playlist);
  }

  /** The longest part as observed, ms; `null` for a stream that moves by whole segments. */
  partTargetMs(): number | null {
    return this.parts?.targetMs ?? null;
  }

  /** Just after a segment was completed a playlist may list no part though the stream has them. */
  private noteParts(playlist: MediaPlaylist, { sequence }: EdgePlace): void {
    const targetMs = observedPartTargetMs(playlist);
    if (targetMs !== null) this.parts = { targetMs, sequence };
    else if (this.parts === null || Math.abs(sequence - this.parts.sequence) >= SEGMENTS_WITHOUT_PARTS)
      this.parts = null;
  }
}

/**
 * A delta update (RFC 8216bis, 6.2.5.1) leaves out the EXT-X-MAP and EXT-X-KEY that stand before its first segment: they hold as in
 * the list before. Where it names no key, EXT-X-KEY:METHOD=NONE before a segment that is new is not noticed.
 */
function completed(playlist: MediaPlaylist, previous: MediaPlaylist): MediaPlaylist {
  // Otherwise no delta was asked for.
  if (previous.serverControl?.canSkipUntilMs == null) return playlist;
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
