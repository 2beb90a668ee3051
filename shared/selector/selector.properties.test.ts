import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EvidenceCause } from '../cause.ts';
import { nextWakeMs } from './selector.ts';
import { FakeSites, type Outage } from './testing/fake-sites.ts';
import { FakeTile, planned, policiesWith } from './testing/fake-tile.ts';
import type { Channel, Machine, PictureVerdict } from './types.ts';

/** Fixed, so that a failure is found again; fast-check prints the path of a counterexample. */
const SEED = 20_260_801;

const STREAMS = ['north/main', 'north/sub', 'south/main', 'west/main'] as const;

const causes = fc.constantFrom<EvidenceCause>(
  'refused',
  'reset',
  'http-503',
  'http-404',
  'timeout',
  'stalled',
  'decode',
  'codec-h265',
);
const channels = fc.constantFrom<Channel>('playlist', 'media', 'picture');
const streams = fc.constantFrom(...STREAMS);
/** As data, so that a counterexample can be read. `player` is a place among the running players, or the one after them. */
type Act =
  | { readonly act: 'alive' | 'suspend' | 'resume' | 'return'; readonly id: string }
  | { readonly act: 'prove'; readonly id: string; readonly channel: 'playlist' | 'media' }
  | {
      readonly act: 'accuse';
      readonly id: string;
      readonly cause: EvidenceCause;
      readonly channel: Channel;
      readonly ageMs: number;
    }
  | { readonly act: 'presented' | 'progress' | 'moves' | 'ages' | 'waits'; readonly player: number }
  | { readonly act: 'format'; readonly id: string; readonly format: string }
  | { readonly act: 'fails' | 'complains'; readonly player: number; readonly cause: EvidenceCause }
  | { readonly act: 'hot'; readonly allowed: boolean }
  | { readonly act: 'machine'; readonly machine: Machine }
  | { readonly act: 'verdict'; readonly id: string; readonly verdict: PictureVerdict; readonly ageMs: number }
  | { readonly act: 'stalls'; readonly player: number; readonly ageMs: number }
  | { readonly act: 'buffer'; readonly player: number; readonly aheadMs: number; readonly low: boolean }
  | {
      readonly act: 'plan';
      readonly ids: readonly string[];
      readonly cause: 'quality' | 'priority-changed';
      readonly inMaintenance: string | null;
    }
  | { readonly act: 'policies'; readonly reactionTimeMs: number; readonly bridgeAtOnce: boolean };

/** Time before an act: to the next wake, or in steps, or asleep. */
type Pause = { readonly pause: 'none' | 'wake' } | { readonly pause: 'pass' | 'sleep'; readonly ms: number };

const player = fc.nat({ max: 2 });
const act = <K extends Act['act']>(...kinds: K[]) => fc.constantFrom(...kinds);

const acts: fc.Arbitrary<Act> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ act: act('alive'), id: streams }) },
  { weight: 3, arbitrary: fc.record({ act: act('suspend', 'resume', 'resume', 'return'), id: streams }) },
  {
    weight: 2,
    arbitrary: fc.record({
      act: act('prove'),
      id: streams,
      channel: fc.constantFrom('playlist' as const, 'media' as const),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      act: act('accuse'),
      id: streams,
      cause: causes,
      channel: channels,
      ageMs: fc.nat({ max: 1500 }),
    }),
  },
  { weight: 12, arbitrary: fc.record({ act: act('presented', 'presented', 'progress', 'moves'), player }) },
  { weight: 4, arbitrary: fc.record({ act: act('fails', 'complains'), player, cause: causes }) },
  { weight: 1, arbitrary: fc.record({ act: act('ages', 'waits'), player }) },
  {
    weight: 1,
    arbitrary: fc.record({ act: act('format'), id: streams, format: fc.constantFrom('one', 'another') }),
  },
  { weight: 2, arbitrary: fc.record({ act: act('hot'), allowed: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      act: act('machine'),
      machine: fc.constantFrom<Machine>('free', 'starved', 'thin-link'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      act: act('verdict'),
      id: streams,
      verdict: fc.constantFrom<PictureVerdict>('moving', 'frozen', 'black'),
      ageMs: fc.nat({ max: 20_000 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ act: act('stalls'), player, ageMs: fc.nat({ max: 1000 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({ act: act('buffer'), player, aheadMs: fc.nat({ max: 6000 }), low: fc.boolean() }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      act: act('plan'),
      ids: fc.shuffledSubarray([...STREAMS], { minLength: 1 }),
      cause: fc.constantFrom('quality' as const, 'priority-changed' as const),
      inMaintenance: fc.constantFrom(null, 'north', 'south'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      act: act('policies'),
      reactionTimeMs: fc.constantFrom(250, 1000, 5000, 15_000),
      bridgeAtOnce: fc.boolean(),
    }),
  },
);

const pause = <K extends Pause['pause']>(...kinds: K[]) => fc.constantFrom(...kinds);
const pauses: fc.Arbitrary<Pause> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ pause: pause('none', 'wake') }) },
  { weight: 4, arbitrary: fc.record({ pause: pause('pass'), ms: fc.integer({ min: 1, max: 900 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({ pause: pause('pass', 'sleep'), ms: fc.integer({ min: 1, max: 5000 }) }),
  },
);

function wait(tile: FakeTile, pause: Pause): void {
  if (pause.pause === 'pass') tile.pass(pause.ms);
  if (pause.pause === 'sleep') tile.sleep(pause.ms);
  if (pause.pause === 'wake') tile.pass((nextWakeMs(tile.state) ?? tile.nowMs) - tile.nowMs);
}

function perform(tile: FakeTile, act: Act): void {
  const idAt = (index: number): number => {
    const streamId = tile.playing()[index];
    return streamId === undefined ? 0 : tile.playerOf(streamId);
  };
  switch (act.act) {
    case 'alive':
      tile.prove(act.id, 'playlist');
      tile.prove(act.id, 'media');
      return;
    case 'suspend':
    case 'resume':
    case 'return':
      tile.observe({ type: act.act });
      return;
    case 'prove':
      tile.prove(act.id, act.channel);
      return;
    case 'accuse':
      tile.accuse(act.id, act.cause, act.channel, tile.nowMs - act.ageMs);
      return;
    case 'presented':
    case 'progress':
      tile.observe({ type: act.act, playerId: idAt(act.player) });
      return;
    case 'moves':
      tile.observe({ type: 'picture-moves', playerId: idAt(act.player) });
      return;
    case 'complains': {
      const streamId = tile.playing()[act.player];
      if (streamId !== undefined) tile.complain(streamId, act.cause);
      return;
    }
    case 'ages':
      tile.observe({ type: 'player-ageing', playerId: idAt(act.player) });
      return;
    case 'waits':
      tile.observe({ type: 'waiting', playerId: idAt(act.player) });
      return;
    case 'format':
      tile.observe({ type: 'proof', streamId: act.id, channel: 'media', format: act.format });
      return;
    case 'fails':
      tile.observe({ type: 'player-failed', playerId: idAt(act.player), cause: act.cause });
      return;
    case 'stalls':
      tile.observe({
        type: 'picture-stalls',
        playerId: idAt(act.player),
        sinceMs: tile.nowMs - act.ageMs,
      });
      return;
    case 'buffer':
      tile.observe({ type: 'buffer', playerId: idAt(act.player), aheadMs: act.aheadMs, low: act.low });
      return;
    case 'plan':
      tile.observe({
        type: 'plan',
        streams: planned(act.ids, act.inMaintenance === null ? [] : [act.inMaintenance]),
        cause: act.cause,
      });
      return;
    case 'hot':
      tile.observe({ type: 'hot-allowance', allowed: act.allowed });
      return;
    case 'machine':
      tile.observe({ type: 'machine', machine: act.machine });
      return;
    case 'verdict': {
      const { id: streamId, verdict, ageMs } = act;
      tile.observe({ type: 'picture-verdict', streamId, verdict, sinceMs: tile.nowMs - ageMs });
      return;
    }
    case 'policies': {
      const { reactionTimeMs, bridgeAtOnce } = act;
      tile.observe({ type: 'policies', policies: { ...tile.state.policies, reactionTimeMs, bridgeAtOnce } });
      return;
    }
  }
}

const policyChanges = fc.record({
  reactionTimeMs: fc.constantFrom(250, 1000, 4000, 15_000),
  bridgeAtOnce: fc.boolean(),
  spreadMs: fc.constantFrom(0, 700),
  onFrozen: fc.constantFrom('alarm' as const, 'change-over' as const),
  failback: fc.record({
    mode: fc.constantFrom('automatic' as const, 'automatic' as const, 'manual' as const, 'never' as const),
    stableMs: fc.constantFrom(0, 1500, 5000),
  }),
});

/** Outages of the given streams within the first `withinMs`, by hard and by soft evidence. */
const outagesOf = (ids: readonly string[], withinMs: number): fc.Arbitrary<Outage[]> =>
  fc.array(
    fc.record({
      streamId: fc.constantFrom(...ids),
      fromMs: fc.nat({ max: withinMs }),
      lastsMs: fc.integer({ min: 200, max: 15_000 }),
      cause: fc.constantFrom<EvidenceCause>('refused', 'http-503', 'timeout', 'stalled'),
    }),
    { minLength: 1, maxLength: 8 },
  );

describe('a tile', () => {
  // FakeTile checks every step with StepChecks: players, screen, suspension, Reaction Time, stable time,
  // make before break, wakes, determinism, purity.
  it('keeps the rules after every step, whatever is observed and whenever', () => {
    fc.assert(
      fc.property(
        fc.subarray([...STREAMS], { minLength: 1 }),
        policyChanges,
        fc.integer(),
        fc.array(fc.tuple(pauses, acts), { minLength: 10, maxLength: 80 }),
        (ids, policies, seed, script) => {
          const tile = new FakeTile(ids, policies, seed);
          tile.observe({ type: 'tick', localHour: 12 });
          for (const [pause, act] of script) {
            wait(tile, pause);
            perform(tile, act);
          }
        },
      ),
      { seed: SEED, numRuns: 1500 },
    );
  });

  it('never holds a picture while one site stays healthy, and leaves a lost stream when that presents', () => {
    fc.assert(
      fc.property(
        fc.boolean().chain((first) => {
          const ids = first ? ['anchor/main', 'flaky/main'] : ['flaky/main', 'anchor/main'];
          return fc.tuple(fc.constant(ids), outagesOf(['flaky/main'], 30_000));
        }),
        fc.integer({ min: 200, max: 1400 }),
        fc.boolean(),
        ([ids, outages], presentsAfterMs, bridgeAtOnce) => {
          const sites = new FakeSites(
            ids,
            outages,
            presentsAfterMs,
            { bridgeAtOnce, failback: { stableMs: 3000 } },
            1,
          );
          const { tile } = sites;
          let lostSinceMs: number | null = null;
          sites.run(50_000, () => {
            expect(tile.phase).not.toBe('holding');
            const onLost = tile.shown !== null && tile.standing(tile.shown) === 'lost';
            lostSinceMs = onLost ? (lostSinceMs ?? tile.nowMs) : null;
            // The player begins with the loss at the latest, and this is called every 200 ms.
            if (lostSinceMs !== null)
              expect(tile.nowMs - lostSinceMs).toBeLessThanOrEqual(presentsAfterMs + 400);
          });
        },
      ),
      { seed: SEED, numRuns: 40 },
    );
  });

  it('comes back to its first stream by itself after any outages, without a player left over', () => {
    const ids = ['north/main', 'south/main', 'west/main'];
    fc.assert(
      fc.property(
        outagesOf(ids, 20_000),
        fc.integer({ min: 200, max: 1400 }),
        fc.integer(),
        (outages, presentsAfterMs, seed) => {
          const policies = { spreadMs: 5000, failback: { stableMs: 5000 } };
          const sites = new FakeSites(ids, outages, presentsAfterMs, policies, seed);
          // The outages end by 35 s; then at most the longest backoff and two failbacks.
          sites.run(85_000);
          expect(sites.tile.phase).toBe('showing');
          expect(sites.tile.shown).toBe('north/main');
          expect(sites.tile.playing()).toEqual(['north/main']);
          expect(ids.map((id) => sites.tile.standing(id))).toEqual(['healthy', 'healthy', 'healthy']);
        },
      ),
      { seed: SEED, numRuns: 40 },
    );
  });

  it('is the same again for the same observations, and differs in its spread for another seed', () => {
    const outages: Outage[] = [{ streamId: 'north/main', fromMs: 2000, lastsMs: 3000, cause: 'refused' }];
    const changesWith = (seed: number) => {
      const policies = policiesWith({ spreadMs: 9000, failback: { stableMs: 1000 } });
      const sites = new FakeSites(['north/main', 'south/main'], outages, 300, policies, seed);
      sites.run(20_000);
      return sites.tile.changes;
    };
    expect(changesWith(5)).toEqual(changesWith(5));
    expect(changesWith(5)).not.toEqual(changesWith(6));
  });
});
