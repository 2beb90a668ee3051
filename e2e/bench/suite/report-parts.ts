import type { GoalResult } from './goal-result.ts';
import { markdownTable } from './markdown-table.ts';
import type { Environment } from './suite-records.ts';

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

/**
 * Rows of two cells each, which say what was measured and on which machine.
 * @param commits all commits with the same build and harness
 */
export function environmentRows(
  environment: Environment,
  commits: readonly Pick<Environment, 'commit' | 'tree'>[],
  others: { readonly median: number | null; readonly max: number | null },
): string[][] {
  const { machine } = environment;
  return [
    ['Holdfast', environment.holdfast],
    ['commit', [...new Set(commits.map(commitWords))].join(', ')],
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

/** Words for the shell that showed the windows. */
export function shellWords({ shell, electron }: Environment): string {
  return shell === 'electron' ? `the real Electron ${electron}` : 'the Chromium shell, not in Electron';
}

export function commitWords({ commit, tree }: Pick<Environment, 'commit' | 'tree'>): string {
  return commit === null ? 'unknown commit' : `${commit} (${tree} tree)`;
}
