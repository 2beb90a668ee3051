import type { Quality } from '../../shared/config/config.ts';
import type { LoadedBytes } from '../../shared/diagnostics.ts';
import type { Clock } from './clock.ts';

/** Media that is on its way for less than this is not late, however short it is, ms. */
const LEAST_LATE_MS = 1000;
/** A load counts for this long after its end, ms. */
const RECENT_MS = 5000;
/** A site whose latest answered playlist is older is silent, which is another fault than slow media, ms. */
const ANSWERED_MS = 5000;

/** What a load is for: {@link LoadedBytes}. */
export type LoadUse = keyof LoadedBytes;

/** Ends the measurement of a load, once: with the bytes that came, or `null` where it did not come in full. */
export type EndLoad = (bytes: number | null) => void;

interface Load {
  readonly site: string;
  readonly quality: Quality;
  /** When it is late: it has taken longer than its media plays. */
  readonly lateAtMs: number;
  /** `null` while it is on its way. */
  endedAtMs: number | null;
}

/**
 * Measures how the media of a window comes, over all of its tiles and sites: one site that sends too slowly fails by itself,
 * all sites at once are the link of this workstation.
 */
export class LinkMeter {
  /** As it was found to be; on a thin link media comes late from every site, and that is evidence against none. */
  link: 'free' | 'thin' = 'free';
  private loads: Load[] = [];
  /** When each site last answered with a playlist, monotonic ms. */
  private readonly answeredAtMs = new Map<string, number>();
  private readonly loaded: Record<LoadUse, number> = { shown: 0, standby: 0, probe: 0 };

  constructor(private readonly clock: Pick<Clock, 'now'>) {}

  /**
   * Media is asked for.
   * @param use as it is when the load ends
   * @param durationMs for how long it plays; `null` where how long it takes to come tells nothing of the way
   */
  begin(site: string, quality: Quality, use: () => LoadUse, durationMs: number | null): EndLoad {
    const lateAtMs = this.clock.now() + Math.max(LEAST_LATE_MS, durationMs ?? 0);
    const load: Load = { site, quality, lateAtMs, endedAtMs: null };
    if (durationMs !== null) this.loads.push(load);
    return (bytes) => {
      const nowMs = this.clock.now();
      load.endedAtMs = nowMs;
      if (bytes !== null) this.count(use(), bytes);
      // What was given up before it was late, says nothing.
      else if (nowMs < load.lateAtMs) this.loads = this.loads.filter((other) => other !== load);
    };
  }

  /** Something came in full. */
  count(use: LoadUse, bytes: number): void {
    this.loaded[use] += bytes;
  }

  /** A playlist of the site came. */
  answered(site: string): void {
    this.answeredAtMs.set(site, this.clock.now());
  }

  /**
   * Whether media comes late from all sites that answer and that media was asked of. Main streams are judged as long as some are
   * loaded: beside them the small media of a sub-stream may come in time.
   * @param sites how many sites it takes at least
   */
  isSlow(sites: number): boolean {
    const nowMs = this.clock.now();
    this.loads = this.loads.filter(({ endedAtMs }) => endedAtMs === null || nowMs - endedAtMs <= RECENT_MS);
    const told = this.loads.filter(({ endedAtMs, lateAtMs }) => endedAtMs !== null || nowMs >= lateAtMs);
    const mains = told.filter(({ quality }) => quality === 'main');
    const judged = mains.length > 0 ? mains : told;
    const isSlow = (site: string): boolean => {
      const loads = judged.filter((load) => load.site === site);
      const late = loads.filter(({ endedAtMs, lateAtMs }) => (endedAtMs ?? nowMs) >= lateAtMs);
      const answeredAtMs = this.answeredAtMs.get(site) ?? Number.NEGATIVE_INFINITY;
      return nowMs - answeredAtMs <= ANSWERED_MS && 2 * late.length > loads.length;
    };
    const judgedSites = new Set(judged.map(({ site }) => site));
    return judgedSites.size >= sites && [...judgedSites].every(isSlow);
  }

  /** What was loaded so far says nothing of what comes: the tiles play other streams from here on. */
  forget(): void {
    this.loads = this.loads.filter(({ endedAtMs }) => endedAtMs === null);
  }

  bytes(): LoadedBytes {
    return { ...this.loaded };
  }
}
