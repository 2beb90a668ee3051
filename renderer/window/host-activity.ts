import type { AlarmReport } from '../../shared/alarms/alarm.ts';
import type { EventPayload } from '../../shared/bridge.ts';
import type { Clock } from '../../shared/clock.ts';
import { isoTimeOf } from '../playback/system-clock.ts';
import { HostPulse } from './host-pulse.ts';
import { notifyAll } from './isolated.ts';

/**
 * An alarm is raised when the host has been blocked for this long, ms. A shorter block costs no picture: the buffers hold
 * more.
 */
const ALARM_AFTER_MS = 1000;

/** Why tiles decide nothing: the host reported a local fault, or the host itself does not answer (rule 10). */
export type Suspension = 'local-fault' | 'host-blocked';

/** What this needs of the bridge: the host's reports, and whether the host answers at all. */
export interface ActivityBridge {
  on(name: 'activity.changed', listener: (change: EventPayload<'activity.changed'>) => void): () => void;
  request(name: 'host.ping', input: undefined): Promise<unknown>;
}

/**
 * The local faults that the host reports, and its own silence as another one (rule 10). Each tile is notified separately.
 */
export class HostActivity {
  private readonly clock: Clock;
  private readonly alarm: (report: AlarmReport) => void;
  private readonly host: HostPulse;
  private readonly listeners = new Set<() => void>();
  private hasLocalFault = false;
  private endWait = (): void => {};

  /** @param alarm is called when the host stays blocked; the report arrives when the host continues */
  constructor(bridge: ActivityBridge, clock: Clock, alarm: (report: AlarmReport) => void) {
    this.clock = clock;
    this.alarm = alarm;
    this.host = new HostPulse(
      clock,
      () => bridge.request('host.ping', undefined),
      () => this.onPulse(),
    );
    bridge.on('activity.changed', ({ suspended }) => {
      this.hasLocalFault = suspended;
      this.notify();
    });
    // An alarm from before a reload of this window may still be raised.
    this.returned();
  }

  suspension(): Suspension | null {
    if (this.host.isBlocked()) return 'host-blocked';
    return this.hasLocalFault ? 'local-fault' : null;
  }

  /** @returns the function that ends it */
  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private onPulse(): void {
    this.endWait();
    if (this.host.isBlocked()) {
      const time = isoTimeOf(this.clock, this.clock.now());
      this.endWait = this.clock.after(ALARM_AFTER_MS, () => this.raised(time));
    } else this.returned();
    this.notify();
  }

  private raised(time: string): void {
    this.alarm({
      transition: 'raised',
      alarm: 'host-blocked',
      time,
      place: null,
      stream: null,
      shown: null,
      cause: null,
    });
  }

  private returned(): void {
    const time = isoTimeOf(this.clock, this.clock.now());
    this.alarm({ transition: 'returned', alarm: 'host-blocked', time, place: null, shown: null });
  }

  private notify(): void {
    notifyAll(this.listeners);
  }
}
