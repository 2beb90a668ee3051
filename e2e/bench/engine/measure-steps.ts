import { configSchema } from '../../../shared/config/config.ts';
import { initialState, step } from '../../../shared/selector/selector.ts';
import type { TileState } from '../../../shared/selector/types.ts';
import { STEP_NAMES, type StepFigures, type StepName } from './engine-figures.ts';

/** Time before each measurement in which the compiler optimises the code, ms. */
const WARM_UP_MS = 300;
/** Number of operations between two readings of the clock. */
const BATCH = 500;

const { policies } = configSchema.parse({
  version: 1,
  sites: [{ id: 'main', name: 'Main', baseUrl: 'http://127.0.0.1/' }],
  cameras: [],
  views: [{ id: 'wall', name: 'Wall', columns: 1, rows: 1, cells: [] }],
});
const STREAMS = ['main/main', 'backup/main'].map((id) => ({ id, siteId: id.split('/')[0] ?? id }));

/** A tile that shows its first stream while both are alive: what a wall does nearly all the time. */
function showing(): TileState {
  let state = initialState(STREAMS, { ...policies, spreadMs: 5000, tickMs: 250, onFrozen: 'alarm' }, 1, 0);
  state = step(state, { type: 'tick', localHour: 12 }, 0).state;
  state = step(state, { type: 'presented', playerId: 1 }, 300).state;
  for (const { id } of STREAMS)
    state = step(state, { type: 'proof', streamId: id, channel: 'media' }, 400).state;
  return state;
}

/** Each operation returns its number of steps. */
const OPERATIONS: Readonly<Record<StepName, (state: TileState) => number>> = {
  tick: (state) => {
    step(state, { type: 'tick', localHour: 12 }, 1000);
    return 1;
  },
  proof: (state) => {
    const edge = { advancedMs: 1000, programDateTimeMs: 1_700_000_000_000 };
    step(state, { type: 'proof', streamId: 'backup/main', channel: 'playlist', edge }, 1000);
    return 1;
  },
  failover: (state) => {
    const evidence = { channel: 'playlist', cause: 'refused', sinceMs: 1000 } as const;
    const suspect = step(state, { type: 'evidence', streamId: 'main/main', evidence }, 1000).state;
    const incoming = step(suspect, { type: 'presented', playerId: 2 }, 1300).state;
    step(incoming, { type: 'tick', localHour: 12 }, 2000);
    return 3;
  },
};

/** Measures how many steps per second the stream selector makes, in this process alone. */
export function measureSteps(measureMs: number): StepFigures {
  const state = showing();
  const perS = { tick: 0, proof: 0, failover: 0 };
  for (const name of STEP_NAMES) {
    const operation = OPERATIONS[name];
    rateOf(() => operation(state), WARM_UP_MS);
    perS[name] = rateOf(() => operation(state), measureMs);
  }
  return { kind: 'steps', perS };
}

/** Steps per second. */
function rateOf(operation: () => number, durationMs: number): number {
  let steps = 0;
  const startedMs = performance.now();
  let elapsedMs = 0;
  while (elapsedMs < durationMs) {
    for (let index = 0; index < BATCH; index += 1) steps += operation();
    elapsedMs = performance.now() - startedMs;
  }
  return (steps / elapsedMs) * 1000;
}
