import type { Rig } from '../../rig/rig.ts';

/** A site that a test can make fail. */
export interface FailingSite {
  /** Starts those of its parts that do not run. */
  start(): Promise<void>;
  /** Ends the server as its operator would. */
  stopServer(): Promise<void>;
  /** Ends it as a crash would. */
  killServer(): Promise<void>;
  /** The server gets nothing new. */
  killPublisher(): Promise<void>;
  /** The server stops moving, and its connections stay open. */
  freezeServer(): Promise<void>;
  thawServer(): Promise<void>;
}

/** A site of the rig that fails as real servers do. */
export function failingSiteOf(rig: Rig, siteId: string): FailingSite {
  const clear = async (): Promise<void> => void (await rig.clear(siteId));
  const set = (fault: 'stop' | 'freeze' | 'silent') => async (): Promise<void> =>
    void (await rig.setFault(siteId, fault));
  return {
    start: clear,
    stopServer: set('stop'),
    killServer: set('stop'),
    killPublisher: set('freeze'),
    freezeServer: set('silent'),
    thawServer: clear,
  };
}
