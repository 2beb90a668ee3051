import { cpus } from 'node:os';

/**
 * Share of all cores' time that was busy since the last call, 0 to 1, with any program. `null` where too little time
 * has passed for a measurement.
 */
export type MachineLoad = () => number | null;

export function measureMachineLoad(times: () => CoreTimes = coreTimes): MachineLoad {
  let last = times();
  return () => {
    const now = times();
    const totalMs = now.totalMs - last.totalMs;
    if (totalMs <= 0) return null;
    const share = 1 - (now.idleMs - last.idleMs) / totalMs;
    last = now;
    return Math.min(1, Math.max(0, share));
  };
}

/** Summed over all cores since the machine's start, milliseconds. */
export interface CoreTimes {
  readonly idleMs: number;
  readonly totalMs: number;
}

function coreTimes(): CoreTimes {
  let idleMs = 0;
  let totalMs = 0;
  for (const { times } of cpus()) {
    // Low-priority work gives its time to ours, so it counts as idle.
    idleMs += times.idle + times.nice;
    totalMs += times.user + times.nice + times.sys + times.idle + times.irq;
  }
  return { idleMs, totalMs };
}
