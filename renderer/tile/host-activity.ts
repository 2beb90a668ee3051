import type { EventPayload } from '../../shared/bridge.ts';
import type { Clock } from '../playback/clock.ts';
import { HostPulse } from './host-pulse.ts';
import { tellAll } from './isolated.ts';

/** What it needs of the bridge: the host's word, and whether the host answers at all. */
export interface ActivityBridge {
  on(name: 'activity.changed', listener: (change: EventPayload<'activity.changed'>) => void): () => void;
  request(name: 'host.ping', input: undefined): Promise<unknown>;
}

/** The local faults that the host tells of, and its own silence as one (rule 10). Each tile is told by itself. */
export class HostActivity {
  private readonly host: HostPulse;
  private readonly listeners = new Set<() => void>();
  private toldOfFault = false;

  constructor(bridge: ActivityBridge, clock: Clock) {
    const tell = (): void => tellAll(this.listeners);
    this.host = new HostPulse(clock, () => bridge.request('host.ping', undefined), tell);
    bridge.on('activity.changed', ({ suspended }) => {
      this.toldOfFault = suspended;
      tell();
    });
  }

  suspended(): boolean {
    return this.toldOfFault || this.host.isBlocked();
  }

  /** @returns the function that ends it */
  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
