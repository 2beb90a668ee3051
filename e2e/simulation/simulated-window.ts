import { LinkMeter } from '../../renderer/playback/link-meter.ts';
import { PictureSampler } from '../../renderer/playback/picture-sampler.ts';
import { SiteBudget } from '../../renderer/playback/site-budget.ts';
import { Disposals } from '../../renderer/window/disposals.ts';
import { HotStandbys } from '../../renderer/window/hot-standbys.ts';
import { LinkWatch } from '../../renderer/window/link-watch.ts';
import { LocalSilence } from '../../renderer/window/local-silence.ts';
import { Precautions } from '../../renderer/window/precautions.ts';
import { StartTurns } from '../../renderer/window/start-turns.ts';
import { WallRedraw } from '../../renderer/window/wall-redraw.ts';
import { nothingIsLeft } from './invariants.ts';
import type { Random } from './random.ts';
import { OwnedClock, type SimulatedClock } from './simulated-clock.ts';
import type { SimulatedPlayer } from './simulated-player.ts';

/** Least and largest number of hot standbys at a site that the host allots to a window, at each report of the window. */
const ALLOTTED = { least: 0, most: 2 };
/** Share of the reports at which the machine is short of time. */
const STARVED_SHARE = 0.1;
/** Share of the reports that the host does not answer. */
const UNANSWERED_SHARE = 0.05;

/** Number of cores of the simulated machine. */
const CORES = 2;

/** Turns of the microtask queue in which a sample is judged. */
const SAMPLE_TURNS = 4;

/** Time that a sample takes on the main thread of a busy machine, ms. */
const READING_MS = 3;

/**
 * What the tiles of one window share: turns at a site that fails (rule 12), hot standbys that are granted and
 * withdrawn (rule 15), and the sampler of their pictures (rule 13).
 */
export class SimulatedWindow {
  readonly siteBudget: SiteBudget;
  readonly startTurns: StartTurns;
  readonly precautions = new Precautions(CORES);
  readonly disposals: Disposals;
  readonly redraw: WallRedraw;
  readonly hotStandbys: HotStandbys;
  readonly localSilence: LocalSilence;
  readonly linkMeter: LinkMeter;
  readonly linkWatch: LinkWatch;
  readonly pictureSampler: PictureSampler;
  readonly selectedTile: number | null;
  private readonly clock: OwnedClock;

  constructor(
    world: SimulatedClock,
    random: Random,
    readonly tileCount: number,
  ) {
    this.clock = new OwnedClock(world);
    this.siteBudget = new SiteBudget(this.clock, () => tileCount, random.next);
    this.startTurns = new StartTurns(this.clock, CORES);
    this.disposals = new Disposals(this.clock);
    this.redraw = new WallRedraw(this.clock);
    this.selectedTile = random.chance(0.5) ? random.whole(1, tileCount) : null;
    this.hotStandbys = new HotStandbys({
      clock: this.clock,
      random: random.next,
      allot: ({ wishes }) => {
        world.resolved();
        if (random.chance(UNANSWERED_SHARE)) return Promise.reject(new Error('the host did not answer'));
        const allowed = Object.fromEntries(
          Object.keys(wishes).map((site) => [site, random.whole(ALLOTTED.least, ALLOTTED.most)]),
        );
        return Promise.resolve({
          allowed,
          machine: random.chance(STARVED_SHARE) ? 'starved' : 'free',
          latency: 'low',
        });
      },
    });
    this.linkMeter = new LinkMeter(this.clock);
    this.linkWatch = new LinkWatch({ clock: this.clock, meter: this.linkMeter, alarm: () => {} });
    this.localSilence = new LocalSilence({
      clock: this.clock,
      alarm: () => {},
      network: () => {
        world.resolved();
        return Promise.resolve('up');
      },
    });
    let readingMs = 0;
    this.pictureSampler = new PictureSampler(
      {
        now: () => this.clock.now() + readingMs,
        after: (delayMs, callback) => this.clock.after(delayMs, callback),
      },
      // The sampler waits for an idle moment, which comes at once here.
      (sample) => sample(),
      (video) => {
        world.resolved(SAMPLE_TURNS);
        // The sampler measures this time, and adapts its rate to it as on a wall.
        readingMs = READING_MS;
        queueMicrotask(() => {
          readingMs = 0;
        });
        return Promise.resolve((video as unknown as { player: SimulatedPlayer }).player.luma());
      },
    );
  }

  /** To be called when all its tiles are closed. */
  mustBeIdle(): void {
    nothingIsLeft({ players: 0, timers: this.clock.pending(), requests: 0, listeners: 0 });
  }
}
