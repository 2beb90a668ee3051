import type { GatewayReason } from './gateway/gateway-contract.ts';
import type { VideoCodec } from './media/video-format.ts';

/**
 * Why a stream is suspected or a tile changed (behaviour.md, the journal). `http-<status>` is written with
 * its number, `codec-<codec>` (this workstation has no decoder for it) with its codec.
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
  /** Encrypted in a way that Holdfast does not play: SAMPLE-AES, DRM. */
  | 'encryption'
  /** The key of its encrypted media is refused, missing or no key. */
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
  /** The same stream by a new player, because the old one could not have gone on. */
  | 'renewed';

/**
 * Soft evidence is the absence of something that was due; everything else was told by the site or the
 * decoder, and is hard (behaviour.md, "evidence").
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

/** Whether something came late or not at all: the way from the site, or this workstation, may be to blame as well. */
export function isLateness(cause: EvidenceCause): boolean {
  return LATENESS.has(cause);
}

const UNPLAYABLE: ReadonlySet<EvidenceCause> = new Set(['encryption', 'no-video']);

/** Whether a stream of that cause is well and cannot be shown here: no player would change that. */
export function isUnplayable(cause: EvidenceCause): boolean {
  return UNPLAYABLE.has(cause) || cause.startsWith('codec-');
}

const UNUSABLE: ReadonlySet<EvidenceCause> = new Set(['not-media', 'no-key', 'decode']);

/** Whether media was had and could not be used: what a player finds in it, a probe may not find. */
export function isUnusable(cause: EvidenceCause): boolean {
  return UNUSABLE.has(cause) || isUnplayable(cause);
}

const VAGUE: ReadonlySet<EvidenceCause> = new Set(['decode', 'no-picture', 'picture-stall']);

/** Whether it says only that there is no picture: what a player finds. Any other cause says more of why. */
export function isVague(cause: EvidenceCause): boolean {
  return VAGUE.has(cause);
}

const MISSING: ReadonlySet<EvidenceCause> = new Set(['http-404', 'http-410']);

/** Whether a server says so that it has none of what was asked for. Of one piece of media, it says nothing of the stream yet. */
export function isMissing(cause: EvidenceCause): boolean {
  return MISSING.has(cause);
}

/** What a site answers that has no key, or something else in its place, and where the gateway does not go for one. */
const NO_KEY = /^(http-\d+|not-media|too-large|not-allowed|redirect-refused)$/;

/** What the failure of a key's load says of its stream. A site that does not answer at all is another matter. */
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

/** Whether it lasts until somebody changes the configuration or the site's server. The gateway's words name what to change. */
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

/** Whether a change was forced by what a stream did, rather than wished for. */
export function isFault(cause: ChangeCause): boolean {
  return !NO_FAULTS.has(cause);
}
