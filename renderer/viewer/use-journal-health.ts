import { useEffect, useState } from 'react';
import type { JournalHealth } from '../../shared/journal/journal-health.ts';
import type { BridgeClient } from '../bridge/bridge-client.ts';

/** Whether the host can write its journal. */
export function useJournalHealth(bridge: BridgeClient): JournalHealth {
  const [health, setHealth] = useState<JournalHealth>({ kind: 'writing', lostEntries: 0 });
  useEffect(() => {
    let heard = false;
    const end = bridge.on('journal.healthChanged', (changed) => {
      heard = true;
      setHealth(changed);
    });
    bridge.request('journal.health', undefined).then((now) => {
      // An event that came meanwhile is newer.
      if (!heard) setHealth(now);
    }, console.error);
    return end;
  }, [bridge]);
  return health;
}
