import type { EventPayload } from '../../shared/bridge.ts';
import type { Clock } from '../playback/clock.ts';
import { HostPulse } from './host-pulse.ts';
import { tellAll } from './isolated.ts';
import type { Activity } from './tile-services.ts';

/** What it needs of the bridge: the host's word, and whether the host answers at all. */
export interface ActivityBridge {
  on(name: 'activity.changed', listener: (change: EventPayload<'activity.changed'>) => void): () => void;
  request(name: 'host.ping', input: undefined): Promise<unknown>;
}

/** The local faults that the host tells of, and its own silence as one. */
export function bridgeActivity(bridge: ActivityBridge, clock: Clock): Activity {
  let suspended = false;
  const listeners = new Set<() => void>();
  const tell = (): void => tellAll(listeners);
  bridge.on('activity.changed', (change) => {
    suspended = change.suspended;
    tell();
  });
  const host = new HostPulse(clock, () => bridge.request('host.ping', undefined), tell);
  return {
    suspended: () => suspended || host.isBlocked(),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
