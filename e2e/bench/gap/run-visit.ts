import type { BareGridMeter } from '../bare-grid/bare-grid.ts';
import type { GapRig, OpenGapRig } from './gap-rig.ts';
import { rowId, type Setup, setupId } from './matrix.ts';
import type { PlannedRound, Visit } from './plan.ts';
import type { Record, Round } from './records.ts';
import type { ResultsFile } from './results-file.ts';
import { runRound, SETTINGS } from './run-round.ts';
import { type ShellKind, WallWindow } from './wall-window.ts';

export interface VisitTools {
  readonly openRig: OpenGapRig;
  readonly bareGrid: BareGridMeter;
  readonly shell: ShellKind;
  readonly environment: string;
  readonly results: ResultsFile<Record>;
  readonly processRoot: number;
  readonly say: (line: string) => void;
}

/**
 * What the wall has been through since it was loaded. `returned`: a failback, after which the next one would be damped
 * (behaviour.md rule 9). `away`: it is not where a round begins.
 */
type WallState = 'fresh' | 'returned' | 'away';

/** Runs the rounds of one visit and stores each as it ends. A round that cannot be run is stored as a failure. */
export async function runVisit(visit: Visit, tools: VisitTools): Promise<void> {
  const { setup } = visit;
  const { environment, results, say } = tools;
  const fail = async ({ row, round }: PlannedRound, error: unknown): Promise<void> => {
    const reason = (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
    say(`${rowId(row)}, round ${round}: failed: ${reason}`);
    const at = new Date().toISOString();
    await results.append({ kind: 'failure', environment, at, row, round, reason });
  };

  const rig = await tools.openRig(setup, SETTINGS.stableMs).catch(async (error: unknown) => {
    for (const planned of visit.rounds) await fail(planned, error);
    return null;
  });
  if (rig === null) return;
  let wall: WallWindow | null = null;
  try {
    const isMeasured = results.records.some(
      (record) =>
        record.kind === 'bare-grid' &&
        record.environment === environment &&
        setupId(record.setup) === setupId(setup),
    );
    if (!isMeasured) await measureBareGrid(setup, rig, tools);

    let state: WallState = 'away';
    for (const planned of visit.rounds) {
      try {
        if (wall === null) wall = await WallWindow.open(tools.shell, rig.configFile, setup.tiles, rig.siteId);
        else if (state === 'away' || (state === 'returned' && planned.failback === 'wait')) {
          await wall.reload();
          state = 'fresh';
        }
        await wall.untilWhole();
        const round = await runRound(planned, rig, wall, environment, tools.processRoot);
        await results.append(round);
        say(roundLine(round));
        state = hasReturned(round) ? 'returned' : 'away';
      } catch (error) {
        await fail(planned, error);
        await wall?.close().catch(() => {});
        wall = null;
        state = 'away';
        const rigLives = await rig.clear().then(
          () => true,
          () => false,
        );
        // What is left of the visit is told as not run, and a rerun makes up for it.
        if (!rigLives) break;
      }
    }
  } finally {
    await wall?.close().catch(() => {});
    await rig.close();
  }
}

/** Without it the setup's rounds lack only what their latency is compared with; the next visit tries again. */
async function measureBareGrid(
  { stream, tiles, network, transport }: Setup,
  rig: GapRig,
  { bareGrid, environment, results, say }: VisitTools,
): Promise<void> {
  const setup = { stream, tiles, network, transport };
  try {
    const latency = await bareGrid(rig.playlists);
    await results.append({
      kind: 'bare-grid',
      environment,
      at: new Date().toISOString(),
      setup,
      ...latency,
    });
  } catch (error) {
    say(`${setupId(setup)}: no bare grid: ${error instanceof Error ? error.message.split('\n')[0] : error}`);
  }
}

function hasReturned({ failback, tiles }: Round): boolean {
  return failback === 'wait' && tiles.every((tile) => tile.failback !== null);
}

function roundLine({ row, round, tiles, falseChanges, othersCores }: Round): string {
  const gaps = tiles.map(({ failover }) => (failover === null ? '∞' : Math.round(failover.gapMs ?? 0)));
  const lines = [`${rowId(row)}, round ${round}: gaps ${gaps.join(' ')} ms`];
  if (falseChanges.length > 0) lines.push(`${falseChanges.length} false changes`);
  if (othersCores !== null) lines.push(`others ${othersCores.toFixed(2)} cores`);
  return lines.join(', ');
}
