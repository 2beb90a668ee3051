import { descendants, type ProcessTimes } from './cpu-times.ts';

/**
 * CPU time of a process and all that descend from it, while they come and go. A process that nobody waits for, as those
 * of a window that ends, takes its time with it, and one whose parent ends is handed to another: so they are followed
 * by themselves.
 */
export class TreeCpu {
  private readonly root: number;
  private known: ReadonlyMap<number, ProcessTimes> = new Map();
  private lostS = 0;

  constructor(root: number) {
    this.root = root;
  }

  /**
   * @param processes all of the machine
   * @returns CPU time since some beginning, seconds; it never falls
   */
  take(processes: readonly ProcessTimes[]): number {
    const living = new Map(processes.map((process) => [process.pid, process]));
    const followed = [...this.known.values()].filter((known) => isSame(living.get(known.pid), known));
    const members = new Map<number, ProcessTimes>();
    for (const pid of [this.root, ...followed.map(({ pid }) => pid)])
      if (!members.has(pid)) for (const found of descendants(processes, pid)) members.set(found.pid, found);
    this.lostS += this.lostSince(members);
    this.known = members;
    return [...members.values()].reduce((totalS, { cpuS }) => totalS + cpuS, this.lostS);
  }

  /** Time of the processes that ended since the last reading, as far as no parent took it over by waiting for them. */
  private lostSince(members: ReadonlyMap<number, ProcessTimes>): number {
    const endedS = new Map<number | null, number>();
    for (const process of this.known.values()) {
      if (isSame(members.get(process.pid), process)) continue;
      const heir = this.livingAncestor(process, members);
      endedS.set(heir, (endedS.get(heir) ?? 0) + process.cpuS);
    }
    let lostS = 0;
    for (const [heir, timeS] of endedS) {
      const before = heir === null ? undefined : this.known.get(heir);
      const after = heir === null ? undefined : members.get(heir);
      const takenOverS =
        before === undefined || after === undefined ? 0 : after.waitedForS - before.waitedForS;
      lostS += Math.max(0, timeS - takenOverS);
    }
    return lostS;
  }

  private livingAncestor(process: ProcessTimes, members: ReadonlyMap<number, ProcessTimes>): number | null {
    for (
      let above = this.known.get(process.parent);
      above !== undefined;
      above = this.known.get(above.parent)
    )
      if (isSame(members.get(above.pid), above)) return above.pid;
    return null;
  }
}

function isSame(one: ProcessTimes | undefined, other: ProcessTimes): boolean {
  return one !== undefined && one.startedTicks === other.startedTicks;
}
