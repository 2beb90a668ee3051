import { markdownTable as table } from '../suite/markdown-table.ts';
import { environmentRows, goalsTable } from '../suite/report-parts.ts';
import { FAULT_WORDS } from './matrix.ts';
import type { ChangeFigures, RowSummary, Spread, Summary } from './summary.ts';

/** What the harness set, beside the matrix; stated in every report. */
export interface Settings {
  /** The policy's, behaviour.md rule 8. */
  readonly stableMs: number;
  readonly failoverWaitMs: number;
  readonly failbackWaitMs: number;
  readonly quietMs: number;
}

/** report.md: what was measured, where, and how it stands against the goals. Says the same for the same summary. */
export function reportMarkdown(summary: Summary, settings: Settings): string {
  return [
    '# How long is a tile without a new picture?',
    introduction(summary, settings),
    '## Goals',
    goalsTable(summary.goals),
    '![Gaps of every row](gap.svg)',
    '## Failover',
    'Times in ms after the fault was in force; evidence, decision, first frame, jump and latency are medians.',
    changeTable(summary.rows, 'failover'),
    '## Failback',
    'Times in ms after the fault was cleared; the stable time and the random spread of behaviour.md rule 8 are part of them.',
    changeTable(summary.rows, 'failback'),
    '## Latency',
    latencies(summary),
    '## False changes',
    falseChanges(summary),
    '## Not run',
    notRun(summary),
    '## Machine and versions',
    machine(summary),
  ]
    .join('\n\n')
    .concat('\n');
}

function introduction(summary: Summary, settings: Settings): string {
  const { environment } = summary;
  const shell =
    environment.shell === 'electron'
      ? `in the real Electron ${environment.electron}`
      : 'in the Chromium shell, because Electron’s runtime is not on this machine';
  const lines = [
    `${summary.rounds} rounds (${summary.extent} run, ${summary.roundsWanted} per row) ${shell}, from ${summary.firstAt ?? 'never'} to ${summary.lastAt ?? 'never'}.`,
    `In each round the first of two sites fails for all tiles together; the streams are 640x360 at 15 fps. Gap: time without a new picture on the screen, from frame to frame, by the viewer's own gap meter. Before each fault the wall is quiet for at least ${settings.quietMs / 1000} s, until its hot standbys are allotted.`,
    `A tile that has not changed over ${settings.failoverWaitMs / 1000} s after the fault counts as not recovered (∞), one that has not returned ${settings.failbackWaitMs / 1000} s after its end likewise. For the failback the stable time is ${settings.stableMs} ms, far below the default; the random spread is the real one. Not every round waits for it, since it takes most of the time.`,
  ];
  if (summary.choice !== null) lines.push(`Rows of the quick run: ${summary.choice}.`);
  if (summary.leftOut > 0)
    lines.push(
      `**${summary.leftOut} rounds in the file were made with another build, harness or machine and are in no figure here.**`,
    );
  if (summary.commits.length > 1)
    lines.push(
      `The rounds were made over ${summary.commits.length} commits whose build and harness are the same.`,
    );
  return lines.join('\n\n');
}

function changeTable(rows: readonly RowSummary[], change: 'failover' | 'failback'): string {
  const shown = rows.filter((row) => row[change].expected > 0);
  if (shown.length === 0) return 'None.';
  const isFailover = change === 'failover';
  return table(
    [
      'row',
      'rounds',
      ...(isFailover ? ['standby'] : []),
      'gap median',
      'p95',
      'max',
      '> 200 ms',
      '> 1 s',
      'not recovered',
      ...(isFailover ? ['evidence'] : []),
      'decision',
      'first frame',
      'jump',
      ...(isFailover ? ['latency', 'false', 'causes'] : []),
    ],
    shown.map((row) => {
      const figures = row[change];
      return [
        row.id,
        String(figures.rounds),
        ...(isFailover ? [row.standbys.join(', ')] : []),
        ...gapCells(figures),
        figures.notRecovered === 0 ? '0' : `**${figures.notRecovered} of ${figures.expected}**`,
        ...(isFailover ? [ms(figures.evidenceMedianMs)] : []),
        ms(figures.decisionMedianMs),
        ms(figures.firstFrameMedianMs),
        ms(figures.jumpMedianMs),
        ...(isFailover ? [ms(row.latency.median), String(row.falseChanges), figures.causes.join(', ')] : []),
      ];
    }),
  );
}

function gapCells({ gap, gapOver200Ms, gapOver1S }: ChangeFigures): string[] {
  return [
    endless(gap, gap.median),
    endless(gap, gap.p95),
    endless(gap, gap.max),
    percent(gapOver200Ms),
    percent(gapOver1S),
  ];
}

function latencies({ latencies }: Summary): string {
  if (latencies.length === 0) return 'Not measured.';
  return [
    'Age of the newest frame by program date-time, ms, before each fault; the bare grid is hls.js with `lowLatencyMode` and its defaults else, straight from the sites, in the same runtime and run.',
    table(
      ['setup', 'Holdfast median', 'p95', 'max', 'bare grid median', 'p95', 'dark tiles', 'Holdfast / bare'],
      latencies.map(({ id, holdfast, bareGrid, bareGridDark }) => [
        id,
        ms(holdfast.median),
        ms(holdfast.p95),
        ms(holdfast.max),
        ms(bareGrid.median),
        ms(bareGrid.p95),
        String(bareGridDark),
        holdfast.median === null || bareGrid.median === null || bareGrid.median <= 0
          ? '–'
          : percent(holdfast.median / bareGrid.median),
      ]),
    ),
  ].join('\n\n');
}

function falseChanges({ falseChanges, quietS, rounds }: Summary): string {
  const watched = `${falseChanges.length} in ${rounds} rounds, ${Math.round(quietS)} s of quiet among them.`;
  if (falseChanges.length === 0) return watched;
  return [
    watched,
    falseChanges.map(({ row, round, words }) => `* ${row}, round ${round}: ${words}`).join('\n'),
  ].join('\n\n');
}

function notRun({ notRun, failures }: Summary): string {
  const parts: string[] = [];
  const missing = notRun.filter(({ rounds }) => rounds === 0).map(({ id }) => id);
  const partly = notRun.filter(({ rounds }) => rounds > 0);
  if (missing.length > 0) parts.push(`Rows without a round (${missing.length}): ${missing.join(', ')}.`);
  if (partly.length > 0)
    parts.push(
      `Rows with fewer rounds than wanted: ${partly.map(({ id, rounds, wanted }) => `${id} (${rounds} of ${wanted})`).join(', ')}.`,
    );
  if (failures.length > 0)
    parts.push(
      `Rounds that failed:\n\n${failures.map(({ row, round, reason }) => `* ${row}, round ${round}: ${reason}`).join('\n')}`,
    );
  return parts.length === 0 ? 'Nothing of this extent.' : parts.join('\n\n');
}

function machine(summary: Summary): string {
  const { environment, commits, othersCores } = summary;
  return table(
    ['', ''],
    [
      ...environmentRows(environment, commits, othersCores),
      ...Object.entries(FAULT_WORDS).map(([fault, words]) => [`fault ${fault}`, words]),
    ],
  );
}

function ms(value: number | null): string {
  return value === null ? '–' : String(Math.round(value));
}

/** Of a spread that has values, a figure without an end. */
function endless(spread: Spread, value: number | null): string {
  return value === null && spread.count > 0 ? '∞' : ms(value);
}

function percent(share: number | null): string {
  return share === null ? '–' : `${Math.round(share * 100)} %`;
}
