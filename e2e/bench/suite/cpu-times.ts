import { readdirSync, readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';

/** Ticks per second in which Linux reports CPU times, on every architecture (proc(5), USER_HZ). */
const TICKS_PER_S = 100;

/** CPU times since an unspecified time, seconds. */
export interface CpuTimes {
  readonly machineS: number;
  readonly ownS: number;
}

/** One process, from /proc/<pid>/stat. */
export interface ProcessTimes {
  readonly pid: number;
  readonly parent: number;
  /** Start of the process, ticks since the machine's start. With the pid it identifies a process, since pids are reused. */
  readonly startedTicks: number;
  /** CPU time of the process and of the ended children that it waited for, seconds. */
  readonly cpuS: number;
  /** CPU time of the ended children that it waited for, seconds. */
  readonly waitedForS: number;
}

/** Reads the line of /proc/<pid>/stat. The command in it may have blanks and brackets. */
export function parseProcess(line: string): ProcessTimes {
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  // `fields` begins with the 3rd field of proc(5). The parent is the 4th, utime, stime, cutime and cstime are the 14th to
  // 17th, and starttime is the 22nd.
  const seconds = (from: number, to: number): number =>
    fields.slice(from, to).reduce((total, field) => total + Number(field), 0) / TICKS_PER_S;
  return {
    pid: Number.parseInt(line, 10),
    parent: Number(fields[1]),
    startedTicks: Number(fields[19]),
    cpuS: seconds(11, 15),
    waitedForS: seconds(13, 15),
  };
}

/** CPU time of all cores from /proc/stat, seconds. It includes the time that a hypervisor gave to other machines. */
export function parseMachine(stat: string): number {
  const [user = 0, nice = 0, system = 0, , , irq = 0, softIrq = 0, steal = 0] = (stat.split('\n')[0] ?? '')
    .replace(/^cpu\s+/, '')
    .split(' ')
    .map(Number);
  return (user + nice + system + irq + softIrq + steal) / TICKS_PER_S;
}

/** A process and all its descendants; empty where `processes` does not have it. */
export function descendants(processes: readonly ProcessTimes[], root: number): ProcessTimes[] {
  const children = new Map<number, ProcessTimes[]>();
  for (const process of processes)
    children.set(process.parent, [...(children.get(process.parent) ?? []), process]);
  const left = processes.filter(({ pid }) => pid === root);
  const found: ProcessTimes[] = [];
  for (let process = left.pop(); process !== undefined; process = left.pop()) {
    found.push(process);
    left.push(...(children.get(process.pid) ?? []));
  }
  return found;
}

/** Number of cores that other processes kept busy between two readings. */
export function othersCores(before: CpuTimes, after: CpuTimes, elapsedS: number): number {
  const othersS = after.machineS - before.machineS - (after.ownS - before.ownS);
  // The rounding to ticks must not make it negative.
  return Math.max(0, othersS / elapsedS);
}

/** Every process of the machine, from /proc; empty on a system without it. */
export async function readProcesses(): Promise<ProcessTimes[]> {
  const names = await readdir('/proc').catch(() => []);
  const lines = await Promise.all(
    names
      .filter((name) => /^\d+$/.test(name))
      // A process may end between the listing and the reading.
      .map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)),
  );
  return lines.filter((line) => line !== null).map(parseProcess);
}

/** As {@link readProcesses}, for callers that cannot wait. @throws on a system without /proc */
export function readProcessesSync(): ProcessTimes[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return [parseProcess(readFileSync(`/proc/${pid}/stat`, 'utf8'))];
      } catch {
        // The process has ended since the listing.
        return [];
      }
    });
}
