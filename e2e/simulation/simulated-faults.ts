import type { EvidenceCause } from '../../shared/cause.ts';

/** The effect of a fault on its streams, as a tile sees it. */
export type StreamFault =
  /** Requests fail. `only`: requests of the other kind succeed. */
  | { readonly kind: 'fails'; readonly cause: EvidenceCause; readonly only?: 'playlist' | 'media' }
  /** Requests are accepted and never answered. */
  | { readonly kind: 'silent' }
  /** Each request is lost with this probability. */
  | { readonly kind: 'lossy'; readonly probability: number }
  | { readonly kind: 'late'; readonly extraMs: number }
  | { readonly kind: 'frozen-playlist' }
  | { readonly kind: 'not-a-playlist' }
  | { readonly kind: 'bad-media'; readonly bytes: 'truncated' | 'html' | 'noise' }
  /** A segment takes this many times its duration. */
  | { readonly kind: 'too-slow'; readonly factor: number }
  /** Loads go on, frames do not. */
  | { readonly kind: 'picture-stall' }
  /** Loads and frames go on, and every frame is the same one, or a black one. */
  | { readonly kind: 'frozen-picture' }
  | { readonly kind: 'black-picture' }
  /** No answer for a while, then the failure: a look-up that a resolver gives up on. */
  | { readonly kind: 'fails-late'; readonly cause: EvidenceCause; readonly afterMs: number }
  /** No decoder accepts the media, though it is whole. */
  | { readonly kind: 'undecodable' }
  /** The player finds nothing in the media that it could play, and goes on trying, though the media is whole. */
  | { readonly kind: 'unreadable' }
  /** The camera's clock jumps within the media: a player that runs will stop soon, one that starts later will not. */
  | { readonly kind: 'time-jump' }
  /** The server forgets its sessions: their playlists are no longer answered. */
  | { readonly kind: 'sessions-end' }
  /** The packager restarts, with a lower media sequence. */
  | { readonly kind: 'restart' }
  | { readonly kind: 'clock-jump'; readonly byMs: number }
  | { readonly kind: 'no-date-time' };

/** A fault of the workstation, or an action there. */
export type LocalFault =
  | { readonly kind: 'blocked' }
  | { readonly kind: 'asleep' }
  | { readonly kind: 'hidden' }
  | { readonly kind: 'order-edited' }
  | { readonly kind: 'path-edited' }
  | { readonly kind: 'policies-edited' }
  | { readonly kind: 'maintenance-edited' }
  | { readonly kind: 'size-changed' }
  /** The operator accepts the offer to return to a better site, if there is one. */
  | { readonly kind: 'offer-taken' }
  | { readonly kind: 'view-reopened' };

export interface FaultRow {
  /** Its name in the table. */
  readonly name: string;
  /** The row of the fault table; `null` for a fault that is not in it. */
  readonly row: number | null;
  readonly strikes:
    | { readonly on: 'streams'; readonly fault: StreamFault }
    /** Goes and comes with a period of 1 to 20 s. */
    | { readonly on: 'streams-flapping'; readonly fault: StreamFault }
    /** All sites, which come back one by one in any order. */
    | { readonly on: 'every-site'; readonly fault: StreamFault }
    | { readonly on: 'workstation'; readonly fault: LocalFault };
}

const fails = (cause: EvidenceCause, only?: 'playlist' | 'media'): FaultRow['strikes'] => ({
  on: 'streams',
  fault: { kind: 'fails', cause, ...(only === undefined ? {} : { only }) },
});
const streams = (fault: StreamFault): FaultRow['strikes'] => ({ on: 'streams', fault });
const local = (kind: LocalFault['kind']): FaultRow['strikes'] => ({ on: 'workstation', fault: { kind } });

/** A resolver's usual two tries of 5 s each (resolv.conf(5), `timeout` and `attempts`), ms. */
const RESOLVER_GIVES_UP_MS = 10_000;

/**
 * Every fault of the fault table that a tile can see through its transport and its players, and every edit of the
 * configuration in between. Row 12 has no row of its own here: half of all faults at a site hit only some of its
 * cameras. The host's disk (row 15) is left out.
 */
export const FAULTS: readonly FaultRow[] = [
  { name: 'refused', row: 1, strikes: fails('refused') },
  { name: 'reset', row: 1, strikes: fails('reset') },
  { name: 'silent', row: 2, strikes: streams({ kind: 'silent' }) },
  { name: 'packets lost', row: 2, strikes: streams({ kind: 'lossy', probability: 0.3 }) },
  { name: 'answers late', row: 2, strikes: streams({ kind: 'late', extraMs: 300 }) },
  { name: 'playlist 500', row: 3, strikes: fails('http-500', 'playlist') },
  { name: 'playlist 503', row: 3, strikes: fails('http-503', 'playlist') },
  { name: 'playlist 404', row: 3, strikes: fails('http-404', 'playlist') },
  { name: 'segments 404', row: 3, strikes: fails('http-404', 'media') },
  { name: 'token ran out 401', row: 4, strikes: fails('http-401') },
  { name: 'token ran out 403', row: 4, strikes: fails('http-403') },
  { name: 'playlist stands', row: 5, strikes: streams({ kind: 'frozen-playlist' }) },
  { name: 'not a playlist', row: 3, strikes: streams({ kind: 'not-a-playlist' }) },
  { name: 'media truncated', row: 6, strikes: streams({ kind: 'bad-media', bytes: 'truncated' }) },
  { name: 'media corrupt', row: 6, strikes: streams({ kind: 'bad-media', bytes: 'noise' }) },
  { name: 'media is HTML', row: 6, strikes: streams({ kind: 'bad-media', bytes: 'html' }) },
  { name: 'too slow', row: 7, strikes: streams({ kind: 'too-slow', factor: 1.6 }) },
  { name: 'picture stalls', row: 8, strikes: streams({ kind: 'picture-stall' }) },
  { name: 'picture frozen', row: 8, strikes: streams({ kind: 'frozen-picture' }) },
  { name: 'picture black', row: 8, strikes: streams({ kind: 'black-picture' }) },
  { name: 'sequence restarts', row: 9, strikes: streams({ kind: 'restart' }) },
  { name: 'other codec', row: 9, strikes: streams({ kind: 'undecodable' }) },
  { name: 'players read nothing', row: 6, strikes: streams({ kind: 'unreadable' }) },
  { name: 'sessions end', row: 4, strikes: streams({ kind: 'sessions-end' }) },
  { name: 'media time jumps', row: 10, strikes: streams({ kind: 'time-jump' }) },
  { name: 'clock jumps', row: 10, strikes: streams({ kind: 'clock-jump', byMs: -7_200_000 }) },
  { name: 'no date-time', row: 10, strikes: streams({ kind: 'no-date-time' }) },
  {
    name: 'flapping, refused',
    row: 11,
    strikes: { on: 'streams-flapping', fault: { kind: 'fails', cause: 'refused' } },
  },
  { name: 'flapping, silent', row: 11, strikes: { on: 'streams-flapping', fault: { kind: 'silent' } } },
  {
    name: 'flapping, playlist',
    row: 11,
    strikes: { on: 'streams-flapping', fault: { kind: 'frozen-playlist' } },
  },
  {
    name: 'every site refuses',
    row: 13,
    strikes: { on: 'every-site', fault: { kind: 'fails', cause: 'refused' } },
  },
  { name: 'every site silent', row: 13, strikes: { on: 'every-site', fault: { kind: 'silent' } } },
  { name: 'TLS expired', row: 14, strikes: fails('tls-expired') },
  { name: 'TLS pin', row: 14, strikes: fails('tls-pin') },
  { name: 'no such name', row: 16, strikes: fails('dns') },
  {
    name: 'DNS hangs',
    row: 16,
    strikes: streams({ kind: 'fails-late', cause: 'dns', afterMs: RESOLVER_GIVES_UP_MS }),
  },
  { name: 'event loop blocked', row: 15, strikes: local('blocked') },
  { name: 'machine asleep', row: 15, strikes: local('asleep') },
  { name: 'window hidden', row: 15, strikes: local('hidden') },
  { name: 'order edited', row: null, strikes: local('order-edited') },
  { name: 'path edited', row: null, strikes: local('path-edited') },
  { name: 'policies edited', row: null, strikes: local('policies-edited') },
  { name: 'maintenance edited', row: null, strikes: local('maintenance-edited') },
  { name: 'offer taken', row: null, strikes: local('offer-taken') },
  { name: 'tile size changed', row: null, strikes: local('size-changed') },
  { name: 'view reopened', row: null, strikes: local('view-reopened') },
];

/**
 * The meaning of a fault for a stream while it lasts. `down`: nobody can show the stream. `unsure`: it may seem alive
 * or not, and both are right. `fine`: a tile has no reason to leave it.
 */
export function truthOf(fault: StreamFault): 'fine' | 'unsure' | 'down' {
  switch (fault.kind) {
    case 'clock-jump':
    case 'no-date-time':
    case 'sessions-end':
    case 'time-jump':
      return 'fine';
    case 'lossy':
    case 'late':
    case 'restart':
    // A setting of the camera decides whether the tile leaves the stream.
    case 'frozen-picture':
    case 'black-picture':
      return 'unsure';
    default:
      return 'down';
  }
}
