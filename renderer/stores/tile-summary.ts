import type { TileSnapshot } from './tile-snapshot.ts';

/** How much attention a tile needs; each tone has its colour and shape. */
export type Tone = 'quiet' | 'no-redundancy' | 'backup' | 'picture-fault' | 'no-video';

/**
 * `comes-and-goes` as long as its alarm says so, whether it is there at the moment or not, so that a badge does not blink.
 */
export type ShownRedundancy = TileSnapshot['redundancy'] | 'comes-and-goes';

/** What the whole window needs to know of a tile: it changes with events, never with frames. */
export interface TileSummary {
  readonly phase: TileSnapshot['phase'];
  readonly tone: Tone;
  readonly redundancy: ShownRedundancy;
  readonly isHeldUp: TileSnapshot['isHeldUp'];
  /** Whether moving pictures are on the screen. */
  readonly plays: boolean;
  /** The fault of a picture that is alive by every other measure. */
  readonly pictureFault: TileSnapshot['pictureFault'];
  readonly siteName: string | null;
  /** Whether its shown stream fails and another one is being started. The picture may still be fine. */
  readonly changingOver: boolean;
  /** Only on a backup: the camera's first site. `returning` while it is validated, `back` once it could be shown. */
  readonly firstSite: { readonly name: string; readonly state: 'lost' | 'returning' | 'back' } | null;
  readonly lastChangeAtMs: number | null;
}

/** The site of a camera's highest priority. */
export interface FirstSite {
  readonly id: string;
  readonly name: string;
}

/** A tile that misses its first picture has no video, like one that holds its last picture. */
export function toneOf(snapshot: TileSnapshot): Tone {
  if (snapshot.phase === 'holding' || snapshot.missesPicture) return 'no-video';
  if (snapshot.pictureFault !== null) return 'picture-fault';
  if (snapshot.site !== null && snapshot.site.rank > 0) return 'backup';
  return snapshot.redundancy === 'none' ? 'no-redundancy' : 'quiet';
}

/** @param comesAndGoes whether the alarm about its redundancy says so */
export function redundancyToShow({ redundancy }: TileSnapshot, comesAndGoes: boolean): ShownRedundancy {
  return comesAndGoes && redundancy !== 'single' ? 'comes-and-goes' : redundancy;
}

export function summarise(
  snapshot: TileSnapshot,
  firstSite: FirstSite,
  redundancy: ShownRedundancy = snapshot.redundancy,
): TileSummary {
  const tone = toneOf(snapshot);
  return {
    phase: snapshot.phase,
    tone,
    redundancy,
    isHeldUp: snapshot.isHeldUp,
    plays: snapshot.hasPicture && (snapshot.phase === 'showing' || snapshot.phase === 'switching'),
    pictureFault: tone === 'picture-fault' ? snapshot.pictureFault : null,
    siteName: snapshot.site?.name ?? null,
    changingOver:
      snapshot.phase === 'switching' &&
      snapshot.streams.some(
        ({ role, state }) => role === 'shown' && (state === 'suspect' || state === 'lost'),
      ),
    firstSite: tone === 'backup' ? { name: firstSite.name, state: stateOf(snapshot, firstSite.id) } : null,
    lastChangeAtMs: snapshot.lastChange?.atMs ?? null,
  };
}

export function sameSummary(a: TileSummary, b: TileSummary): boolean {
  return (
    a.phase === b.phase &&
    a.tone === b.tone &&
    a.redundancy === b.redundancy &&
    a.isHeldUp === b.isHeldUp &&
    a.plays === b.plays &&
    a.pictureFault === b.pictureFault &&
    a.siteName === b.siteName &&
    a.changingOver === b.changingOver &&
    a.firstSite?.name === b.firstSite?.name &&
    a.firstSite?.state === b.firstSite?.state &&
    a.lastChangeAtMs === b.lastChangeAtMs
  );
}

function stateOf(snapshot: TileSnapshot, siteId: string): 'lost' | 'returning' | 'back' {
  const states = snapshot.streams
    .filter((stream) => stream.streamId.startsWith(`${siteId}/`))
    .map((stream) => stream.state);
  if (states.includes('healthy')) return 'back';
  return states.includes('validating') ? 'returning' : 'lost';
}
