import { descendants, type ProcessTimes } from './cpu-times.ts';

/**
 * CPU time of a process and of all its descendants, while processes start and end. Each process is followed by itself, for
 * two reasons. When a process ends and no parent waits for it, as with those of a closed window, no other process gets its
 * time. When a parent ends, its children get another parent.
 */
export class TreeCpu {
  private readonly root: number;
  private known: ReadonlyMap<number, ProcessTimes> = new Map();
  private lostS = 0;

  constructor(root: number) {
    this.root = root;
  }

  /**
   * @param processes all processes of the machine
   * @returns CPU time since an unspecified time, seconds; it never decreases
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

  /** Time of the processes that ended since the last reading, seconds, without what a parent got by waiting for them. */
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
