import type { Rig } from '../../rig/rig.ts';

/** A site that a test makes fail. */
export interface FailingSite {
  /** Starts what does not run of it. */
  start(): Promise<void>;
  /** The server ends, as its operator would end it. */
  stopServer(): Promise<void>;
  /** As a crash would end it. */
  killServer(): Promise<void>;
  /** Nothing new comes to the server. */
  killPublisher(): Promise<void>;
  /** Nothing moves in the server, whose connections stay. */
  freezeServer(): Promise<void>;
  thawServer(): Promise<void>;
}

/** A site of the rig, which fails as those of real servers do. */
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
