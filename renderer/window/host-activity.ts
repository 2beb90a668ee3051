import type { AlarmReport } from '../../shared/alarms/alarm.ts';
import type { EventPayload } from '../../shared/bridge.ts';
import { type Clock, isoTimeOf } from '../playback/clock.ts';
import { HostPulse } from './host-pulse.ts';
import { tellAll } from './isolated.ts';

/** A host that is blocked for less has cost no picture: the buffers hold more. Milliseconds from when it was taken for blocked. */
const BLOCK_STANDS_MS = 1000;

/** Why tiles decide nothing: the host told of a local fault, or the host itself does not answer (rule 10). */
export type Suspension = 'local-fault' | 'host-blocked';

/** What it needs of the bridge: the host's word, and whether the host answers at all. */
export interface ActivityBridge {
  on(name: 'activity.changed', listener: (change: EventPayload<'activity.changed'>) => void): () => void;
  request(name: 'host.ping', input: undefined): Promise<unknown>;
}

/** The local faults that the host tells of, and its own silence as one (rule 10). Each tile is told by itself. */
export class HostActivity {
  private readonly clock: Clock;
  private readonly alarm: (report: AlarmReport) => void;
  private readonly host: HostPulse;
  private readonly listeners = new Set<() => void>();
  private toldOfFault = false;
  private endWait = (): void => {};

  /** @param alarm told of a host that stays blocked; it arrives when the host goes on */
  constructor(bridge: ActivityBridge, clock: Clock, alarm: (report: AlarmReport) => void) {
    this.clock = clock;
    this.alarm = alarm;
    this.host = new HostPulse(
      clock,
      () => bridge.request('host.ping', undefined),
      () => this.onPulse(),
    );
    bridge.on('activity.changed', ({ suspended }) => {
      this.toldOfFault = suspended;
      this.tell();
    });
    // An alarm of this window's former life may still stand.
    this.returned();
  }

  suspension(): Suspension | null {
    if (this.host.isBlocked()) return 'host-blocked';
    return this.toldOfFault ? 'local-fault' : null;
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
      this.endWait = this.clock.after(BLOCK_STANDS_MS, () => this.raised(time));
    } else this.returned();
    this.tell();
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

  private tell(): void {
    tellAll(this.listeners);
  }
}
