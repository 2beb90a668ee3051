import { VirtualClock } from '../../shared/testing/virtual-clock.ts';
import type { Suspension } from '../window/host-activity.ts';
import { StartTurns } from '../window/start-turns.ts';
import type { Activity } from '../window/tile-services.ts';

/** What the tiles of one window share: the time, the turns to start players, and the host's reports of local faults. */
export class FakeWindow {
  readonly clock = new VirtualClock();
  readonly startTurns: StartTurns;
  readonly activity: Activity;
  private suspension: Suspension | null = null;
  private readonly listeners = new Set<() => void>();

  constructor(cores = 2) {
    this.startTurns = new StartTurns(this.clock, cores);
    this.activity = {
      suspension: () => this.suspension,
      subscribe: (listener) => {
        this.listeners.add(listener);
        return () => this.listeners.delete(listener);
      },
    };
  }

  /** Notifies the tiles one after the other, in the order in which they started. */
  setSuspended(suspended: boolean, by: Suspension = 'local-fault'): void {
    this.suspension = suspended ? by : null;
    for (const listener of this.listeners) listener();
  }
}
