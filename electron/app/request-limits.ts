import type { RequestName } from '../../shared/bridge.ts';

/** The limits of one kind of request of a window. */
export interface RequestLimit {
  /** Largest input, in bytes of its JSON. */
  readonly bytes: number;
  /** Requests that may come at once. */
  readonly burst: number;
  /** Requests per second after that. */
  readonly perS: number;
  /** Requests that may be in progress at a time. */
  readonly atOnce: number;
}

/** Requests that people cause, and windows now and then. */
const SELDOM = { bytes: 1000, burst: 60, perS: 5, atOnce: 60 } as const;

/**
 * Requests of players. A wall of 64 tiles that each play a hot standby too, in parts of a third of a second, makes 400
 * playlist and 400 part requests a second; with whole segments a tenth of that. While 16 sites hang, each tile waits
 * for one answer of each site: 1024. A signed address may have 16 384 characters.
 */
const PLAYING = { bytes: 64_000, burst: 8000, perS: 4000, atOnce: 4096 } as const;

/**
 * Bounds for a broken or hostile page: about ten times what a wall of 64 tiles ever needs. A full burst of journal
 * entries, together with the largest possible number of acknowledgements, fits in the journal's queue.
 */
export const REQUEST_LIMITS: Readonly<Record<RequestName, RequestLimit>> = {
  'session.get': SELDOM,
  'host.ping': SELDOM,
  'host.network': SELDOM,
  'gateway.playlist': PLAYING,
  'gateway.media': PLAYING,
  'gateway.mediaRest': { ...PLAYING, bytes: 1000 },
  'gateway.cancel': { ...PLAYING, bytes: 1000, burst: 2 * PLAYING.burst, perS: 2 * PLAYING.perS },
  // A change to another view makes one entry for each of its tiles.
  'journal.append': { bytes: 8000, burst: 2000, perS: 50, atOnce: 2000 },
  'journal.recent': { ...SELDOM, bytes: 4000, burst: 200, perS: 20, atOnce: 20 },
  'journal.health': SELDOM,
  // One export may be as large as the journal.
  'journal.export': { bytes: 4000, burst: 5, perS: 1 / 60, atOnce: 1 },
  // Lines of a few hundred characters, gathered for a quarter of a second.
  'log.print': { bytes: 400_000, burst: 100, perS: 20, atOnce: 20 },
  'alarms.list': SELDOM,
  // A tile reports five kinds of alarm when it starts.
  'alarms.report': { bytes: 8000, burst: 4000, perS: 400, atOnce: 4000 },
  'alarms.acknowledge': { ...SELDOM, bytes: 8_000_000 },
  'demo.setFault': SELDOM,
  'demo.setLatency': SELDOM,
  'standbys.allot': { ...SELDOM, bytes: 8000 },
  'config.get': SELDOM,
  // Room for a configuration of thousands of cameras.
  'config.save': { bytes: 4_000_000, burst: 20, perS: 1, atOnce: 4 },
  'config.startFrom': SELDOM,
  'settings.open': SELDOM,
  'power.setPlaying': SELDOM,
  'window.setFullscreen': SELDOM,
};
