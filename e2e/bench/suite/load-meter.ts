import { readFile } from 'node:fs/promises';
import { type CpuTimes, othersCores, parseMachine, readProcesses } from './cpu-times.ts';
import { TreeCpu } from './tree-cpu.ts';

/** Time between two readings, ms. What a process uses between its last reading and its end counts as load by others. */
const READING_INTERVAL_MS = 500;

/** Measures the load by the rest of the machine while the benchmark runs. */
export class LoadMeter {
  private readonly tree: TreeCpu;
  private readonly first: CpuTimes;
  private readonly startedMs = performance.now();
  private readonly timer: NodeJS.Timeout;
  private reading: Promise<unknown> = Promise.resolve();

  private constructor(tree: TreeCpu, first: CpuTimes) {
    this.tree = tree;
    this.first = first;
    this.timer = setInterval(() => {
      this.reading = this.reading.then(() => readCpuTimes(tree));
    }, READING_INTERVAL_MS);
    this.timer.unref();
  }

  /**
   * @param root pid of the process whose tree is the benchmark's own
   * @returns `null` on a system without /proc
   */
  static async start(root: number): Promise<LoadMeter | null> {
    const tree = new TreeCpu(root);
    const first = await readCpuTimes(tree);
    return first === null ? null : new LoadMeter(tree, first);
  }

  /** Ends the measurement. @returns number of cores that others kept busy */
  async end(): Promise<number | null> {
    clearInterval(this.timer);
    await this.reading;
    const last = await readCpuTimes(this.tree);
    return last === null ? null : othersCores(this.first, last, (performance.now() - this.startedMs) / 1000);
  }
}

async function readCpuTimes(tree: TreeCpu): Promise<CpuTimes | null> {
  const stat = await readFile('/proc/stat', 'utf8').catch(() => null);
  if (stat === null) return null;
  return { machineS: parseMachine(stat), ownS: tree.take(await readProcesses()) };
}
