import { createContext } from 'react';
import type { JournalEntry } from '../../shared/journal-entry.ts';
import type { BridgeClient } from '../bridge-client.ts';
import { type Clock, systemClock } from '../playback/clock.ts';
import { createHlsPlayerFactory } from '../playback/hls-player.ts';
import { createLumaReader } from '../playback/luma-reader.ts';
import { nextAnimationFrame, PictureSampler } from '../playback/picture-sampler.ts';
import type { PlayerFactory } from '../playback/player.ts';
import { GatewayTransport, type Transport } from '../playback/transport.ts';

/** All that a tile needs of the world, so that tests can give it another one. */
export interface TileServices {
  readonly clock: Clock;
  readonly transport: Transport;
  readonly createPlayer: PlayerFactory;
  /** One for all tiles of the window. */
  readonly pictureSampler: PictureSampler;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Tiles on the wall: the spread of a failback grows with it (rule 8). */
  readonly tileCount: () => number;
  readonly journal: (entry: JournalEntry) => void;
  readonly activity: Activity;
}

/** Whether the host reports a local fault (rule 10): window hidden, machine suspended. */
export interface Activity {
  suspended(): boolean;
  subscribe(listener: () => void): () => void;
}

export const TileServicesContext = createContext<TileServices | null>(null);

/** The services of a window, over its bridge to the host. */
export function createTileServices(deps: {
  readonly bridge: BridgeClient;
  readonly tileCount: () => number;
}): TileServices {
  const { bridge } = deps;
  // Both are told to the host for its own good: whether they arrive changes nothing in the tile.
  const cancel = (requestId: string): void => {
    bridge.request('gateway.cancel', { requestId }).catch(() => {});
  };
  return {
    clock: systemClock,
    transport: new GatewayTransport(systemClock, cancel),
    createPlayer: createHlsPlayerFactory(systemClock, cancel),
    pictureSampler: new PictureSampler(systemClock, nextAnimationFrame, createLumaReader()),
    random: Math.random,
    tileCount: deps.tileCount,
    journal: (entry) => {
      bridge.request('journal.append', entry).catch((error: unknown) => console.error('journal:', error));
    },
    activity: bridgeActivity(bridge),
  };
}

function bridgeActivity(bridge: BridgeClient): Activity {
  let suspended = false;
  const listeners = new Set<() => void>();
  bridge.on('activity.changed', (change) => {
    suspended = change.suspended;
    for (const listener of listeners) listener();
  });
  return {
    suspended: () => suspended,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
