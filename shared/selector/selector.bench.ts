import { test } from 'vitest';
import { configSchema } from '../config.ts';
import { initialState, step } from './selector.ts';
import type { TileState } from './types.ts';

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

test('selector steps', async ({ bench }) => {
  const state = showing();
  await bench.compare(
    bench('a tick of a tile that shows', () => {
      step(state, { type: 'tick', localHour: 12 }, 1000);
    }),
    bench('proof of life of a standby', () => {
      step(
        state,
        {
          type: 'proof',
          streamId: 'backup/main',
          channel: 'playlist',
          edge: { advancedMs: 1000, programDateTimeMs: 1_700_000_000_000 },
        },
        1000,
      );
    }),
    bench('evidence, the incoming picture, the change: three steps', () => {
      const evidence = { channel: 'playlist', cause: 'refused', sinceMs: 1000 } as const;
      const suspect = step(state, { type: 'evidence', streamId: 'main/main', evidence }, 1000).state;
      const incoming = step(suspect, { type: 'presented', playerId: 2 }, 1300).state;
      step(incoming, { type: 'tick', localHour: 12 }, 2000);
    }),
  );
});
