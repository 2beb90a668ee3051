import type { RequestName } from '../../shared/bridge.ts';

/** What a window may ask of one kind. */
export interface RequestLimit {
  /** Largest input, in bytes of its JSON. */
  readonly bytes: number;
  /** Most at once. */
  readonly burst: number;
  /** From then on so many a second. */
  readonly perS: number;
  /** Most that are being carried out at a time. */
  readonly atOnce: number;
}

/** What people do, and windows now and then. */
const SELDOM = { bytes: 1000, burst: 60, perS: 5, atOnce: 60 } as const;

/**
 * What a player asks for. A wall of 64 tiles that each play a second stream underneath, both in parts of a third of a second,
 * asks for 400 playlists and 400 parts a second; one that plays whole segments for a tenth of that. While 16 sites hang, each tile
 * waits for one answer of each: 1024. A signed address may have 16 384 characters.
 */
const PLAYING = { bytes: 64_000, burst: 8000, perS: 4000, atOnce: 4096 } as const;

/**
 * The bounds for a page that is broken or not ours any more: about ten times what a wall of 64 tiles ever does. What is told
 * to the journal in one burst, together with as many acknowledgements as there can be alarms, fits in its queue.
 */
export const REQUEST_LIMITS: Readonly<Record<RequestName, RequestLimit>> = {
  'session.get': SELDOM,
  'host.ping': SELDOM,
  'host.network': SELDOM,
  'gateway.playlist': PLAYING,
  'gateway.media': PLAYING,
  'gateway.mediaRest': { ...PLAYING, bytes: 1000 },
  'gateway.cancel': { ...PLAYING, bytes: 1000, burst: 2 * PLAYING.burst, perS: 2 * PLAYING.perS },
  // Another view is one line for each of its tiles.
  'journal.append': { bytes: 8000, burst: 2000, perS: 50, atOnce: 2000 },
  'journal.recent': { ...SELDOM, bytes: 4000, burst: 200, perS: 20, atOnce: 20 },
  'journal.health': SELDOM,
  // One may be as large as the journal.
  'journal.export': { bytes: 4000, burst: 5, perS: 1 / 60, atOnce: 1 },
  'alarms.list': SELDOM,
  // A tile tells of five kinds of alarm when it starts.
  'alarms.report': { bytes: 8000, burst: 4000, perS: 400, atOnce: 4000 },
  'alarms.acknowledge': { ...SELDOM, bytes: 8_000_000 },
  'demo.setFault': SELDOM,
  'demo.setLatency': SELDOM,
  'standbys.allot': { ...SELDOM, bytes: 8000 },
  'config.get': SELDOM,
  // A configuration of thousands of cameras.
  'config.save': { bytes: 4_000_000, burst: 20, perS: 1, atOnce: 4 },
  'config.startFrom': SELDOM,
  'settings.open': SELDOM,
  'power.setPlaying': SELDOM,
  'window.setFullscreen': SELDOM,
};
