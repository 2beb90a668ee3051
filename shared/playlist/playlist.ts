import type { Variables } from './variables.ts';

/**
 * HLS playlists as Holdfast needs them (RFC 8216 and its second edition, draft-pantos-hls-rfc8216bis).
 * Durations and times are milliseconds and may have a fraction. URIs are as the server wrote them.
 */
export type Playlist = MultivariantPlaylist | MediaPlaylist;

export interface MultivariantPlaylist {
  readonly kind: 'multivariant';
  /** In the order of the playlist; never empty. I-frame-only variants are left out. */
  readonly variants: readonly Variant[];
  /** The variables of its EXT-X-DEFINE tags, for the media playlists that import them. */
  readonly variables: Variables;
}

export interface Variant {
  readonly uri: string;
  /** Peak bits per second; 0 where the server does not say, though it must. */
  readonly bandwidth: number;
  readonly codecs?: string;
  readonly width?: number;
  readonly height?: number;
}

export interface MediaPlaylist {
  readonly kind: 'media';
  /** Above 0. As declared; where a server declares 0, its longest segment, or 1 s without any. */
  readonly targetDurationMs: number;
  /** The longest part that the server makes; null without parts. */
  readonly partTargetMs: number | null;
  /** The number of the first segment, skipped ones included. */
  readonly mediaSequence: number;
  readonly discontinuitySequence: number;
  /**
   * Number of segments at the beginning that a delta update left out; `segments` begins after them. It is 0 in a playlist of the
   * gateway, which adds them to the media sequence.
   */
  readonly skippedSegments: number;
  /** Complete segments, in order, with consecutive numbers. Empty where a stream has just begun. */
  readonly segments: readonly Segment[];
  /** The segment after the last complete one, while only parts of it exist. */
  readonly openSegment: OpenSegment | null;
  /** How far before the live edge a delta update may begin to leave segments out; null where the server makes none. */
  readonly canSkipUntilMs: number | null;
  /** EXT-X-ENDLIST: nothing will be added. */
  readonly ended: boolean;
}

export interface OpenSegment {
  readonly sequence: number;
  /** Time of the first frame: from the tag, or extrapolated from a neighbour within the same discontinuity. */
  readonly programDateTimeMs: number | null;
  /** Encoding or timestamps change before this segment. */
  readonly discontinuity: boolean;
  /** The server says that this media is missing: not to be fetched. */
  readonly gap: boolean;
  readonly map: InitialisationSection | null;
  /** Null where the media is not encrypted. Encrypted bytes cannot be inspected. */
  readonly encryption: Encryption | null;
  readonly parts: readonly Part[];
}

export interface Segment extends OpenSegment, MediaResource {
  readonly durationMs: number;
}

export interface Part extends MediaResource {
  readonly durationMs: number;
  /** Begins with a key frame. */
  readonly independent: boolean;
  readonly gap: boolean;
}

/**
 * How media is encrypted (EXT-X-KEY). Where a server offers several keys for the same media, it is the one of the
 * key format `identity`, which needs no DRM system; without that, the first one.
 */
export interface Encryption {
  /** As written, such as `AES-128` or `SAMPLE-AES`; never `NONE`. */
  readonly method: string;
  /** Where the key is, as the server wrote it. */
  readonly uri: string | null;
  /**
   * The initialisation vector: lower-case hexadecimal digits without `0x`, 32 of them if the server keeps to the
   * rules. Null where it is the segment's sequence number.
   */
  readonly ivHex: string | null;
  /** `identity` where the server does not say: the key itself, 16 bytes. */
  readonly keyFormat: string;
}

/** EXT-X-MAP. */
export interface InitialisationSection extends MediaResource {
  /** By the EXT-X-KEY before the EXT-X-MAP, which may differ from that of the segments. */
  readonly encryption: Encryption | null;
}

export interface MediaResource {
  readonly uri: string;
  readonly byteRange: ByteRange | null;
}

/** In bytes from the beginning of the resource. */
export interface ByteRange {
  readonly offset: number;
  readonly length: number;
}
