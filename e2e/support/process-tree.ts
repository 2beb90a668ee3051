import { readFile } from 'node:fs/promises';
import { descendants, readProcesses, readProcessesSync } from '../bench/suite/cpu-times.ts';

/** The purpose of a window's process, by Chromium's `--type`; `other` are its zygotes and helpers. */
export const PROCESS_KINDS = ['main', 'renderer', 'gpu', 'utility', 'other'] as const;
export type ProcessKind = (typeof PROCESS_KINDS)[number];
export type ByKind = Record<ProcessKind, number>;

/** One process of the tree. */
export interface TreeProcess {
  readonly pid: number;
  readonly kind: ProcessKind;
  /** CPU time since its start, seconds. */
  readonly cpuS: number;
}

/** @param commandLine from /proc/<pid>/cmdline: separated by NUL, or by blanks where Chromium rewrote it */
export function kindOfProcess(commandLine: string, isRoot: 'root' | 'child'): ProcessKind {
  const type = /(?:^|[\0 ])--type=([\w-]+)/.exec(commandLine)?.[1];
  if (type === 'renderer' || type === 'utility') return type;
  if (type === 'gpu-process') return 'gpu';
  return type === undefined && isRoot === 'root' ? 'main' : 'other';
}

/** The files with a process's memory: `smaps_rollup` has proportional set sizes, `status` resident ones (proc(5)). */
const MEMORY_FIELDS = {
  smaps_rollup: { all: ['Pss'], own: ['Pss_Anon', 'Pss_Shmem', 'SwapPss'] },
  status: { all: ['VmRSS'], own: ['RssAnon', 'RssShmem', 'VmSwap'] },
} as const;
type MemoryFile = keyof typeof MEMORY_FIELDS;
/** `own`: without the pages of files, which the system may drop and read again, and with the swapped-out pages. */
type MemoryPart = keyof (typeof MEMORY_FIELDS)[MemoryFile];

/**
 * The sum of some fields of such a file, MB (10^6 bytes).
 * @returns `null` where a field is missing
 */
export function parseMemoryMb(text: string, fields: readonly string[]): number | null {
  let sumKib = 0;
  for (const field of fields) {
    const kib = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1];
    if (kib === undefined) return null;
    sumKib += Number(kib);
  }
  return (sumKib * 1024) / 1e6;
}

/**
 * The processes of a window.
 * @param root its browser process
 * @throws on a system without /proc, and when the process is gone
 */
export async function readTree(root: number): Promise<TreeProcess[]> {
  const found = descendants(await readProcesses(), root);
  if (found.length === 0)
    throw new Error(`/proc does not list process ${root}: it is gone, or this is not Linux`);
  return Promise.all(
    found.map(async ({ pid, cpuS }) => ({
      pid,
      cpuS,
      kind: kindOfProcess(
        await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''),
        pid === root ? 'root' : 'child',
      ),
    })),
  );
}

/** The ids of a process and all below it, its own first; empty where it does not run. Reads Linux's /proc. */
export function processTree(root: number): number[] {
  return descendants(readProcessesSync(), root).map(({ pid }) => pid);
}

/** Sends the processes a signal; those that have ended are skipped. */
export function signalAll(ids: readonly number[], signal: NodeJS.Signals): void {
  for (const id of ids)
    try {
      process.kill(id, signal);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
}

/** CPU time that each kind used between two readings, as cores. A process that ended between them is left out. */
export function coresByKind(
  before: readonly TreeProcess[],
  after: readonly TreeProcess[],
  elapsedS: number,
): ByKind {
  const sums = noneOfAny();
  for (const { pid, kind, cpuS } of after) {
    const earlierS = before.find((process) => process.pid === pid)?.cpuS ?? 0;
    sums[kind] += Math.max(0, cpuS - earlierS) / elapsedS;
  }
  return sums;
}

export interface TreeMemory {
  /** `pss`: shared pages are divided among their users. `rss`, where a process does not report that: they count for each. */
  readonly measure: 'pss' | 'rss';
  /** MB (10^6 bytes). */
  readonly byKind: ByKind;
}

/** @param part of the memory of each process */
export async function readMemory(
  tree: readonly TreeProcess[],
  part: MemoryPart = 'all',
): Promise<TreeMemory> {
  const proportional = await memoryOf(tree, 'smaps_rollup', part);
  if (proportional !== null) return { measure: 'pss', byKind: proportional };
  return { measure: 'rss', byKind: (await memoryOf(tree, 'status', part)) ?? noneOfAny() };
}

/** `null` where a running process does not report it. */
async function memoryOf(
  tree: readonly TreeProcess[],
  file: MemoryFile,
  part: MemoryPart,
): Promise<ByKind | null> {
  const sums = noneOfAny();
  for (const { pid, kind } of tree) {
    const text = await readFile(`/proc/${pid}/${file}`, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ESRCH') return null;
      return '';
    });
    if (text === null) continue;
    const memoryMb = parseMemoryMb(text, MEMORY_FIELDS[file][part]);
    if (memoryMb === null) return null;
    sums[kind] += memoryMb;
  }
  return sums;
}

export function sumOf(byKind: ByKind): number {
  return PROCESS_KINDS.reduce((sum, kind) => sum + byKind[kind], 0);
}

function noneOfAny(): ByKind {
  return { main: 0, renderer: 0, gpu: 0, utility: 0, other: 0 };
}
