import type { Clock } from '../../shared/clock.ts';
import type { Policies } from '../../shared/config/config.ts';
import { HOT_REPORT_MS, type HotAllotment, type HotReport } from '../../shared/hot-allotment.ts';
import type { MachineLoad } from './machine-load.ts';

/**
 * Below this load, more standbys become hot; above the other one, some are taken away. Between them nothing changes: a
 * change-over costs more than its hot standby did, and needs room. Shares of all cores.
 */
const ROOM_BELOW = 0.7;
const OVERLOADED_ABOVE = 0.9;
/** Expected cost of one more hot standby, cores: 0.05 measured at 640x360 and 15 fps. */
const COST_CORES = 0.06;
/** Limit of new hot standbys at a time, so that their cost is measured before more are added. */
const LARGEST_STEP = 4;
/** After an overload, the number at that time is not reached again for this long, ms; twice as long each time. */
const FIRST_REST_MS = 60_000;
const LONGEST_REST_MS = 15 * 60_000;
/**
 * The machine is starved once two reports in a row show more load than this, and until one shows less than the other
 * value. Shares of all cores.
 */
const STARVED_ABOVE = 0.97;
const FREE_BELOW = 0.93;
/**
 * Low-latency streams are relaxed once the machine has been starved for the first time, ms: a wall that starts or
 * changes over is busy for less. They are played part by part again after the next time, ms, twice as long after each
 * relaxing, once the load is below the last value, a share of all cores.
 */
const STARVED_FOR_MS = 10_000;
const FIRST_RELAXED_MS = 2 * 60_000;
const LONGEST_RELAXED_MS = 60 * 60_000;
const LOW_LATENCY_BELOW = 0.5;
/** Number of missing reports after which a window counts as closed. */
const REPORTS_MISSED = 4;
/** Reports of overload in a row that count: a garbage collection or a compiler run is over by then. */
const OVERLOADS_IN_A_ROW = 2;

export interface HotAllotterOptions {
  readonly clock: Clock;
  readonly load: MachineLoad;
  readonly cores: number;
}

/** The configuration of hot standbys. */
export interface HotPolicy {
  readonly mode: Policies['hotStandbys'];
  /** Limit of hot standbys at a site, over all windows; `undefined` without one. */
  readonly siteLimit: (siteId: string) => number | undefined;
}

interface Window {
  report: HotReport;
  heardAtMs: number;
}

/**
 * Allots hot standbys over all windows by the machine's measured load, with a limit at each site (rule 15). It has no
 * timer of its own: every report moves it on.
 */
export class HotAllotter {
  private readonly options: HotAllotterOptions;
  private readonly windows = new Map<string, Window>();
  private total = 0;
  private measuredAtMs = Number.NEGATIVE_INFINITY;
  private overloads = 0;
  private ceiling = Number.POSITIVE_INFINITY;
  private ceilingUntilMs = 0;
  private restMs = FIRST_REST_MS;
  private machine: HotAllotment['machine'] = 'free';
  private lastLoad = 0;
  private latency: HotAllotment['latency'] = 'low';
  private starvedFromMs: number | null = null;
  private relaxedUntilMs = 0;
  private relaxedMs = FIRST_RELAXED_MS;

  constructor(options: HotAllotterOptions) {
    this.options = options;
  }

  report(report: HotReport, policy: HotPolicy): HotAllotment {
    const nowMs = this.options.clock.now();
    this.windows.set(report.windowId, { report, heardAtMs: nowMs });
    for (const [id, { heardAtMs }] of this.windows)
      if (nowMs - heardAtMs > REPORTS_MISSED * HOT_REPORT_MS) this.windows.delete(id);
    // Every window reports, but the load is measured over a whole report interval.
    if (nowMs - this.measuredAtMs >= 0.9 * HOT_REPORT_MS) this.measure(nowMs);
    return {
      allowed: this.allot(policy).get(report.windowId) ?? {},
      machine: this.machine,
      latency: this.latency,
    };
  }

  private measure(nowMs: number): void {
    this.measuredAtMs = nowMs;
    const load = this.options.load();
    if (load === null) return;
    if (load > STARVED_ABOVE && this.lastLoad > STARVED_ABOVE) this.machine = 'starved';
    else if (load < FREE_BELOW) this.machine = 'free';
    this.lastLoad = load;
    this.relaxOrNot(load, nowMs);
    const windows = [...this.windows.values()];
    if (!windows.every(({ report }) => report.settled)) return;
    const running = sum(windows.map(({ report }) => report.running));
    const wanted = sum(windows.flatMap(({ report }) => Object.values(report.wishes)));
    if (load > OVERLOADED_ABOVE) {
      this.overloads += 1;
      if (this.overloads < OVERLOADS_IN_A_ROW || this.total === 0) return;
      this.overloads = 0;
      this.total = Math.floor(0.75 * Math.min(this.total, running));
      this.ceiling = this.total;
      this.ceilingUntilMs = nowMs + this.restMs;
      this.restMs = Math.min(LONGEST_REST_MS, 2 * this.restMs);
      return;
    }
    this.overloads = 0;
    if (nowMs >= this.ceilingUntilMs) this.ceiling = Number.POSITIVE_INFINITY;
    // Granted standbys have to run, so that the load includes them, before there are more.
    if (running < Math.min(this.total, wanted)) return;
    const room = Math.floor(((ROOM_BELOW - load) * this.options.cores) / COST_CORES);
    const step = Math.max(0, Math.min(room, LARGEST_STEP));
    this.total = Math.min(this.total + step, wanted, this.ceiling);
  }

  private relaxOrNot(load: number, nowMs: number): void {
    if (this.machine === 'free') this.starvedFromMs = null;
    else this.starvedFromMs ??= nowMs;
    if (this.latency === 'low') {
      if (this.starvedFromMs === null || nowMs - this.starvedFromMs < STARVED_FOR_MS) return;
      this.latency = 'relaxed';
      this.relaxedUntilMs = nowMs + this.relaxedMs;
      this.relaxedMs = Math.min(LONGEST_RELAXED_MS, 2 * this.relaxedMs);
    } else if (load < LOW_LATENCY_BELOW && nowMs >= this.relaxedUntilMs) this.latency = 'low';
  }

  /** One to each window and site in turn, so that none of them gets all. */
  private allot({ mode, siteLimit }: HotPolicy): Map<string, Record<string, number>> {
    const left = new Map<string, number>();
    const allotments = new Map<string, Record<string, number>>();
    const queue = [...this.windows.values()].flatMap(({ report }) => {
      allotments.set(report.windowId, {});
      return Object.entries(report.wishes).map(([siteId, wished]) => ({
        windowId: report.windowId,
        siteId,
        wished,
      }));
    });
    let total = mode === 'off' ? 0 : mode === 'all' ? Number.POSITIVE_INFINITY : this.total;
    for (let granted = true; granted && total > 0; ) {
      granted = false;
      for (const { windowId, siteId, wished } of queue) {
        const own = allotments.get(windowId) ?? {};
        const limit = left.get(siteId) ?? siteLimit(siteId) ?? Number.POSITIVE_INFINITY;
        if (total <= 0 || limit <= 0 || (own[siteId] ?? 0) >= wished) continue;
        own[siteId] = (own[siteId] ?? 0) + 1;
        left.set(siteId, limit - 1);
        total -= 1;
        granted = true;
      }
    }
    return allotments;
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
