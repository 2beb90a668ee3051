import { BellRing } from 'lucide-react';
import type { ReactNode } from 'react';
import { isActive } from '../../shared/alarms/alarm.ts';
import type { PublicConfig } from '../../shared/config/config.ts';
import { useAlarms } from '../stores/alarms.ts';
import { alarmLine, alarmWords, gravestOf, markOf } from '../words/alarm-lines.ts';
import { shortTimeWords } from '../words/journal-line.ts';

interface Props {
  readonly cameraId: string;
  readonly names: PublicConfig;
}

/**
 * The tile's mark until its alarms are acknowledged, even when its picture is back. While the reason for an alarm lasts, other
 * badges show it in words; an alarm of a standby that comes and goes keeps its words throughout.
 */
export function AlarmMark({ cameraId, names }: Props): ReactNode {
  const alarms = useAlarms((state) => state.unacknowledged.get(cameraId));
  const gravest = alarms === undefined ? null : gravestOf(alarms);
  if (alarms === undefined || gravest === null) return null;
  const now = new Date();
  const { comesAndGoes } = gravest;
  const isWorded = isActive(gravest) && (comesAndGoes === null || gravest.alarm === 'no-redundancy');
  const all = alarms.map((alarm) => {
    const { title, detail } = alarmLine(alarm, names, now);
    return `${title}. ${detail}`;
  });
  return (
    <span
      className="tile-badge tile-alarm figures"
      data-tone={markOf(alarms)}
      title={[...all, 'K acknowledges them in the selected tile.'].join('\n')}
    >
      <BellRing size={12} aria-hidden />
      <span className="unseen">Unacknowledged alarm: </span>
      <span className={isWorded ? 'unseen' : 'tile-wide'}>
        {alarmWords(gravest, names)} {shortTimeWords(comesAndGoes?.since ?? gravest.lastAt, now)}
      </span>
    </span>
  );
}
