import { type EvidenceCause, isMissing } from '../../shared/cause.ts';
import { inspectMedia } from '../../shared/media/inspect-media.ts';
import { type MediaPiece, newestMedia, placesToBegin } from '../../shared/playlist/newest-media.ts';
import type { MediaPlaylist, MediaResource } from '../../shared/playlist/playlist.ts';
import { resolveUri } from '../../shared/playlist/resolve-uri.ts';
import { KeyFrameRecord } from './key-frame-record.ts';
import type { Fetched, Transport } from './transport.ts';

/** What a look at a stream's newest media comes to. */
export type Finding =
  /** `goes-on`: its next key frame is still to be seen, so that the next piece is to be looked at as well. */
  | { readonly kind: 'alive'; readonly search: 'done' | 'goes-on' }
  /** Neither: the next piece has to tell. */
  | { readonly kind: 'unsure' }
  | { readonly kind: 'evidence'; readonly cause: EvidenceCause; readonly words?: string | undefined }
  | { readonly kind: 'aborted' };

type Inspected =
  | { readonly kind: 'sound'; readonly keyFrame: boolean; readonly elapsedMs: number }
  | Extract<Finding, { kind: 'evidence' | 'aborted' }>;

const LEAST_DEADLINE_MS = 1000;
/** Segments fetched for one check in search of a key frame; what is left is looked at with the next ones. */
const LONGEST_SEARCH = 8;

/**
 * The deep check of behaviour.md rule 3: fetches the newest segment or part and tells whether it is media, came
 * faster than real time, and has a key frame within reach.
 */
export class DeepCheck {
  private readonly keyFrames = new KeyFrameRecord();
  private init: { readonly key: string; readonly bytes: Uint8Array } | null = null;
  /** The newest piece that was missing while an older one was served. */
  private missing: string | null = null;

  constructor(
    private readonly transport: Transport,
    private readonly signal: AbortSignal,
  ) {}

  /** The stream began anew: nothing that was seen of its segments holds. */
  startAnew(): void {
    this.keyFrames.clear();
    this.missing = null;
  }

  /** Never rejects; `null` where the playlist has nothing to fetch. */
  async run(playlist: MediaPlaylist, pathname: string): Promise<Finding | null> {
    const pieces = newestMedia(playlist);
    const [newest, older] = pieces;
    if (newest === undefined) return null;
    const inspect = (piece: MediaPiece): Promise<Inspected> =>
      this.inspect(piece, pathname, Math.max(LEAST_DEADLINE_MS, 3 * playlist.targetDurationMs));
    const first = await inspect(newest);
    if (first.kind === 'evidence' && isMissing(first.cause) && older !== undefined)
      return this.judgeMissing(newest, first, await inspect(older));
    if (first.kind !== 'sound') return first;
    this.missing = null;
    const pace = await slowness(pieces, first.elapsedMs, playlist.targetDurationMs, inspect);
    if (pace !== null) return pace;
    return this.findKeyFrame(placesToBegin(playlist), newest, first, inspect);
  }

  /**
   * One missing piece is a hole in a stream that goes on; a second one, or none that is served, is the stream.
   */
  private judgeMissing(newest: MediaPiece, evidence: Finding, older: Inspected): Finding {
    const before = this.missing;
    this.missing = `${newest.sequence}/${newest.part}`;
    if (older.kind !== 'sound') return older.kind === 'aborted' ? older : evidence;
    return before === null || before === this.missing ? { kind: 'unsure' } : evidence;
  }

  private async findKeyFrame(
    places: readonly MediaPiece[],
    newest: MediaPiece,
    first: Extract<Inspected, { kind: 'sound' }>,
    inspect: (piece: MediaPiece) => Promise<Inspected>,
  ): Promise<Finding> {
    if (first.keyFrame) return { kind: 'alive', search: 'done' };
    let searched = 0;
    for (const place of places) {
      if (place.part === newest.part && place.sequence === newest.sequence) continue;
      let keyFrame = this.keyFrames.holdsKeyFrame(place.sequence);
      if (keyFrame === undefined) {
        if (searched === LONGEST_SEARCH) break;
        searched += 1;
        const inspected = await inspect(place);
        if (inspected.kind === 'aborted') return inspected;
        // The newest piece is sound: what an older one lacks is not worth an accusation.
        keyFrame = inspected.kind === 'sound' && inspected.keyFrame;
      }
      if (keyFrame) return { kind: 'alive', search: 'done' };
    }
    const newestWhole = places.find(({ part }) => part === null);
    if (newestWhole !== undefined && this.keyFrames.isBeyondReach(newestWhole.sequence))
      return { kind: 'evidence', cause: 'no-picture' };
    // With none ever seen nothing is proven; a stream that has shown its key frames is between two of them.
    return this.keyFrames.knowsAny() ? { kind: 'alive', search: 'goes-on' } : { kind: 'unsure' };
  }

  private async inspect(piece: MediaPiece, pathname: string, deadlineMs: number): Promise<Inspected> {
    const init = await this.initOf(piece, pathname, deadlineMs);
    const media = init.kind === 'body' ? await this.fetch(piece, pathname, deadlineMs) : init;
    if (media.kind === 'aborted') return media;
    if (media.kind === 'failed') return { kind: 'evidence', cause: media.cause, words: media.words };
    if (piece.encryption !== null) return { kind: 'sound', keyFrame: true, elapsedMs: media.elapsedMs };
    const inspection = inspectMedia(media.body, init.kind === 'body' ? init.body : null);
    if (!inspection.ok || inspection.container === 'audio' || !inspection.complete)
      return { kind: 'evidence', cause: 'not-media' };
    const keyFrame = inspection.keyFrame !== false;
    if (piece.part === null) this.keyFrames.add(piece.sequence, { durationMs: piece.durationMs, keyFrame });
    return { kind: 'sound', keyFrame, elapsedMs: media.elapsedMs };
  }

  /** The initialisation section of a piece, fetched once; no bytes for one that needs none. */
  private async initOf(
    { map }: MediaPiece,
    pathname: string,
    deadlineMs: number,
  ): Promise<Fetched<Uint8Array | null>> {
    if (map === null) return { kind: 'body', body: null, elapsedMs: 0 };
    const key = JSON.stringify(map);
    if (this.init?.key === key) return { kind: 'body', body: this.init.bytes, elapsedMs: 0 };
    const fetched = await this.fetch(map, pathname, deadlineMs);
    if (fetched.kind === 'body') this.init = { key, bytes: fetched.body };
    return fetched;
  }

  private async fetch(
    { uri, byteRange }: MediaResource,
    pathname: string,
    deadlineMs: number,
  ): Promise<Fetched<Uint8Array>> {
    const target = resolveUri(pathname, uri);
    if (target === null) return { kind: 'failed', cause: 'not-allowed' };
    return this.transport.fetchBytes(target, {
      deadlineMs,
      signal: this.signal,
      ...(byteRange === null ? {} : { range: byteRange }),
    });
  }
}

/**
 * Whether media comes slower than real time, the newest piece having taken `newestElapsedMs`. One late answer is
 * confirmed by the pieces before, one after the other as a player loads, until they have caught up or no more
 * could be made up within a target duration.
 * @returns `null` when it is fast enough
 */
async function slowness(
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
    // Already out of the window: the answers so far have to do.
    if (inspected?.kind === 'evidence') break;
    elapsedMs += inspected?.elapsedMs ?? newestElapsedMs;
    mediaMs += piece.durationMs;
    if (elapsedMs <= mediaMs) return null;
    if (Math.max(elapsedMs, mediaMs) >= enoughMs) break;
  }
  return { kind: 'evidence', cause: 'too-slow' };
}
