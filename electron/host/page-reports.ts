import type { AlarmPlace, AlarmReport } from '../../shared/alarms/alarm.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Config } from '../../shared/config/config.ts';
import type { ChangeEntry } from '../../shared/journal/journal-entry.ts';
import { systemClock } from './system-clock.ts';

/**
 * Age limit of a page's report, ms: a tile reports a change about a second after it, and a blocked host receives it
 * that much later.
 */
const LONGEST_WAY_MS = 5 * 60_000;
/** Number of former configurations that are remembered, because tiles report their end late. */
const FORMER_CONFIGS = 8;

type Places = Pick<Config, 'sites' | 'cameras' | 'views'>;

/** The names that a page's report may contain: sites and cameras by id, and by view name the number of its cells. */
interface Known {
  readonly config: Places;
  readonly sites: ReadonlySet<string>;
  readonly cameras: ReadonlySet<string>;
  readonly cells: ReadonlyMap<string, number>;
}

/**
 * Bounds the reports of a page about its tiles, because a broken or hostile page may send anything. Everything in a
 * report has to be in the configuration. Its time is accepted within narrow bounds, because page and host share a
 * clock; otherwise the host's own time is used.
 */
export class PageReports {
  private readonly clock: Clock;
  private readonly epochMs: () => number;
  private readonly beganMs: number;
  private known: readonly Known[] = [];

  constructor({
    clock = systemClock,
    epochMs = Date.now,
  }: {
    readonly clock?: Clock;
    /** The time of day, ms since 1970. */
    readonly epochMs?: () => number;
  } = {}) {
    this.clock = clock;
    this.epochMs = epochMs;
    this.beganMs = clock.now();
  }

  /** Called when the windows get this configuration. */
  use(config: Places): void {
    const rest = this.known.filter((known) => known.config !== config);
    this.known = [knownOf(config), ...rest].slice(0, 1 + FORMER_CONFIGS);
  }

  /**
   * A tile's change in the form in which the journal takes it. If the decision is in the future or minutes old, as
   * after a suspension of the page, it is dated to its arrival. The picture came between the decision and now. The
   * evidence against the former stream may be as old as this host, because a site can be away that long.
   * @throws Error in words when it names something that is not configured
   */
  change(entry: ChangeEntry): ChangeEntry {
    this.expectPlace(entry);
    if (entry.from !== null) this.expectStream(entry.from);
    this.expectStream(entry.to);
    const nowMs = this.epochMs();
    const timeMs = this.recent(entry.time, nowMs);
    const { firstEvidenceAt } = entry;
    const oldestMs = nowMs - (this.clock.now() - this.beganMs);
    return {
      ...entry,
      time: iso(timeMs),
      firstEvidenceAt: firstEvidenceAt === null ? null : iso(between(oldestMs, firstEvidenceAt, timeMs)),
      firstFrameAt: iso(between(timeMs, entry.firstFrameAt, nowMs)),
    };
  }

  /**
   * A tile's report of an alarm, dated in the same way.
   * @throws Error in words when it names something that is not configured
   */
  alarm(report: AlarmReport): AlarmReport {
    if (report.place !== null) this.expectPlace(report.place);
    if (report.shown !== null) this.expectStream(report.shown);
    if (report.transition === 'raised' && report.stream !== null) this.expectStream(report.stream);
    return { ...report, time: iso(this.recent(report.time, this.epochMs())) };
  }

  private recent(time: string, nowMs: number): number {
    const timeMs = Date.parse(time);
    return timeMs >= nowMs - LONGEST_WAY_MS && timeMs <= nowMs ? timeMs : nowMs;
  }

  private expectPlace({ view, tile, camera }: AlarmPlace): void {
    this.expect((known) => known.cameras.has(camera), `the camera "${camera}"`);
    this.expect((known) => tile <= (known.cells.get(view) ?? 0), `the tile ${tile} of a view "${view}"`);
  }

  private expectStream(streamId: string): void {
    this.expect(({ sites }) => sites.has(siteOf(streamId)), `the stream "${streamId}"`);
  }

  private expect(isKnown: (known: Known) => boolean, what: string): void {
    if (!this.known.some(isKnown)) throw new Error(`${what} is not in the configuration`);
  }
}

function knownOf(config: Places): Known {
  const cells = new Map<string, number>();
  for (const { name, columns, rows } of config.views)
    cells.set(name, Math.max(cells.get(name) ?? 0, columns * rows));
  return {
    config,
    sites: new Set(config.sites.map(({ id }) => id)),
    cameras: new Set(config.cameras.map(({ id }) => id)),
    cells,
  };
}

/** The site in a stream id, `<siteId>/<quality>`; empty if there is none. */
function siteOf(streamId: string): string {
  return /^(.*)\/(?:main|sub)$/.exec(streamId)?.[1] ?? '';
}

function between(earliestMs: number, time: string, latestMs: number): number {
  return Math.min(latestMs, Math.max(earliestMs, Date.parse(time)));
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
