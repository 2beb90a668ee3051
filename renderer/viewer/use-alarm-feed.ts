import { useEffect, useState } from 'react';
import { type Alarm, isUnacknowledged } from '../../shared/alarms/alarm.ts';
import type { BridgeClient } from '../bridge/bridge-client.ts';
import { useAlarms } from '../stores/alarms.ts';

export interface AlarmFeed {
  /** Why the last acknowledgement did not reach the host, in words. */
  readonly failure: string | null;
  /** Acknowledges those of these alarms that are not acknowledged yet, in the state in which they were seen. */
  acknowledge(alarms: readonly Alarm[]): void;
}

/** Keeps the window's list of alarms equal to that of the host, which outlives the page. */
export function useAlarmFeed(bridge: BridgeClient): AlarmFeed {
  const [failure, setFailure] = useState<string | null>(null);
  useEffect(() => {
    const { take } = useAlarms.getState();
    let heard = false;
    const end = bridge.on('alarms.changed', (alarms) => {
      heard = true;
      take(alarms);
    });
    bridge.request('alarms.list', undefined).then((alarms) => {
      // An event that came meanwhile is newer.
      if (!heard) take(alarms);
    }, console.error);
    return end;
  }, [bridge]);
  return {
    failure,
    acknowledge: (alarms) => {
      const seen = alarms.filter(isUnacknowledged).map(({ id, lastAt }) => ({ id, lastAt }));
      if (seen.length === 0) return;
      bridge.request('alarms.acknowledge', seen).then(
        () => setFailure(null),
        (error: Error) => setFailure(`The alarms were not acknowledged. ${error.message}`),
      );
    },
  };
}
