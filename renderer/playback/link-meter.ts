import type { Clock } from '../../shared/clock.ts';
import type { Quality } from '../../shared/config/config.ts';
import type { LoadedBytes } from '../../shared/diagnostics.ts';

/** Media that has been loading for less than this is not late, however short it is, ms. */
const LEAST_LATE_MS = 1000;
/** A load counts for this long after its end, ms. */
const RECENT_MS = 5000;
/**
 * A site is silent when its latest answered playlist is older than this, ms: a silent site is another fault than slow
 * media.
 */
const ANSWERED_MS = 5000;

/** The purpose of a load: {@link LoadedBytes}. */
export type LoadUse = keyof LoadedBytes;

/** Ends the measurement of a load, once: with the bytes that came, or `null` where it did not complete. */
export type EndLoad = (bytes: number | null) => void;

interface Load {
  readonly site: string;
  readonly quality: Quality;
  /** From then on the load is late, monotonic ms: it has taken longer than its media plays. */
  readonly lateAtMs: number;
  /** `null` while it is loading. */
  endedAtMs: number | null;
}

/**
 * Measures how fast the media of a window comes, over all of its tiles and sites. One site that sends too slowly has a fault of
 * its own. When all sites do, the link of this workstation is too thin.
 */
export class LinkMeter {
  /** The state of the link. On a thin link media comes late from every site, and that is evidence against none. */
  link: 'free' | 'thin' = 'free';
  private loads: Load[] = [];
  /** When each site last answered with a playlist, monotonic ms. */
  private readonly answeredAtMs = new Map<string, number>();
  private readonly loaded: Record<LoadUse, number> = { shown: 0, standby: 0, probe: 0 };

  constructor(private readonly clock: Pick<Clock, 'now'>) {}

  /**
   * A load of media begins.
   * @param use its purpose, as it is when the load ends
   * @param durationMs playing time of the media; `null` where its load time says nothing about the link
   */
  begin(site: string, quality: Quality, use: () => LoadUse, durationMs: number | null): EndLoad {
    const lateAtMs = this.clock.now() + Math.max(LEAST_LATE_MS, durationMs ?? 0);
    const load: Load = { site, quality, lateAtMs, endedAtMs: null };
    if (durationMs !== null) this.loads.push(load);
    return (bytes) => {
      const nowMs = this.clock.now();
      load.endedAtMs = nowMs;
      if (bytes !== null) this.count(use(), bytes);
      // A load that was given up before it was late says nothing.
      else if (nowMs < load.lateAtMs) this.loads = this.loads.filter((other) => other !== load);
    };
  }

  /** Counts bytes that came completely. */
  count(use: LoadUse, bytes: number): void {
    this.loaded[use] += bytes;
  }

  /** A playlist of the site came. */
  answered(site: string): void {
    this.answeredAtMs.set(site, this.clock.now());
  }

  /**
   * Whether media comes late from all sites that answer and from which media was requested. While main streams are loaded, only
   * they are judged: the small media of a sub-stream may come in time beside them.
   * @param sites least number of sites
   */
  isSlow(sites: number): boolean {
    const nowMs = this.clock.now();
    this.loads = this.loads.filter(({ endedAtMs }) => endedAtMs === null || nowMs - endedAtMs <= RECENT_MS);
    const conclusive = this.loads.filter(
      ({ endedAtMs, lateAtMs }) => endedAtMs !== null || nowMs >= lateAtMs,
    );
    const mains = conclusive.filter(({ quality }) => quality === 'main');
    const judged = mains.length > 0 ? mains : conclusive;
    const isSlow = (site: string): boolean => {
      const loads = judged.filter((load) => load.site === site);
      const late = loads.filter(({ endedAtMs, lateAtMs }) => (endedAtMs ?? nowMs) >= lateAtMs);
      const answeredAtMs = this.answeredAtMs.get(site) ?? Number.NEGATIVE_INFINITY;
      return nowMs - answeredAtMs <= ANSWERED_MS && 2 * late.length > loads.length;
    };
    const judgedSites = new Set(judged.map(({ site }) => site));
    return judgedSites.size >= sites && [...judgedSites].every(isSlow);
  }

  /** Forgets the loads so far: the tiles play other streams from now on. */
  forget(): void {
    this.loads = this.loads.filter(({ endedAtMs }) => endedAtMs === null);
  }

  bytes(): LoadedBytes {
    return { ...this.loaded };
  }
}
