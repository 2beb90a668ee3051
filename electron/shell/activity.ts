import type { EventPayload } from '../../shared/bridge.ts';

/** Local faults during which a window's tiles decide nothing (rule 10), with the words for each. */
const LOCAL_FAULTS = {
  'window-hidden': { begun: 'the window is hidden', over: 'the window is shown again' },
  'window-minimised': { begun: 'the window is minimised', over: 'the window is restored' },
  'machine-suspended': { begun: 'the machine goes to sleep', over: 'the machine woke up' },
  'graphics-restarting': { begun: 'the graphics process ended', over: 'the graphics process was restarted' },
} as const;
export type LocalFault = keyof typeof LOCAL_FAULTS;

/**
 * Tracks the local faults of one window. Faults overlap (minimised, then the machine sleeps): the window gets one event
 * when the first begins and one when the last is over.
 */
export class Activity {
  private readonly standing = new Set<LocalFault>();
  private readonly onChange: (activity: EventPayload<'activity.changed'>) => void;

  constructor(onChange: (activity: EventPayload<'activity.changed'>) => void) {
    this.onChange = onChange;
  }

  /** The fault that has lasted longest, in words; `null` when the window is active. */
  get suspendedBecause(): string | null {
    for (const fault of this.standing) return LOCAL_FAULTS[fault].begun;
    return null;
  }

  begin(fault: LocalFault): void {
    const wasActive = this.standing.size === 0;
    this.standing.add(fault);
    if (wasActive) this.onChange({ suspended: true, reason: LOCAL_FAULTS[fault].begun });
  }

  end(fault: LocalFault): void {
    if (this.standing.delete(fault) && this.standing.size === 0)
      this.onChange({ suspended: false, reason: LOCAL_FAULTS[fault].over });
  }
}
