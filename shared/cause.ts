import type { GatewayReason } from './gateway/gateway-contract.ts';
import type { VideoCodec } from './media/video-format.ts';

/**
 * Why a stream is suspected or a tile changed. `http-<status>` contains the number, `codec-<codec>` (this workstation
 * has no decoder for it) the codec.
 */
export type EvidenceCause =
  | Exclude<GatewayReason, 'cancelled'>
  | `http-${number}`
  | `codec-${VideoCodec}`
  | 'not-a-playlist'
  /** A playlist without any segment. */
  | 'no-media-yet'
  /** EXT-X-ENDLIST. */
  | 'ended'
  /** Sound without a picture. */
  | 'no-video'
  /** Encrypted in a way that Holdfast cannot play: SAMPLE-AES, DRM. */
  | 'encryption'
  /** The key of its encrypted media is refused, missing, or not a key. */
  | 'no-key'
  | 'decode'
  | 'stalled'
  | 'too-slow'
  | 'picture-stall'
  | 'no-picture'
  | 'frozen'
  | 'black';

export type ChangeCause =
  | EvidenceCause
  | 'start'
  | 'failback'
  | 'quality'
  | 'priority-changed'
  | 'maintenance'
  | 'manual'
  | 'recovered'
  /** The same stream in a new player, because the old player could not continue. */
  | 'renewed';

/**
 * Soft evidence is the absence of something that was due. All other evidence comes from the site or the decoder, and is
 * hard.
 */
const SOFT: ReadonlySet<string> = new Set([
  'timeout',
  'stalled',
  'too-slow',
  'picture-stall',
  'no-picture',
  'frozen',
  'black',
]);

export function isHard(cause: EvidenceCause): boolean {
  return !SOFT.has(cause);
}

const LATENESS: ReadonlySet<EvidenceCause> = new Set([
  'timeout',
  'stalled',
  'too-slow',
  'picture-stall',
  'no-picture',
]);

/** Whether something came late or not at all: the network or this workstation may be the cause as well. */
export function isLateness(cause: EvidenceCause): boolean {
  return LATENESS.has(cause);
}

const UNPLAYABLE: ReadonlySet<EvidenceCause> = new Set(['encryption', 'no-video']);

/** Whether the stream works but cannot be shown here: another player would not change that. */
export function isUnplayable(cause: EvidenceCause): boolean {
  return UNPLAYABLE.has(cause) || cause.startsWith('codec-');
}

const UNUSABLE: ReadonlySet<EvidenceCause> = new Set(['not-media', 'no-key', 'decode']);

/** Whether media came and could not be used: a player may find a fault that a probe does not find. */
export function isUnusable(cause: EvidenceCause): boolean {
  return UNUSABLE.has(cause) || isUnplayable(cause);
}

const VAGUE: ReadonlySet<EvidenceCause> = new Set(['decode', 'no-picture', 'picture-stall']);

/**
 * Whether the cause says only that there is no picture, as a player reports it. Any other cause is more informative.
 */
export function isVague(cause: EvidenceCause): boolean {
  return VAGUE.has(cause);
}

const MISSING: ReadonlySet<EvidenceCause> = new Set(['http-404', 'http-410']);

/**
 * Whether the server says that it does not have the requested file. For a single piece of media, that says nothing
 * about the stream yet.
 */
export function isMissing(cause: EvidenceCause): boolean {
  return MISSING.has(cause);
}

/**
 * Failures of a key's load that say that the site has no key, or something else in its place, or that the gateway does
 * not follow its address.
 */
const NO_KEY = /^(http-\d+|not-media|too-large|not-allowed|redirect-refused)$/;

/**
 * The evidence against a stream that follows from the failure of its key's load. A site that does not answer at all is
 * evidence of its own.
 */
export function keyCause(cause: EvidenceCause): EvidenceCause {
  return NO_KEY.test(cause) ? 'no-key' : cause;
}

const CURABLE: ReadonlySet<EvidenceCause> = new Set([
  'not-allowed',
  'redirect-refused',
  'tls-pin',
  'tls-expired',
  'tls-untrusted',
  'tls-protocol',
]);

/**
 * Whether it lasts until somebody changes the configuration or the site's server. The gateway's message says what to
 * change.
 */
export function isCurable(cause: EvidenceCause): boolean {
  return CURABLE.has(cause);
}

const NO_FAULTS: ReadonlySet<string> = new Set<ChangeCause>([
  'start',
  'failback',
  'quality',
  'priority-changed',
  'maintenance',
  'manual',
  'renewed',
]);

/** Whether evidence forced the change, and not a wish. */
export function isFault(cause: ChangeCause): boolean {
  return !NO_FAULTS.has(cause);
}
