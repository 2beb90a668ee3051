import type { GoalResult } from '../gap/goals.ts';
import type { Environment } from '../gap/records.ts';
import { markdownTable } from './markdown-table.ts';

export function goalsTable(goals: readonly GoalResult[]): string {
  return markdownTable(
    ['goal', 'measured', 'values', ''],
    goals.map(({ words, measured, values, verdict }) => [
      words,
      measured === '' ? '–' : measured,
      String(values),
      verdict === 'missed' ? '**missed**' : verdict,
    ]),
  );
}

/** Rows of two cells: what was measured, and on what. */
export function environmentRows(
  environment: Environment,
  commits: readonly { readonly commit: string; readonly tree: string }[],
  others: { readonly median: number | null; readonly max: number | null },
): string[][] {
  const { machine } = environment;
  return [
    ['Holdfast', environment.holdfast],
    ['commit', commits.map(({ commit, tree }) => `${commit} (${tree} tree)`).join(', ')],
    ['shell', environment.shell],
    ['Electron', environment.electron ?? '–'],
    ['Chromium', environment.chromium],
    ['hls.js', environment.hlsJs],
    ['Node of the harness', environment.node],
    ['system', machine.os],
    ['CPU', `${machine.cpu}, ${machine.cores} cores`],
    ['memory', `${machine.memoryGb} GB`],
    [
      'load by others, cores',
      others.median === null
        ? 'not told by this system'
        : `median ${others.median.toFixed(2)}, max ${(others.max ?? 0).toFixed(2)} (per run)`,
    ],
  ];
}
