import { DEMO_CAMERAS, DEMO_SITES, type DemoSiteId } from '../../electron/demo/demo-wall.ts';

export interface RigCamera {
  readonly id: string;
  readonly number: number;
  readonly name: string;
  /** The demo camera whose clips it shows. */
  readonly clip: string;
  /** How far into the clip it begins, so that no two cameras show the same at once. Milliseconds, whole seconds. */
  readonly phaseMs: number;
}

/** Far from the clips' 12 s and their half, and a whole number of segments of 1, 2 and 4 s. Milliseconds. */
const PHASE_MS = 4000;

/** @param count from 1; those after the ninth show the demo's clips once more, in another phase */
export function rigCameras(count: number): readonly RigCamera[] {
  return Array.from({ length: count }, (_, index) => {
    const round = Math.floor(index / DEMO_CAMERAS.length);
    const shown = DEMO_CAMERAS[index % DEMO_CAMERAS.length];
    if (shown === undefined) throw new RangeError(`No camera ${index}`);
    return {
      id: round === 0 ? shown.id : `${shown.id}-${round + 1}`,
      number: index + 1,
      name: round === 0 ? shown.name : `${shown.name} ${round + 1}`,
      clip: shown.id,
      phaseMs: round * PHASE_MS,
    };
  });
}

/**
 * How far into their loop a camera's pictures begin, ms. Those of the long key interval begin with their only key picture,
 * whichever camera it is.
 */
export function phaseOfPictures(pictures: 'demo' | 'key-each-12-s', { phaseMs }: RigCamera): number {
  return pictures === 'demo' ? phaseMs : 0;
}

/**
 * The demo site whose clips, and so whose mark, a site has: the first site has the main one's, the next one the
 * backup's, then the main one's again.
 */
export function clipsOfSite(siteIndex: number): DemoSiteId {
  return DEMO_SITES[siteIndex % DEMO_SITES.length]?.id ?? 'main';
}
