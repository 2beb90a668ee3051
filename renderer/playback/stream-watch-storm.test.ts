import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FakeShape } from '../testing/fake-sessions.ts';
import type { FakeFault, FakeSite } from '../testing/fake-site.ts';
import { STREAM, WatchedStream } from '../testing/watched-stream.ts';
import type { Attention } from './attention.ts';

const SHAPES: readonly FakeShape[] = [
  { kind: 'plain' },
  { kind: 'multivariant' },
  { kind: 'sessions', idleMs: 30_000, refusal: 'http-401' },
  { kind: 'sessions', idleMs: 800, refusal: 'http-404' },
  { kind: 'sessions', idleMs: -1, refusal: 'master' },
  { kind: 'sessions', idleMs: 2000, refusal: 'empty' },
  { kind: 'pulled', idleMs: 5000 },
  { kind: 'pulled', idleMs: 300 },
];
const ATTENTIONS: readonly Attention[] = ['shown', 'standby', 'doubted', 'sought', 'unused'];

type Step =
  | { readonly what: 'fault'; readonly fault: FakeFault | 'freeze' | 'end' }
  | { readonly what: 'attention'; readonly attention: Attention }
  | { readonly what: 'low-buffer' | 'player-moves' | 'resume' | 'sessions-end' | 'variant' | 'blocked' };

const fault = fc.constantFrom<FakeFault | 'freeze' | 'end'>(
  { kind: 'none' },
  { kind: 'none' },
  { kind: 'hang' },
  { kind: 'no-bytes' },
  { kind: 'no-segments' },
  { kind: 'fails', cause: 'refused' },
  { kind: 'fails', cause: 'http-404' },
  { kind: 'fails', cause: 'http-404', only: 'media' },
  'freeze',
  'end',
);
const step = fc.oneof(
  fault.map((struck): Step => ({ what: 'fault', fault: struck })),
  fc.constantFrom(...ATTENTIONS).map((attention): Step => ({ what: 'attention', attention })),
  fc
    .constantFrom('low-buffer', 'player-moves', 'resume', 'sessions-end', 'variant', 'blocked')
    .map((what): Step => ({ what })),
);

const world = fc.record({
  shape: fc.constantFrom(...SHAPES),
  targetMs: fc.constantFrom(500, 1000, 4000),
  partMs: fc.constantFrom(null, null, 100, 250),
  delayMs: fc.constantFrom(0, 5, 150, 700),
  startMs: fc.constantFrom(0, 0, 3000),
  watch: fc.constantFrom('full', 'light'),
  watchIntervalMs: fc.constantFrom(undefined, undefined, 250, 5000),
  steps: fc.array(fc.record({ step, forMs: fc.integer({ min: 10, max: 4000 }) }), {
    minLength: 5,
    maxLength: 40,
  }),
});

/** Whether sessions last until the next request. */
function isLiveable(shape: FakeShape): boolean {
  return shape.kind === 'plain' || shape.kind === 'multivariant' || shape.idleMs >= 5000;
}

function strike(site: FakeSite, struck: FakeFault | 'freeze' | 'end'): void {
  if (struck === 'freeze') site.freeze();
  else if (struck === 'end') site.end();
  else site.fault = struck;
}

function take(watched: WatchedStream, next: Step): void {
  const { watch, site, clock } = watched;
  if (next.what === 'fault') strike(site, next.fault);
  if (next.what === 'attention') watch.setAttention(next.attention);
  if (next.what === 'player-moves') watched.playerSeesMove();
  if (next.what === 'resume') watch.startClocksAnew();
  if (next.what === 'sessions-end') site.sessions.endAll();
  if (next.what === 'variant') watch.setVariant(clock.now() % 2 === 0 ? 'main' : 'sub');
  if (next.what === 'blocked') clock.block(700);
}

describe('whatever happens to a stream', () => {
  it('it gets at most four requests a second, its timers end with it, and it is found alive again', async () => {
    await fc.assert(
      fc.asyncProperty(world, async ({ steps, targetMs, delayMs, watch, watchIntervalMs, ...site }) => {
        const watched = new WatchedStream({
          targetMs,
          delayMs,
          stream: {
            ...STREAM,
            ...(watch === 'light' ? { watch } : {}),
            ...(watchIntervalMs === undefined ? {} : { watchIntervalMs }),
          },
          prepare: (prepared) => Object.assign(prepared, site),
        });
        for (const { step: next, forMs } of steps) {
          take(watched, next);
          if (next.what === 'low-buffer')
            for (let passedMs = 0; passedMs < forMs; passedMs += 20) {
              watched.watch.confirm();
              await watched.clock.advance(20);
            }
          else await watched.clock.advance(forMs);
          expect(watched.site.open).toBeLessThanOrEqual(4);
        }
        expect(watched.mostAsksInASecond()).toBeLessThanOrEqual(4);
        if (isLiveable(site.shape)) {
          watched.site.fault = { kind: 'none' };
          watched.watch.setAttention('doubted');
          await watched.clock.advance(60_000);
          expect(watched.proofs('playlist').at(-1)).toBeGreaterThan(watched.clock.now() - 30_000);
          // Media that takes longer to load than to play is no proof.
          const pieceMs = site.shape.kind === 'pulled' ? 500 : (site.partMs ?? targetMs);
          if (delayMs < pieceMs / 2)
            expect(watched.proofs('media').at(-1)).toBeGreaterThan(watched.clock.now() - 50_000);
        }
        watched.watch.dispose();
        await watched.clock.advance(0);
        expect([watched.clock.pending(), watched.site.open]).toEqual([0, 0]);
      }),
      { numRuns: 150 },
    );
  }, 60_000);
});

const peace = fc.record({
  shape: fc.constantFrom(...SHAPES.filter(isLiveable)),
  targetMs: fc.constantFrom(500, 1000, 2000, 4000),
  partMs: fc.constantFrom(null, null, 200, 500),
  delayMs: fc.constantFrom(0, 5, 60, 150),
  declaredS: fc.constantFrom(null, 1, 3),
  watch: fc.constantFrom('full', 'light'),
  watchIntervalMs: fc.constantFrom(undefined, undefined, 2000, 10_000),
  attention: fc.constantFrom(...ATTENTIONS),
  phaseMs: fc.integer({ min: 0, max: 4000 }),
  isPlayed: fc.boolean(),
  /** Another session, which a player may have, may number its segments from elsewhere. */
  playerCountsFrom: fc.constantFrom(0, 0, -90, 5000),
});

describe('without faults', () => {
  it('there is no evidence against a stream, however it is served and watched', async () => {
    await fc.assert(
      fc.asyncProperty(peace, async (drawn) => {
        const { targetMs, delayMs, watch, watchIntervalMs, attention, phaseMs, isPlayed, ...site } = drawn;
        const watched = new WatchedStream({
          targetMs,
          delayMs,
          attention: 'unused',
          stream: {
            ...STREAM,
            ...(watch === 'light' ? { watch } : {}),
            ...(watchIntervalMs === undefined ? {} : { watchIntervalMs }),
          },
        });
        Object.assign(watched.site, { shape: site.shape, partMs: site.partMs, declaredS: site.declaredS });
        await watched.clock.advance(phaseMs);
        watched.watch.setAttention('doubted');
        await watched.clock.advance(6000);
        watched.watch.setAttention(attention);
        // A player of a pull-driven stream fetches from it.
        const stepMs = site.shape.kind === 'pulled' ? Math.min(1000, targetMs) : targetMs;
        for (let passedMs = 0; passedMs < 120_000; passedMs += stepMs) {
          if (isPlayed)
            watched.watch.creditMove({
              sequence: watched.site.newestSequence() + site.playerCountsFrom,
              part: null,
            });
          await watched.clock.advance(stepMs);
        }
        expect(watched.evidence()).toEqual([]);
        expect(watched.mostAsksInASecond()).toBeLessThanOrEqual(4);
        // At most as many sessions as checks.
        expect(watched.site.sessions.opened).toBeLessThanOrEqual(2 + 126_000 / (watchIntervalMs ?? 30_000));
        watched.watch.dispose();
      }),
      { numRuns: 150 },
    );
  }, 60_000);
});
