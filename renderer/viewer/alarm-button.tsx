import type { ReactNode } from 'react';
import { isUnacknowledged } from '../../shared/alarms/alarm.ts';
import { useAlarms } from '../stores/alarms.ts';
import { Shape } from '../ui/shape.tsx';
import { markOf } from '../words/alarm-lines.ts';

/** The number of alarms in words; nothing where there are none. It has a colour only while alarms are not acknowledged. */
export function AlarmButton({ openAlarms }: { openAlarms(): void }): ReactNode {
  const alarms = useAlarms((state) => state.alarms);
  if (alarms.length === 0) return null;
  const unacknowledged = alarms.filter(isUnacknowledged);
  const mark = markOf(unacknowledged);
  return (
    <button
      type="button"
      className="button alarm-button figures"
      data-tone={mark ?? 'quiet'}
      title="Show the alarms (A)"
      onClick={openAlarms}
    >
      {mark !== null && <Shape tone={mark} />}
      {mark === null ? `${alarms.length} acknowledged` : countWords(unacknowledged.length)}
    </button>
  );
}

function countWords(count: number): string {
  return `${count} ${count === 1 ? 'alarm' : 'alarms'}`;
}
