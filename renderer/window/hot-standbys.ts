import type { Clock } from '../../shared/clock.ts';
import {
  HOT_REPORT_MS,
  type HotAllotment,
  type HotReport,
  type Latency,
} from '../../shared/hot-allotment.ts';
import { isolated } from './isolated.ts';

/** What a tile would use a hot standby for. */
export interface HotWish {
  /** The site that it would play from. */
  readonly siteId: string;
  /** Its shown stream is suspect, so it may need the standby next. */
  readonly suspect: boolean;
  readonly selected: boolean;
  /** Its hot standby presents already. */
  readonly running: boolean;
}

export interface HotTile {
  /** `null` for a tile that cannot use one: it has a single stream, or all are lost. */
  wish(): HotWish | null;
  /** Whether it is starting or changing over. */
  unsettled(): boolean;
  allow(allowed: boolean): void;
  setMachine(machine: HotAllotment['machine']): void;
  setLatency(latency: Latency): void;
}

/**
 * Distributes the hot standbys that the host allots to this window over its tiles (rule 15): first the selected tile, then those
 * with a suspect stream, then those that already have one.
 */
export class HotStandbys {
  private readonly tiles = new Set<HotTile>();
  private readonly windowId: string;
  private endReport: (() => void) | null = null;

  constructor(
    private readonly deps: {
      readonly clock: Clock;
      readonly allot: (report: HotReport) => Promise<HotAllotment>;
      /** Receives the state of the machine, for services that belong to no tile. */
      readonly onMachine?: (machine: HotAllotment['machine']) => void;
      /** Uniform in [0, 1). */
      readonly random: () => number;
    },
  ) {
    this.windowId = `w${Math.floor(deps.random() * 2 ** 52).toString(36)}`;
  }

  /** @returns the function that ends it */
  add(tile: HotTile): () => void {
    this.tiles.add(tile);
    this.endReport ??= this.deps.clock.after(HOT_REPORT_MS, () => void this.report());
    return () => {
      this.tiles.delete(tile);
      if (this.tiles.size > 0) return;
      this.endReport?.();
      this.endReport = null;
    };
  }

  private async report(): Promise<void> {
    const wishes: Record<string, number> = {};
    let running = 0;
    let settled = true;
    for (const tile of this.tiles) {
      const wish = wishOf(tile);
      if (isolated(() => tile.unsettled(), false)) settled = false;
      if (wish === null) continue;
      wishes[wish.siteId] = (wishes[wish.siteId] ?? 0) + 1;
      if (wish.running) running += 1;
    }
    try {
      this.share(await this.deps.allot({ windowId: this.windowId, wishes, running, settled }));
    } catch {
      // A host that does not answer has not withdrawn anything: running standbys continue.
    }
    if (this.endReport !== null)
      this.endReport = this.deps.clock.after(HOT_REPORT_MS, () => void this.report());
  }

  private share({ allowed, machine, latency }: HotAllotment): void {
    this.deps.onMachine?.(machine);
    const left = new Map(Object.entries(allowed));
    // The wishes are read anew: the host's answer took time.
    const ranked = [...this.tiles]
      .map((tile) => ({ tile, wish: wishOf(tile) }))
      .sort((a, b) => urgency(b.wish) - urgency(a.wish));
    for (const { tile, wish } of ranked) {
      const room = wish === null ? 0 : (left.get(wish.siteId) ?? 0);
      if (wish !== null && room > 0) left.set(wish.siteId, room - 1);
      // Before a standby starts, because it has to be played with this latency.
      isolated(() => tile.setLatency(latency), undefined);
      isolated(() => tile.allow(room > 0), undefined);
      isolated(() => tile.setMachine(machine), undefined);
    }
  }
}

function wishOf(tile: HotTile): HotWish | null {
  return isolated(() => tile.wish(), null);
}

function urgency(wish: HotWish | null): number {
  if (wish === null) return -1;
  return (wish.selected ? 4 : 0) + (wish.suspect ? 2 : 0) + (wish.running ? 1 : 0);
}
