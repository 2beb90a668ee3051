import type { Quality } from '../../shared/config/config.ts';

/** One stream of a tile, as the tile's details list it. */
export interface StreamLine {
  readonly streamId: string;
  readonly siteName: string;
  readonly quality: Quality;
  readonly state: 'unknown' | 'healthy' | 'suspect' | 'lost' | 'validating';
  /** shown: on the screen; incoming: loading to be shown; standby: watched only. */
  readonly role: 'shown' | 'incoming' | 'standby';
  /** In words: "answers, live edge moving" or "since 14:03:12: refused the connection". */
  readonly words: string;
  /** What watching its site lightly comes to, in sentences; `null` where it is watched in full. */
  readonly lightWatch: string | null;
}

/**
 * All that a tile's React component draws. A new object is made only when something in it changed; ages are
 * whole seconds, so an undisturbed tile renders nothing.
 */
export interface TileSnapshot {
  /** `holding` only once the picture stands still: until then a tile whose streams are all lost is `showing`. */
  readonly phase: 'starting' | 'showing' | 'switching' | 'holding' | 'suspended';
  /** The shown stream's site; `rank` 0 is the first in this camera's order. `null` before the first picture. */
  readonly site: {
    readonly id: string;
    readonly name: string;
    readonly rank: number;
    readonly quality: Quality;
  } | null;
  /** behaviour.md rule 7: new frames, close enough to the live edge. Never wall time. */
  readonly live: boolean;
  /** What comparison with another site's copy has against the shown picture (rule 13): it is not LIVE then. */
  readonly pictureFault: 'frozen' | 'black' | null;
  /** Whether a picture of this camera is in the tile, moving or held. */
  readonly hasPicture: boolean;
  /** It never had one, and should: `words` say why. */
  readonly missesPicture: boolean;
  /** It waits for this workstation's own host, which does not answer. */
  readonly isHeldUp: boolean;
  /** While no new picture comes: whole seconds since the last one, else `null`. */
  readonly lastPictureAgeS: number | null;
  /** `none`: the picture is fine, but no other site is alive, and has not been for a moment. `single`: the camera has one site only. */
  readonly redundancy: 'ok' | 'none' | 'single' | 'unknown';
  /** The state line: `null` when all is well and quiet. */
  readonly words: string | null;
  /** Failback manual or never, and a site of higher priority is back. */
  readonly offerReturn: { readonly siteName: string } | null;
  readonly streams: readonly StreamLine[];
  /** What Reaction Time means for the shown stream, in words; `null` before its playlist is known. */
  readonly reaction: string | null;
  /** Low latency that the shown stream offers is given up, while this workstation has no time for it. */
  readonly isRelaxed: boolean;
  /** A main stream fits the tile, and this workstation's link is too thin for it. */
  readonly isHeldToSub: boolean;
  /** Longest time without a new picture since the first one, ms, from the gap meter. */
  readonly longestGapMs: number | null;
  readonly lastChange: {
    readonly atMs: number;
    readonly words: string;
    readonly gapMs: number | null;
  } | null;
}

export const EMPTY_SNAPSHOT: TileSnapshot = {
  phase: 'starting',
  site: null,
  live: false,
  pictureFault: null,
  hasPicture: false,
  missesPicture: false,
  isHeldUp: false,
  lastPictureAgeS: null,
  redundancy: 'unknown',
  words: null,
  offerReturn: null,
  streams: [],
  reaction: null,
  isRelaxed: false,
  isHeldToSub: false,
  longestGapMs: null,
  lastChange: null,
};
