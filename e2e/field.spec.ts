import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import type { Rig } from './rig/rig.ts';
import {
  type FieldShape,
  LIGHTLY_WATCHED,
  PULLED,
  RENEWALS,
  SERVERS,
  SESSIONS,
  SOUND,
  STREAMS,
  USELESS_STANDBYS,
  type UselessStandby,
} from './support/field-shapes.ts';
import { FieldTrial } from './support/field-trial.ts';
import { type FieldCamera, FieldWall, type FieldWallOptions } from './support/field-wall.ts';
import { processTree, signalAll } from './support/process-tree.ts';
import { NOTHING_ODD } from './support/tile-trial.ts';
import { CORE_TAG } from './tiers.mjs';

/**
 * Streams as real cameras and servers send them, each as one tile at two sites: without a fault nothing changes, no
 * alarm is raised and LIVE is true; the other site takes over when the first fails, and tiles return to the first.
 */

/** Time in which nothing may happen; HOLDFAST_FIELD_PEACE_S sets it for a longer trial. Milliseconds. */
const PEACE_MS = 1000 * Number(process.env.HOLDFAST_FIELD_PEACE_S ?? 25);
/** Longer than the life of unused sessions, 30 s. Milliseconds. */
const STANDSTILL_MS = 33_000;
/** The buffered pictures are shown first, and then the changed ones. Milliseconds. */
const RENEWAL_MS = 10_000;
/** Long enough for the pace of the returning site to count: it may lag by 5 s (rule 8). Milliseconds. */
const PACED_STABLE_MS = 12_000;
/** Another picture size needs a new decoder; nothing is shown until its first key picture. Milliseconds. */
const RENEWAL_STILL_MS = 1000;
/**
 * A site that does not answer is waited for for 3 s at the start (rule 11); then come the Reaction Time and the alarm's
 * own 1.5 s. Milliseconds.
 */
const ALARM_MS = 20_000;
/** After this MediaMTX ends an on-demand source that nobody uses (`sourceOnDemandCloseAfter`). Milliseconds. */
const LIGHT_REST_MS = 10_000;

const STOPPED = /^(refused|reset)$/;
/** MediaMTX 1.18 takes 2 s to report the end of a session, which is longer than the Reaction Time. */
const SLOWLY_REFUSED = /^(http-404|timeout)$/;

/** Runs `course` on a wall of such streams once all tiles show, and reports all problems. */
async function onWall<S extends FieldShape>(
  shapes: readonly S[],
  course: (trial: FieldTrial<S>, wall: FieldWall<S>) => Promise<void>,
  options?: FieldWallOptions<S>,
): Promise<void> {
  await using wall = await FieldWall.open(shapes, options);
  const trial = new FieldTrial(wall);
  await trial.begin();
  await course(trial, wall);
  expect(trial.problems).toEqual([]);
}

const firstSiteStops = <S extends FieldShape>(trial: FieldTrial<S>): Promise<void> =>
  trial.overAndBack(
    'the first site stops',
    trial.outage('stop', () => STOPPED),
  );

const peaceAndOutage = async <S extends FieldShape>(trial: FieldTrial<S>): Promise<void> => {
  await trial.peace(PEACE_MS);
  await firstSiteStops(trial);
  await trial.requests();
};

test.describe.configure({ lock: '-exclusive-', timeout: 240_000 + 2 * PEACE_MS });

for (const { words, shapes } of [
  { words: 'sound that a wall does not need', shapes: SOUND },
  { words: 'what streams say of themselves, and how they are cut', shapes: STREAMS },
  { words: 'what servers do to streams on their way', shapes: SERVERS },
] as const)
  test(`${words}: without a fault, at a change-over and at the return`, () =>
    onWall<FieldShape>(shapes, peaceAndOutage));

test('servers that move only when they get requests: without a fault, at a change-over and at the return', () =>
  onWall(PULLED, peaceAndOutage, { stableMs: PACED_STABLE_MS }));

test('servers with sessions: without a fault, at a change-over and at the return', () =>
  onWall(SESSIONS, async (trial) => {
    await trial.peace(PEACE_MS);
    await firstSiteStops(trial);
    // What the server says about a missing publisher, not about the sessions that ended with it.
    await trial.overAndBack(
      'the cameras of the first site send nothing',
      trial.outage('source-gone', ({ main }) => (main.server === 'mediamtx' ? SLOWLY_REFUSED : /^http-404$/)),
    );
    await trial.sessions();
    await trial.requests();
  }));

test('sessions that ended while the workstation was stopped are renewed, and no site is left', () =>
  onWall(SESSIONS, async (trial, wall) => {
    const tree = processTree(wall.holdfast.app.process().pid ?? Number.NaN);
    await trial.calm('the workstation stands still', async () => {
      signalAll(tree, 'SIGSTOP');
      try {
        await pause(STANDSTILL_MS);
      } finally {
        signalAll(tree, 'SIGCONT');
      }
    });
    await trial.requests();
  }));

test('an encoding that changes in mid-stream costs a moment of the picture, and no change of site', async () => {
  await using wall = await FieldWall.open(RENEWALS);
  const trial = new FieldTrial(wall);
  await trial.begin();
  const isRenewed = ({ name }: FieldShape): boolean => name !== NOTHING_ODD;
  const cameras = wall.cameras.filter(isRenewed).map(({ id }) => id);
  const renew = async (): Promise<void> => {
    await wall.rig.setFault('main', 'other-encoding', { cameras });
    await pause(RENEWAL_MS);
  };
  const sizes = await trial.pictureSizes();
  await trial.calm('the encoding changes', renew, RENEWAL_STILL_MS);
  await trial.resized(sizes, isRenewed);
  expect(trial.problems).toEqual([]);
});

const backupFaults = async (rig: Rig, cameras: readonly FieldCamera<UselessStandby>[]): Promise<void> => {
  for (const { id, fault } of cameras) await rig.setFault('backup', fault, { cameras: [id] });
};

test('standbys that cannot serve are reported once, in words, and cost the picture nothing', () =>
  onWall(
    USELESS_STANDBYS,
    async (trial) => {
      const toldOnce = (withinMs: number): Promise<void> =>
        trial.alarms(({ cause }) => new RegExp(`^no-redundancy ${cause}$`), withinMs);
      await toldOnce(ALARM_MS);
      await trial.peace(PEACE_MS);
      await toldOnce(0);
      await trial.details(({ words }) => words);
      await trial.without(({ words }) => `Backup ${words}`);
      await trial.requests();
    },
    { prepare: backupFaults },
  ));

test('a window that has nothing to show says why, for every site, and raises alarms', {
  tag: CORE_TAG,
}, async () => {
  // What an ended stream had may be shown.
  const dark = USELESS_STANDBYS.filter(({ cause }) => cause !== 'ended');
  await using wall = await FieldWall.open(dark, {
    prepare: async (rig, cameras) => {
      await rig.setFault('main', 'stop');
      await backupFaults(rig, cameras);
    },
  });
  const trial = new FieldTrial(wall);
  await trial.dark(({ words }) => `Backup ${words}`);
  await trial.requests();
  expect(trial.problems).toEqual([]);
});

test('a lightly watched site gets no request until its sources have ended, and takes over all the same', () =>
  onWall(
    LIGHTLY_WATCHED,
    async (trial) => {
      await trial.peace(PEACE_MS);
      await trial.rested('backup', LIGHT_REST_MS);
      await firstSiteStops(trial);
    },
    { backup: { watch: 'light' } },
  ));
