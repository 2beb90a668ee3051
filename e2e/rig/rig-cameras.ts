import { DEMO_CAMERAS, DEMO_SITES, type DemoSiteId } from '../../electron/demo/demo-wall.ts';

export interface RigCamera {
  readonly id: string;
  readonly number: number;
  readonly name: string;
  /** The demo camera whose clips it shows. */
  readonly clip: string;
  /**
   * Position in the clip at which the camera begins, ms, a whole number of seconds. It differs among the cameras of one
   * clip, so that no two cameras show the same picture at the same time.
   */
  readonly phaseMs: number;
}

/**
 * Difference in position between two cameras of one clip, ms. It is far from the clip's length of 12 s and from half of
 * that, and it is a whole number of segments of 1, 2 and 4 s.
 */
const PHASE_MS = 4000;

/** @param count at least 1; the cameras after the ninth show the demo's clips again, from another position */
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
 * Position in the loop at which a camera's pictures begin, ms. It is 0 for every camera with the long key interval, whose
 * loop begins with its only key picture.
 */
export function phaseOfPictures(pictures: 'demo' | 'key-each-12-s', { phaseMs }: RigCamera): number {
  return pictures === 'demo' ? phaseMs : 0;
}

/**
 * The demo site whose clips, and so whose mark, a site shows. The sites alternate: main, backup, main and so on.
 */
export function clipsOfSite(siteIndex: number): DemoSiteId {
  return DEMO_SITES[siteIndex % DEMO_SITES.length]?.id ?? 'main';
}
