import type { Quality } from '../../shared/config/config.ts';

/** One stream of a tile, as the tile's details list it. */
export interface StreamLine {
  readonly streamId: string;
  readonly siteName: string;
  readonly quality: Quality;
  readonly state: 'unknown' | 'healthy' | 'suspect' | 'lost' | 'validating';
  /** `shown`: on the screen; `incoming`: loading to be shown; `standby`: only watched. */
  readonly role: 'shown' | 'incoming' | 'standby';
  /** In words: "answers, live edge moving" or "since 14:03:12: refused the connection". */
  readonly words: string;
  /** What the light watch of its site means, in sentences; `null` where it is watched in full. */
  readonly lightWatch: string | null;
}

/**
 * Everything that a tile's React component draws. A new object is made only when something in it changed. Ages are whole seconds,
 * so an undisturbed tile draws nothing.
 */
export interface TileSnapshot {
  /** `holding` only once the picture has stalled: until then, a tile whose streams are all lost is `showing`. */
  readonly phase: 'starting' | 'showing' | 'switching' | 'holding' | 'suspended';
  /** The shown stream's site; `rank` 0 is the first one in this camera's order. `null` before the first picture. */
  readonly site: {
    readonly id: string;
    readonly name: string;
    readonly rank: number;
    readonly quality: Quality;
  } | null;
  /** Rule 7: there are new frames, close enough to the live edge. Never derived from wall time. */
  readonly live: boolean;
  /** The fault of the shown picture, found by comparison with another site's copy (rule 13). It is not LIVE then. */
  readonly pictureFault: 'frozen' | 'black' | null;
  /** Whether a picture of this camera is in the tile, moving or held. */
  readonly hasPicture: boolean;
  /** Whether it never had a picture, and should have one: `words` say why it has none. */
  readonly missesPicture: boolean;
  /** Whether it waits for this workstation's own host, which does not answer. */
  readonly isHeldUp: boolean;
  /** While no new picture comes: whole seconds since the last one, else `null`. */
  readonly lastPictureAgeS: number | null;
  /** `none`: the picture is fine, but no other site has been alive for a moment. `single`: the camera has only one site. */
  readonly redundancy: 'ok' | 'none' | 'single' | 'unknown';
  /** The state line: `null` when all is well and quiet. */
  readonly words: string | null;
  /** Set where a site of higher priority is back, and Failback is manual or never. */
  readonly offerReturn: { readonly siteName: string } | null;
  readonly streams: readonly StreamLine[];
  /** What Reaction Time means for the shown stream, in words; `null` before its playlist is known. */
  readonly reaction: string | null;
  /** Whether the shown stream offers low latency, and this workstation has no time for it. */
  readonly isRelaxed: boolean;
  /** Whether a main stream fits the tile, but this workstation's link is too thin for it. */
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
