import { type AlarmReport, mainStreamsCause } from '../../shared/alarms/alarm.ts';
import type { Clock } from '../../shared/clock.ts';
import type { LinkMeter } from '../playback/link-meter.ts';
import { isoTimeOf } from '../playback/system-clock.ts';

/** How often the lateness of media is checked, ms. */
const LOOK_MS = 500;
/** A check that comes later than this shows that this page is busy: media may be late because of that, ms. */
const LATE_LOOK_MS = 250;
/** The link is thin once media has been late from all sites for this long, ms. */
const THIN_AFTER_MS = 1500;
/** Least number of sites from which media has to be late. */
const SITES = 2;
/** First wait before main streams are tried again, ms; it doubles after each failed try. */
const FIRST_WAIT_MS = 3 * 60_000;
/** Longest such wait, ms. */
const LONGEST_WAIT_MS = 60 * 60_000;
/** Time between two steps of the return, ms. Each step lets twice as many tiles have their main stream. */
const STEP_MS = 20_000;

/** `thin-main`: the link is thin, and this tile may try its main stream all the same. */
export type LinkTerms = 'free' | 'thin' | 'thin-main';

export interface LinkTile {
  /** Whether a main stream fits its size. */
  wantsMain(): boolean;
  isSelected(): boolean;
  setLink(terms: LinkTerms): void;
}

type Stage =
  | { readonly kind: 'free' }
  | {
      readonly kind: 'thin';
      /** Tiles that may have their main stream. */
      readonly mains: number;
      readonly waitMs: number;
      /** When the next step is taken, unless media is late again before, monotonic ms. */
      readonly stepAtMs: number;
    };

/**
 * Finds out that the link of this workstation is too thin for the main streams of its wall: media comes late from all sites at
 * the same time. Then all tiles settle on sub-streams, no site is blamed, and one alarm is raised. Main streams return in steps.
 * A step that is too large is undone, and the next one waits twice as long.
 */
export class LinkWatch {
  private readonly tiles = new Set<LinkTile>();
  private stage: Stage = { kind: 'free' };
  private lateFromMs: number | null = null;
  private lookedAtMs = Number.NEGATIVE_INFINITY;
  private isStarved = false;
  private endLook: (() => void) | null = null;

  constructor(
    private readonly deps: {
      readonly clock: Clock;
      readonly meter: Pick<LinkMeter, 'isSlow' | 'forget' | 'link'>;
      readonly alarm: (report: AlarmReport) => void;
    },
  ) {
    this.reportAlarm({ transition: 'returned' });
  }

  /** @returns the function that ends it */
  add(tile: LinkTile): () => void {
    this.tiles.add(tile);
    tile.setLink(this.stage.kind);
    this.endLook ??= this.deps.clock.after(LOOK_MS, () => this.look());
    return () => {
      this.tiles.delete(tile);
      if (this.tiles.size > 0) return;
      this.endLook?.();
      this.endLook = null;
    };
  }

  /** On a machine without processor time media is late as well, which says nothing about the link. */
  setMachine(machine: 'free' | 'starved'): void {
    this.isStarved = machine === 'starved';
  }

  /** Whether what a tile lacks now may be caused by the link. */
  covers(): boolean {
    return this.stage.kind === 'thin' || this.lateFromMs !== null;
  }

  private look(): void {
    const nowMs = this.deps.clock.now();
    const isPunctual = nowMs - this.lookedAtMs <= LOOK_MS + LATE_LOOK_MS;
    this.lookedAtMs = nowMs;
    this.endLook = this.deps.clock.after(LOOK_MS, () => this.look());
    const isTried = this.stage.kind === 'thin' && this.stage.mains > 0;
    // On a link that is known to be thin, one site with late media is enough.
    const isLate = isPunctual && !this.isStarved && this.deps.meter.isSlow(isTried ? 1 : SITES);
    this.lateFromMs = isLate ? (this.lateFromMs ?? nowMs) : null;
    const isThin = this.lateFromMs !== null && nowMs - this.lateFromMs >= THIN_AFTER_MS;
    const { stage } = this;
    if (stage.kind === 'free') {
      if (isThin) this.settle(FIRST_WAIT_MS, nowMs);
    } else if (isThin) {
      // With sub-streams only, there is nothing more to give up.
      if (stage.mains > 0) this.settle(Math.min(LONGEST_WAIT_MS, 2 * stage.waitMs), nowMs);
    } else if (!isLate && nowMs >= stage.stepAtMs) this.step(stage, nowMs);
  }

  /** Sends every tile to its sub-stream. */
  private settle(waitMs: number, nowMs: number): void {
    const wasFree = this.stage.kind === 'free';
    const wishes = this.wishes().length;
    this.stage = { kind: 'thin', mains: 0, waitMs, stepAtMs: nowMs + waitMs };
    this.begin();
    const cause = wishes === 0 ? null : mainStreamsCause(wishes);
    if (wasFree) this.reportAlarm({ transition: 'raised', stream: null, cause });
  }

  private step({ mains, waitMs }: Extract<Stage, { kind: 'thin' }>, nowMs: number): void {
    if (mains >= this.wishes().length) {
      this.stage = { kind: 'free' };
      this.reportAlarm({ transition: 'returned' });
    } else {
      const next = Math.max(1, 2 * mains);
      this.stage = { kind: 'thin', mains: next, waitMs, stepAtMs: nowMs + STEP_MS };
    }
    this.begin();
  }

  /** Applies the stage: the tiles play other streams from now on. */
  private begin(): void {
    const { stage } = this;
    this.lateFromMs = null;
    this.deps.meter.link = stage.kind;
    const may = stage.kind === 'free' ? [] : this.wishes().slice(0, stage.mains);
    for (const tile of this.tiles)
      tile.setLink(stage.kind === 'free' ? 'free' : may.includes(tile) ? 'thin-main' : 'thin');
    this.deps.meter.forget();
  }

  /** Tiles that want a main stream, the selected one first. */
  private wishes(): readonly LinkTile[] {
    return [...this.tiles]
      .filter((tile) => tile.wantsMain())
      .sort((one, other) => Number(other.isSelected()) - Number(one.isSelected()));
  }

  private reportAlarm(
    what:
      | { readonly transition: 'returned' }
      | { readonly transition: 'raised'; readonly stream: null; readonly cause: string | null },
  ): void {
    const { clock, alarm } = this.deps;
    const time = isoTimeOf(clock, clock.now());
    alarm({ ...what, alarm: 'thin-link', time, place: null, shown: null });
  }
}
