import { inUnits } from '../suite/format-figure.ts';
import type { GoalResult } from '../suite/goal-result.ts';
import { LOAD_HEAD, loadCell } from '../suite/load-words.ts';
import { markdownTable } from '../suite/markdown-table.ts';
import type { SuiteReport, SuiteRun } from '../suite/suite.ts';
import { STEADY_CONDITIONS, STEADY_MS, STEADY_TILES } from './steady-cases.ts';
import type { SteadyFigures } from './steady-figures.ts';

type Run = SuiteRun<SteadyFigures>;

export function steadyReport(runs: readonly Run[]): SuiteReport {
  return {
    goals: [falseChangeGoal(runs)],
    sections: [
      { title: 'Walls', text: wallsTable(runs) },
      { title: 'False changes', text: listed(runs, ({ falseChanges }) => falseChanges) },
      { title: 'Alarms', text: listed(runs, ({ alarms }) => alarms) },
    ],
    digest: digest(runs),
  };
}

/** Only an hour with a third from each condition can meet this goal. Less than that can only miss it. */
function falseChangeGoal(runs: readonly Run[]): GoalResult {
  const count = runs.reduce((sum, { figures }) => sum + figures.falseChanges.length, 0);
  const watchedMs = runs.reduce((sum, { figures }) => sum + figures.watchedMs, 0);
  const words = `no false change in an hour of ${STEADY_TILES} tiles, jitter and load included`;
  if (runs.length === 0) return { words, verdict: 'not measured', measured: '', values: 0 };
  const isHour = STEADY_CONDITIONS.every((condition) =>
    runs.some(({ id, figures }) => id === condition && figures.watchedMs >= STEADY_MS.full),
  );
  return {
    words,
    verdict: count > 0 ? 'missed' : isHour ? 'met' : 'not judged',
    measured: `${count} in ${(watchedMs / 60_000).toFixed(1)} min`,
    values: runs.length,
  };
}

function wallsTable(runs: readonly Run[]): string {
  if (runs.length === 0) return 'Not measured.';
  return markdownTable(
    [
      'wall',
      'watched, min',
      'false changes',
      'alarms',
      'still tile seconds',
      'frames missing',
      'latency first third, ms',
      'last third',
      'worst tile’s drift, ms',
      LOAD_HEAD,
    ],
    [...runs]
      .sort((a, b) => order(a) - order(b) || a.run - b.run)
      .map(({ figures, ...run }) => [
        run.id,
        inUnits(figures.watchedMs / 60_000, 1),
        String(figures.falseChanges.length),
        String(figures.alarms.length),
        String((figures.stills * figures.intervalMs) / 1000),
        `${(figures.missingShare * 100).toFixed(1)} %`,
        inUnits(figures.latencyFirstThirdMs),
        inUnits(figures.latencyLastThirdMs),
        inUnits(figures.worstDriftMs),
        loadCell([run]),
      ]),
  );
}

function digest(runs: readonly Run[]): string {
  const rows = STEADY_CONDITIONS.flatMap((condition) => {
    const own = runs.filter(({ id }) => id === condition).map(({ figures }) => figures);
    if (own.length === 0) return [];
    const total = (figure: (figures: SteadyFigures) => number): number =>
      own.reduce((sum, figures) => sum + figure(figures), 0);
    return [
      [
        condition,
        inUnits(total(({ watchedMs }) => watchedMs) / 60_000, 1),
        String(total(({ falseChanges }) => falseChanges.length)),
        String(total(({ stills, intervalMs }) => (stills * intervalMs) / 1000)),
        `${((total(({ missingShare }) => missingShare) / own.length) * 100).toFixed(1)} %`,
      ],
    ];
  });
  if (rows.length === 0) return 'Not measured.';
  return markdownTable(
    [
      `${STEADY_TILES} tiles, sites well`,
      'watched, min',
      'false changes',
      'still tile seconds',
      'frames missing',
    ],
    rows,
  );
}

const ORDER: readonly string[] = STEADY_CONDITIONS;

function order({ id }: Run): number {
  return ORDER.indexOf(id);
}

function listed(runs: readonly Run[], of: (figures: SteadyFigures) => readonly string[]): string {
  const lines = runs.flatMap(({ id, run, figures }) =>
    of(figures).map((words) => `* ${id}, run ${run}: ${words}`),
  );
  return lines.length === 0 ? 'None.' : lines.join('\n');
}
