import { measureBareGrid } from '../bare-grid/bare-grid.ts';
import type { PlannedRun, RunningVisit, Visit, VisitContext } from '../suite/suite.ts';
import { failbackOf } from './failback-plan.ts';
import type { GapFigures, RoundFigures } from './gap-figures.ts';
import type { GapRig } from './gap-rig.ts';
import type { GapCase, Setup } from './matrix.ts';
import { openRigForGap } from './rig-for-gap.ts';
import { runRound, SETTINGS } from './run-round.ts';
import { WallWindow } from './wall-window.ts';

/**
 * What happened to the wall since it was loaded. `fresh`: nothing. `returned`: a failback, after which the next failback
 * would be damped (rule 9). `away`: the wall is not in the state in which a round begins.
 */
type WallState = 'fresh' | 'returned' | 'away';

/** The runs of one setup, on one rig and in one window. */
export class GapSession implements RunningVisit<GapCase, GapFigures> {
  private readonly setup: Setup;
  private readonly rig: GapRig;
  private readonly context: VisitContext;
  private isRigLost = false;
  private wall: { readonly window: WallWindow; state: WallState } | null = null;

  private constructor(setup: Setup, rig: GapRig, context: VisitContext) {
    this.setup = setup;
    this.rig = rig;
    this.context = context;
  }

  static async open(visit: Visit<GapCase>, context: VisitContext): Promise<GapSession> {
    const [first] = visit;
    if (first === undefined) throw new Error('a visit without runs has no setup');
    const { what } = first.of;
    const setup = what.kind === 'round' ? what.row : what.setup;
    return new GapSession(setup, await openRigForGap(setup, SETTINGS.stableMs), context);
  }

  readonly measure = async ({ of: { what }, run }: PlannedRun<GapCase>): Promise<GapFigures> => {
    const { shell, browser, runs } = this.context;
    // Every further run would wait for a wall that cannot become whole.
    if (this.isRigLost) throw new Error('the sites did not answer after an earlier run');
    if (what.kind === 'round') return this.round(what, failbackOf(what.position, run, runs));
    // Two walls at the same time would have half of the machine each.
    await this.closeWall();
    return { kind: 'bare-grid', ...(await measureBareGrid(shell, browser, this.rig.playlists)) };
  };

  readonly close = async (): Promise<void> => {
    await this.closeWall();
    await this.rig.close();
  };

  private async round(
    { row }: Extract<GapCase, { kind: 'round' }>,
    failback: RoundFigures['failback'],
  ): Promise<RoundFigures> {
    try {
      const wall = await this.wallFor(failback);
      await wall.window.untilWhole();
      wall.state = 'away';
      const round = await runRound(row, failback, this.rig, wall.window);
      wall.state = hasReturned(round) ? 'returned' : 'away';
      return round;
    } catch (error) {
      await this.closeWall();
      await this.rig.clear().catch(() => {
        this.isRigLost = true;
      });
      throw error;
    }
  }

  /** The window, in a state in which a round can begin. */
  private async wallFor(
    failback: RoundFigures['failback'],
  ): Promise<{ readonly window: WallWindow; state: WallState }> {
    if (this.wall === null) {
      const { configFile, siteId } = this.rig;
      const window = await WallWindow.open(this.context.shell, configFile, this.setup.tiles, siteId);
      this.wall = { window, state: 'fresh' };
    } else if (this.wall.state === 'away' || (this.wall.state === 'returned' && failback === 'wait')) {
      await this.wall.window.reload();
      this.wall.state = 'fresh';
    }
    return this.wall;
  }

  /** Closes the window. One that is gone already is no failure. */
  private async closeWall(): Promise<void> {
    const wall = this.wall;
    this.wall = null;
    await wall?.window.close().catch(() => {});
  }
}

function hasReturned({ failback, tiles }: RoundFigures): boolean {
  return failback === 'wait' && tiles.every((tile) => tile.failback !== null);
}
