import { type EvidenceCause, keyCause } from '../../shared/cause.ts';
import type { Clock } from '../../shared/clock.ts';
import { inspectMediaInSteps } from '../../shared/media/inspect-media.ts';
import { isOverMediaBudgetInSteps } from '../../shared/media/media-budget.ts';
import type { VideoFormat } from '../../shared/media/video-format.ts';
import type { MediaPiece } from '../../shared/playlist/newest-media.ts';
import type { Encryption, MediaResource } from '../../shared/playlist/playlist.ts';
import { resolveUri } from '../../shared/playlist/resolve-uri.ts';
import type { EndLoad } from './link-meter.ts';
import { decrypt, isDecryptable, KEY_BYTES, webCrypto } from './media-decryption.ts';
import { inTurns } from './next-turn.ts';
import type { BytesOptions, Fetched, Transport } from './transport.ts';

/** Evidence in a piece of media. */
export interface MediaEvidence {
  readonly kind: 'evidence';
  readonly cause: EvidenceCause;
  /** Why the key failed to load; this may be the end of a session. */
  readonly keyFailure?: EvidenceCause;
  readonly words?: string | undefined;
}

/** The result of inspecting one piece of media. */
export type Inspected =
  | {
      readonly kind: 'sound';
      readonly keyFrame: boolean;
      /** `null` where the bytes do not say it, or cannot be read. */
      readonly format: { readonly container: string; readonly video: VideoFormat } | null;
      /** Time that it took to fetch, ms. */
      readonly elapsedMs: number;
    }
  | MediaEvidence
  | { readonly kind: 'aborted' };

type Failed = Exclude<Inspected, { kind: 'sound' }>;

/** Where the pieces of one playlist are, and how long each may take. */
export interface PlaceOfMedia {
  readonly pathname: string;
  /** Discontinuities before the piece, counted from the beginning of the stream. */
  readonly discontinuity: number;
  readonly deadlineMs: number;
  /** `on-demand`: the server makes the piece on request, so the load time says nothing about the link. */
  readonly made: 'ahead' | 'on-demand';
}

/** What is needed to read a piece besides its own bytes. Empty where nothing is needed. */
interface Aids {
  readonly kind: 'aids';
  readonly init: Uint8Array | null;
  readonly key: Uint8Array | null;
}

/**
 * How long an initialisation section or key is kept, ms: for the pieces of one check and for checks that follow at once, but
 * not until the next deep check of a healthy standby. Servers replace sections under the old name, and media may then seem
 * whole with the old one.
 */
const KEPT_MS = 10_000;

/** What the inspector needs to fetch media. */
export interface MediaAccess {
  readonly clock: Pick<Clock, 'now'>;
  readonly transport: Pick<Transport, 'fetchBytes'>;
  /** Measures the load of media that plays for this time, ms; `null` where its load time says nothing. */
  readonly meter: (durationMs: number | null) => EndLoad;
  /** Ends all fetches. */
  readonly signal: AbortSignal;
}

/** Fetches pieces of a stream's media with what is needed to read them, and inspects them. */
export class MediaInspector {
  /** What was fetched for earlier pieces, by name and place. */
  private readonly kept = new Map<string, { readonly bytes: Uint8Array; readonly atMs: number }>();

  constructor(private readonly deps: MediaAccess) {}

  /** The stream began anew: fetched files may have other contents now. */
  forget(): void {
    this.kept.clear();
  }

  /** Never rejects. */
  async inspect(piece: MediaPiece, place: PlaceOfMedia): Promise<Inspected> {
    if (piece.encryption !== null && !isDecryptable(piece.encryption))
      return { kind: 'evidence', cause: 'encryption' };
    const isOld = this.kept.size > 0;
    const aids = await this.aidsOf(piece, place);
    if (aids.kind !== 'aids') return aids;
    const endLoad = this.deps.meter(place.made === 'ahead' ? piece.durationMs : null);
    const media = await this.fetch(piece, place, expectedOf(piece.encryption));
    endLoad(media.kind === 'body' ? media.body.length : null);
    if (media.kind === 'aborted') return media;
    if (media.kind === 'failed') return { kind: 'evidence', cause: media.cause, words: media.words };
    const inspected = await look(piece, media, aids);
    if (inspected.kind === 'sound' || !isOld || (aids.init === null && aids.key === null)) return inspected;
    // An outdated section or key may be the reason, so both are fetched again before there is evidence against the media.
    this.forget();
    const fresh = await this.aidsOf(piece, place);
    return fresh.kind === 'aids' ? look(piece, media, fresh) : fresh;
  }

  private async aidsOf(piece: MediaPiece, place: PlaceOfMedia): Promise<Aids | Failed> {
    const key = await this.keyOf(piece.encryption, place);
    if (key.kind !== 'bytes') return key;
    if (piece.map === null) return { kind: 'aids', init: null, key: key.bytes };
    const init = await this.initOf(piece.map, piece.sequence, place);
    return init.kind === 'bytes' ? { kind: 'aids', init: init.bytes, key: key.bytes } : init;
  }

  private async initOf(
    map: NonNullable<MediaPiece['map']>,
    sequence: number,
    place: PlaceOfMedia,
  ): Promise<{ readonly kind: 'bytes'; readonly bytes: Uint8Array | null } | Failed> {
    const { encryption } = map;
    const fetched = await this.keep('init', map, place, expectedOf(encryption));
    if (fetched.kind === 'aborted') return fetched;
    if (fetched.kind === 'failed') return { kind: 'evidence', cause: fetched.cause, words: fetched.words };
    const key = await this.keyOf(encryption, place);
    if (key.kind !== 'bytes') return key;
    const bytes = await plainOf(fetched.body, encryption, key.bytes, sequence);
    return bytes === null ? { kind: 'evidence', cause: 'not-media' } : { kind: 'bytes', bytes };
  }

  /** No bytes for media in the clear, and for media that this page cannot decrypt. */
  private async keyOf(
    encryption: Encryption | null,
    place: PlaceOfMedia,
  ): Promise<{ readonly kind: 'bytes'; readonly bytes: Uint8Array | null } | Failed> {
    if (encryption === null || webCrypto() === null) return { kind: 'bytes', bytes: null };
    if (encryption.uri === null) return { kind: 'evidence', cause: 'no-key' };
    const fetched = await this.keep('key', { uri: encryption.uri, byteRange: null }, place, 'key');
    if (fetched.kind === 'aborted') return fetched;
    if (fetched.kind === 'failed')
      return {
        kind: 'evidence',
        cause: keyCause(fetched.cause),
        keyFailure: fetched.cause,
        words: fetched.words,
      };
    if (fetched.body.length !== KEY_BYTES) return { kind: 'evidence', cause: 'no-key' };
    return { kind: 'bytes', bytes: fetched.body };
  }

  private async keep(
    what: 'init' | 'key',
    resource: MediaResource,
    place: PlaceOfMedia,
    expects: BytesOptions['expects'],
  ): Promise<Fetched<Uint8Array>> {
    const { pathname, discontinuity } = place;
    const name = JSON.stringify([what, resource.uri, resource.byteRange, pathname, discontinuity]);
    const nowMs = this.deps.clock.now();
    const known = this.kept.get(name);
    if (known !== undefined && nowMs - known.atMs < KEPT_MS)
      return { kind: 'body', body: known.bytes, elapsedMs: 0 };
    const fetched = await this.fetch(resource, place, expects);
    for (const [old, { atMs }] of this.kept) if (nowMs - atMs >= KEPT_MS) this.kept.delete(old);
    if (fetched.kind === 'body') this.kept.set(name, { bytes: fetched.body, atMs: nowMs });
    return fetched;
  }

  private async fetch(
    { uri, byteRange }: MediaResource,
    { pathname, deadlineMs }: PlaceOfMedia,
    expects: BytesOptions['expects'],
  ): Promise<Fetched<Uint8Array>> {
    const target = resolveUri(pathname, uri);
    if (target === null) return { kind: 'failed', cause: 'not-allowed' };
    const { transport, signal } = this.deps;
    return transport.fetchBytes(target, {
      deadlineMs,
      signal,
      ...(byteRange === null ? {} : { range: byteRange }),
      ...(expects === undefined ? {} : { expects }),
    });
  }
}

/** The gateway cannot recognise the contents of ciphertext. */
function expectedOf(encryption: Encryption | null): BytesOptions['expects'] {
  return encryption === null ? undefined : 'encrypted-media';
}

async function look(
  { encryption, sequence }: MediaPiece,
  { body, elapsedMs }: Extract<Fetched<Uint8Array>, { kind: 'body' }>,
  { init, key }: Aids,
): Promise<Inspected> {
  // Media that cannot be decrypted here was at least fetched.
  if (encryption !== null && key === null) return { kind: 'sound', keyFrame: true, format: null, elapsedMs };
  const plain = await plainOf(body, encryption, key, sequence);
  const inspection = plain === null ? null : await inTurns(inspectMediaInSteps(plain, init));
  if (inspection === null) return { kind: 'evidence', cause: 'not-media' };
  if (!inspection.ok)
    return { kind: 'evidence', cause: inspection.kind === 'damaged' ? 'not-media' : 'no-video' };
  const { container, complete, video, keyFrame, encrypted } = inspection;
  // The media is encrypted although the playlist names no key.
  if (encrypted) return { kind: 'evidence', cause: 'encryption' };
  if (container === 'audio') return { kind: 'evidence', cause: 'no-video' };
  if (!complete) return { kind: 'evidence', cause: 'not-media' };
  return {
    kind: 'sound',
    keyFrame: keyFrame !== false,
    format: video === null ? null : { container, video },
    elapsedMs,
  };
}

/**
 * `null` for bytes that the key does not fit, and for those that take too long to read: encrypted, they were not counted.
 */
async function plainOf(
  bytes: Uint8Array,
  encryption: Encryption | null,
  key: Uint8Array | null,
  sequence: number,
): Promise<Uint8Array | null> {
  const subtle = webCrypto();
  if (encryption === null || key === null || subtle === null) return bytes;
  const plain = await decrypt(subtle, bytes, key, encryption, sequence);
  return plain === null || (await inTurns(isOverMediaBudgetInSteps(plain))) ? null : plain;
}
