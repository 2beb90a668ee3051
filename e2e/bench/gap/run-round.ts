import { setTimeout as pause } from 'node:timers/promises';
import type { RoundFigures } from './gap-figures.ts';
import type { GapRig } from './gap-rig.ts';
import { type Change, isAt, judgeRound } from './judge-round.ts';
import type { Row } from './matrix.ts';
import type { WallWindow } from './wall-window.ts';

/** What the harness sets besides the matrix, ms. Every report states it. */
export const SETTINGS = {
  /** Stable time of the policy (rule 8). It is short, because rounds wait for it. */
  stableMs: 1000,
  failoverWaitMs: 30_000,
  /** A lost stream is retried after up to 15 s (rule 12), and the spread is 5 s (rule 8). */
  failbackWaitMs: 40_000,
  quietMs: 1500,
} as const;

/** Time that is watched after all tiles have changed over or returned, ms. A further change in this time is false. */
const AFTERMATH_MS = 500;

/**
 * Runs one round on a whole wall: a quiet time until its hot standbys are allotted, as on a wall that has run for weeks, then
 * the fault, the failover, the end of the fault, and the failback if the round waits for it.
 */
export async function runRound(
  row: Row,
  failback: RoundFigures['failback'],
  rig: GapRig,
  wall: WallWindow,
): Promise<RoundFigures> {
  const { siteId } = rig;
  const quietFromMs = Date.now();
  await pause(SETTINGS.quietMs);
  await wall.untilStandbysRest();
  const before = await wall.diagnostics();

  const faultAskedAtMs = Date.now();
  const quietMs = faultAskedAtMs - quietFromMs;
  const faultAtMs = await rig.setFault(row.fault);
  await wall.untilChanges(faultAskedAtMs, SETTINGS.failoverWaitMs, (changes) =>
    everyTile(row.tiles, changes, ({ to }) => !isAt(to, siteId)),
  );
  await pause(AFTERMATH_MS);

  const clearAskedAtMs = Date.now();
  const clearedAtMs = await rig.clear();
  if (failback === 'wait') {
    await wall.untilChanges(clearAskedAtMs, SETTINGS.failbackWaitMs, (changes) =>
      everyTile(row.tiles, changes, ({ to }) => isAt(to, siteId)),
    );
    await pause(AFTERMATH_MS);
  }

  const changes = await wall.changesSince(quietFromMs);
  const judged = judgeRound(changes, row.tiles, siteId, {
    quietFromMs,
    faultAskedAtMs,
    faultAtMs,
    clearAskedAtMs,
    clearedAtMs,
  });
  return {
    kind: 'round',
    failback,
    tiles: judged.tiles.map((tile) => {
      const measured = before.tiles.find((found) => found.tile === tile.tile);
      return {
        ...tile,
        latencyMs: measured?.pictureAgeMs == null ? null : Math.round(measured.pictureAgeMs),
        standby: measured === undefined ? 'unknown' : measured.players > 1 ? 'hot' : 'cold',
      };
    }),
    falseChanges: [...judged.falseChanges],
    quietMs,
  };
}

function everyTile(tiles: number, changes: readonly Change[], wanted: (change: Change) => boolean): boolean {
  return new Set(changes.filter(wanted).map(({ tile }) => tile)).size === tiles;
}
