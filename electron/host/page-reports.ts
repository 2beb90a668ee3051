import type { AlarmPlace, AlarmReport } from '../../shared/alarms/alarm.ts';
import type { Config } from '../../shared/config/config.ts';
import type { ChangeEntry } from '../../shared/journal/journal-entry.ts';
import { type Clock, systemClock } from './clock.ts';

/**
 * How old what a page tells may be, ms: a tile tells of a change about a second after it, and a blocked host hears of it that
 * much later.
 */
const LONGEST_WAY_MS = 5 * 60_000;
/** Tiles tell of their end late: so many former configurations are remembered, each for its cameras, views and sites. */
const FORMER_CONFIGS = 8;

type Places = Pick<Config, 'sites' | 'cameras' | 'views'>;

/** What a page may tell of: the sites by id, the cameras by id, the most cells of the views by name. */
interface Known {
  readonly config: Places;
  readonly sites: ReadonlySet<string>;
  readonly cameras: ReadonlySet<string>;
  readonly cells: ReadonlyMap<string, number>;
}

/**
 * Bounds what a page tells of its tiles, because a page that is broken or not ours any more tells anything. What it tells of
 * has to be in the configuration. When it happened is the page's to say within narrow bounds, because its clock is the
 * host's; beyond them the host's own clock is taken.
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

  /** The windows have this configuration from now on. */
  use(config: Places): void {
    const rest = this.known.filter((known) => known.config !== config);
    this.known = [knownOf(config), ...rest].slice(0, 1 + FORMER_CONFIGS);
  }

  /**
   * A tile's change as the journal takes it. A decision that lies in the future or minutes back, as that of a page that was
   * suspended meanwhile, is dated to its arrival. The picture came between it and now; the evidence against the picture
   * before may be as old as this host, because a site can be away for as long.
   *
   * @throws Error in words when it is of nothing that is configured
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
   * What a tile tells of an alarm, dated likewise.
   *
   * @throws Error in words when it is of nothing that is configured
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

/** The site of a stream id, `<siteId>/<quality>`; an empty text where it is none. */
function siteOf(streamId: string): string {
  return /^(.*)\/(?:main|sub)$/.exec(streamId)?.[1] ?? '';
}

function between(earliestMs: number, time: string, latestMs: number): number {
  return Math.min(latestMs, Math.max(earliestMs, Date.parse(time)));
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
