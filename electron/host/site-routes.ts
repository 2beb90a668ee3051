import type { Clock } from '../../shared/clock.ts';
import type { Site } from '../../shared/config/config.ts';
import { isSamePlace } from './site-place.ts';

/**
 * Time for which a site is still served under its former address, so that tiles can leave it one by one. Milliseconds.
 */
export const FORMER_ROUTE_MS = 30_000;

/**
 * The gateway's names of the sites. A site that moves (other addresses, another certificate) gets another name, so that
 * a window can tell the new streams from the old ones, and the old pictures go on until the new ones are there. The
 * first name of a site is its id; later names contain a `~`, which no id has.
 */
export class SiteRoutes {
  private readonly clock: Clock;
  private readonly onFormerGone: () => void;
  private readonly generations = new Map<string, number>();
  private current = new Map<string, Site>();
  private readonly former = new Map<string, { readonly site: Site; readonly forget: () => void }>();

  /** @param onFormerGone called when {@link served} has become shorter by itself */
  constructor(clock: Clock, onFormerGone: () => void) {
    this.clock = clock;
    this.onFormerGone = onFormerGone;
  }

  /** The sites under their names, including those that were left lately. */
  get served(): Site[] {
    return [
      ...[...this.current].map(([id, site]) => ({ ...site, id: this.routeOf(id) })),
      ...[...this.former].map(([route, { site }]) => ({ ...site, id: route })),
    ];
  }

  routeOf(siteId: string): string {
    const generation = this.generations.get(siteId) ?? 1;
    return generation === 1 ? siteId : `${siteId}~${generation}`;
  }

  update(sites: readonly Site[]): void {
    const before = this.current;
    this.current = new Map(sites.map((site) => [site.id, site]));
    for (const [id, old] of before) {
      const now = this.current.get(id);
      if (now !== undefined && isSamePlace(now, old)) continue;
      const route = this.routeOf(id);
      this.former.set(route, {
        site: old,
        forget: this.clock.after(FORMER_ROUTE_MS, () => {
          this.former.delete(route);
          this.onFormerGone();
        }),
      });
      this.generations.set(id, (this.generations.get(id) ?? 1) + 1);
    }
  }

  /** Keeps the names of the same sites, and replaces their addresses immediately. */
  relocate(sites: readonly Site[]): void {
    this.current = new Map(sites.map((site) => [site.id, site]));
  }

  dispose(): void {
    for (const { forget } of this.former.values()) forget();
    this.former.clear();
  }
}
