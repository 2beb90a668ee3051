import { type EvidenceCause, isMissing } from '../../shared/cause.ts';
import { type MediaPiece, newestMedia, placesToBegin } from '../../shared/playlist/newest-media.ts';
import { observedTargetMs } from '../../shared/playlist/observed-target.ts';
import type { MediaPlaylist } from '../../shared/playlist/playlist.ts';
import type { CanShow } from './can-show.ts';
import { KeyFrameRecord } from './key-frame-record.ts';
import {
  type Inspected,
  type MediaAccess,
  type MediaEvidence,
  MediaInspector,
  type PlaceOfMedia,
} from './media-inspector.ts';
import { canShowVideo, formatOf } from './video-decoder.ts';

/** The result of a deep check of a stream's newest media. */
export type Finding =
  | {
      readonly kind: 'alive';
      /** `goes-on`: no key frame was seen yet, so the next piece has to be checked as well. */
      readonly search: 'done' | 'goes-on';
      /** Container, codec and size of its video ({@link formatOf}); `null` while they are not known. */
      readonly format: string | null;
    }
  /** Neither proof of life nor evidence: the next piece decides. */
  | { readonly kind: 'unsure' }
  | MediaEvidence
  | { readonly kind: 'aborted' };

type Sound = Extract<Inspected, { kind: 'sound' }>;

const LEAST_DEADLINE_MS = 1000;
/** A server that makes media on request may wait for the camera's next picture, ms (go2rtc waits for 3 s). */
const PULL_DEADLINE_MS = 4000;
/** Most segments fetched in one check to find a key frame. Later checks continue with the newest media. */
const LONGEST_SEARCH = 8;
/** A stream is too slow when this many pieces in a row came late. */
const LATE_PIECES = 3;
/** Causes that lie in the stream itself: an early second check would find the same. */
const LASTING: ReadonlySet<EvidenceCause> = new Set(['no-video', 'encryption', 'no-key']);

/** Whether the cause of a refusal lasts until the stream itself changes. */
export function isLasting(cause: EvidenceCause): boolean {
  return LASTING.has(cause) || cause.startsWith('codec-');
}

export interface DeepCheckOptions extends MediaAccess {
  readonly canShow: CanShow;
  /** Whether the link of this workstation is thin. Then late media is no evidence. */
  readonly isLinkThin: () => boolean;
}

/**
 * The deep check of rule 3: fetches the newest segment or part. The check passes where it is media that this workstation can
 * show, came faster than real time, and has a key frame within reach.
 */
export class DeepCheck {
  private readonly keyFrames = new KeyFrameRecord();
  private readonly inspector: MediaInspector;
  /** The newest piece that was missing, or without video, while an older piece was in order. */
  private missing: string | null = null;
  private lateInARow = 0;
  /** The format of the newest video that was found. */
  private format: Sound['format'] = null;

  constructor(private readonly deps: DeepCheckOptions) {
    this.inspector = new MediaInspector(deps);
  }

  /** The stream began anew: what was seen of its media before does not count any more. */
  startAnew(): void {
    this.keyFrames.clear();
    this.inspector.forget();
    this.missing = null;
    this.lateInARow = 0;
    this.format = null;
  }

  /** Never rejects. @returns `null` where the playlist has nothing to fetch */
  async run(playlist: MediaPlaylist, pathname: string): Promise<Finding | null> {
    const pieces = piecesToRead(newestMedia(playlist));
    const [newest, older] = pieces;
    if (newest === undefined) return null;
    const targetMs = observedTargetMs(playlist);
    const inspect = this.inspection(playlist, pathname, Math.max(LEAST_DEADLINE_MS, 3 * targetMs));
    const first = await inspect(newest);
    const mayBeHole = first.kind === 'evidence' && (isMissing(first.cause) || first.cause === 'no-video');
    if (mayBeHole && older !== undefined) return this.judgeMissing(newest, first, await inspect(older));
    if (first.kind !== 'sound') return first;
    this.missing = null;
    const refusal = this.refusal();
    if (refusal !== null) return refusal;
    const pace = await this.slowness(pieces, first.elapsedMs, targetMs, inspect);
    if (pace !== null) return pace;
    const found = await this.findKeyFrame(piecesToRead(placesToBegin(playlist)), newest, first, inspect);
    return (found.kind === 'alive' ? this.refusal() : null) ?? found;
  }

  /**
   * Takes the newest piece of a server that makes its media on request: what has gathered since the last piece. Such a server has
   * no older pieces, and the time that the answer takes says nothing.
   * @param gatheredMs time since the last piece
   */
  async pull(playlist: MediaPlaylist, pathname: string, gatheredMs: number): Promise<Finding | null> {
    const [newest] = piecesToRead(newestMedia(playlist));
    if (newest === undefined) return null;
    const inspect = this.inspection(playlist, pathname, PULL_DEADLINE_MS);
    const pulled = await inspect(
      { ...newest, durationMs: Math.max(newest.durationMs, gatheredMs) },
      'on-demand',
    );
    if (pulled.kind === 'evidence' && pulled.cause === 'no-video') {
      // Nothing has gathered since the last piece. The first time, this only
      // says that the last piece was taken a moment ago.
      const isFirst = this.missing === null;
      this.missing = EMPTY;
      return isFirst ? { kind: 'unsure' } : { kind: 'evidence', cause: 'no-picture' };
    }
    if (pulled.kind !== 'sound') return pulled;
    this.missing = null;
    return this.refusal() ?? this.findKeyFrame([], newest, pulled, inspect);
  }

  private inspection(
    playlist: MediaPlaylist,
    pathname: string,
    deadlineMs: number,
  ): (piece: MediaPiece, made?: PlaceOfMedia['made']) => Promise<Inspected> {
    return async (piece, made = 'ahead') => {
      const discontinuity = discontinuitiesUpTo(playlist, piece.sequence);
      const inspected = await this.inspector.inspect(piece, { pathname, discontinuity, deadlineMs, made });
      if (inspected.kind !== 'sound') return inspected;
      const { sequence, part, durationMs } = piece;
      if (part === null) this.keyFrames.add(sequence, { durationMs, keyFrame: inspected.keyFrame });
      this.noteFormat(inspected.format);
      return inspected;
    };
  }

  /** A piece without a key frame may say nothing about the format, or less than the piece before. */
  private noteFormat(found: Sound['format']): void {
    const known = this.format;
    if (found === null) return;
    const tellsLess = found.video.codecs === null && found.video.codec === known?.video.codec;
    if (!tellsLess) this.format = found;
  }

  /** Decides by the video that was found whether it can be shown, not by what the playlist says. */
  private refusal(): Finding | null {
    if (this.format === null || canShowVideo(this.format.video, this.deps.canShow)) return null;
    return { kind: 'evidence', cause: `codec-${this.format.video.codec}` };
  }

  private alive(search: 'done' | 'goes-on'): Finding {
    const { format } = this;
    return {
      kind: 'alive',
      search,
      format: format === null ? null : formatOf(format.container, format.video),
    };
  }

  /**
   * One missing piece is a hole in a stream that is alive. A second one, or no piece at all, is evidence against the
   * stream.
   */
  private judgeMissing(newest: MediaPiece, evidence: Finding, older: Inspected): Finding {
    const before = this.missing;
    this.missing = `${newest.sequence}/${newest.part}`;
    if (older.kind !== 'sound') return older.kind === 'aborted' ? older : evidence;
    return before === null || before === this.missing ? { kind: 'unsure' } : evidence;
  }

  /**
   * Whether media comes slower than real time, where the newest piece took `newestElapsedMs`. One late answer may be caused by a
   * lost packet. The third late piece in a row is confirmed by the pieces before it.
   * @returns `null` when the media is fast enough
   */
  private async slowness(
    pieces: readonly MediaPiece[],
    newestElapsedMs: number,
    targetDurationMs: number,
    inspect: (piece: MediaPiece) => Promise<Inspected>,
  ): Promise<Finding | null> {
    const isInTime = newestElapsedMs <= (pieces[0]?.durationMs ?? 0) || this.deps.isLinkThin();
    this.lateInARow = isInTime ? 0 : this.lateInARow + 1;
    if (this.lateInARow === 0) return null;
    if (this.lateInARow < LATE_PIECES) return { kind: 'unsure' };
    return confirmedSlowness(pieces, newestElapsedMs, targetDurationMs, inspect);
  }

  private async findKeyFrame(
    places: readonly MediaPiece[],
    newest: MediaPiece,
    first: Sound,
    inspect: (piece: MediaPiece) => Promise<Inspected>,
  ): Promise<Finding> {
    if (first.keyFrame) return this.alive('done');
    let searched = 0;
    for (const place of places) {
      if (place.part === newest.part && place.sequence === newest.sequence) continue;
      let keyFrame = this.keyFrames.holdsKeyFrame(place.sequence);
      if (keyFrame === undefined) {
        if (searched === LONGEST_SEARCH) break;
        searched += 1;
        const inspected = await inspect(place);
        if (inspected.kind === 'aborted') return inspected;
        // The newest piece is sound, so a fault of an older one is no evidence.
        keyFrame = inspected.kind === 'sound' && inspected.keyFrame;
      }
      if (keyFrame) return this.alive('done');
    }
    const newestWhole = [newest, ...places].find(({ part }) => part === null);
    if (newestWhole !== undefined && this.keyFrames.isBeyondReach(newestWhole.sequence))
      return { kind: 'evidence', cause: 'no-picture' };
    // A stream that has shown key frames may be between two of them. Without any, nothing is proven.
    return this.keyFrames.knowsAny() ? this.alive('goes-on') : { kind: 'unsure' };
  }
}

/** Stands in `missing` for a piece without media. */
const EMPTY = 'empty';

/** Parts of an encrypted segment are pieces of one ciphertext, so the segment is read as a whole. */
function piecesToRead(pieces: readonly MediaPiece[]): readonly MediaPiece[] {
  return pieces.filter(({ part, encryption }) => part === null || encryption === null);
}

function discontinuitiesUpTo(
  { discontinuitySequence, segments, openSegment }: MediaPlaylist,
  sequence: number,
): number {
  const listed = openSegment === null ? segments : [...segments, openSegment];
  const passed = listed.filter((segment) => segment.discontinuity && segment.sequence <= sequence);
  return discontinuitySequence + passed.length;
}

/**
 * Loads the pieces before the newest one after the other, as a player does, until they have caught up with real time, or could
 * not catch up within a target duration any more.
 * @returns `null` when they have caught up
 */
async function confirmedSlowness(
  pieces: readonly MediaPiece[],
  newestElapsedMs: number,
  targetDurationMs: number,
  inspect: (piece: MediaPiece) => Promise<Inspected>,
): Promise<Finding | null> {
  const enoughMs = Math.max(targetDurationMs, 2 * (pieces[0]?.durationMs ?? 0));
  let elapsedMs = 0;
  let mediaMs = 0;
  for (const [index, piece] of pieces.entries()) {
    const inspected = index === 0 ? null : await inspect(piece);
    if (inspected?.kind === 'aborted') return inspected;
    // The piece has left the playlist already. The answers so far decide.
    if (inspected?.kind === 'evidence') break;
    elapsedMs += inspected?.elapsedMs ?? newestElapsedMs;
    mediaMs += piece.durationMs;
    if (elapsedMs <= mediaMs) return null;
    if (Math.max(elapsedMs, mediaMs) >= enoughMs) break;
  }
  return { kind: 'evidence', cause: 'too-slow' };
}
