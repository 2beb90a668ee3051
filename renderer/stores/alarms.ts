import { create } from 'zustand';
import { type Alarm, isUnacknowledged } from '../../shared/alarms/alarm.ts';

interface AlarmStore {
  /** The list as the host keeps it, for all windows. */
  readonly alarms: readonly Alarm[];
  /** Alarms that are not acknowledged, by camera id. */
  readonly unacknowledged: ReadonlyMap<string, readonly Alarm[]>;
  take(alarms: readonly Alarm[]): void;
}

export const useAlarms = create<AlarmStore>((set) => ({
  alarms: [],
  unacknowledged: new Map(),
  take: (alarms) => set((before) => ({ alarms, unacknowledged: byCamera(alarms, before.unacknowledged) })),
}));

/** Unchanged lists of a camera's alarms stay the same object, so that its tile is not drawn again. */
function byCamera(
  alarms: readonly Alarm[],
  before: ReadonlyMap<string, readonly Alarm[]>,
): ReadonlyMap<string, readonly Alarm[]> {
  const cameras = new Map<string, Alarm[]>();
  for (const alarm of alarms) {
    if (alarm.place === null || !isUnacknowledged(alarm)) continue;
    const others = cameras.get(alarm.place.camera);
    if (others === undefined) cameras.set(alarm.place.camera, [alarm]);
    else others.push(alarm);
  }
  return new Map(
    [...cameras].map(([camera, now]) => {
      const known = before.get(camera);
      return [camera, JSON.stringify(known) === JSON.stringify(now) && known !== undefined ? known : now];
    }),
  );
}
