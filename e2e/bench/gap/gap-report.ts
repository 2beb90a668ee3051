import { inUnits } from '../suite/format-figure.ts';
import { LOAD_HEAD } from '../suite/load-words.ts';
import { markdownTable as table } from '../suite/markdown-table.ts';
import { median, quantile } from '../suite/statistics.ts';
import type { SuiteCase, SuiteReport, SuiteRun } from '../suite/suite.ts';
import type { GapFigures, Round, Spread, TileRound } from './gap-figures.ts';
import { GAP_GOALS } from './gap-goals.ts';
import {
  type BareGrid,
  type ChangeFigures,
  type RowSummary,
  type Summary,
  summarise,
} from './gap-summary.ts';
import { failbackGaps, failoverGaps } from './gaps.ts';
import { FAULT_WORDS, type GapCase, type Row, rowId } from './matrix.ts';
import { plotSvg } from './plot.ts';

const PLOT_FILE = 'gap.svg';

/** @param cases those of the extent; runs of other cases are left out */
export function gapReport(
  cases: readonly SuiteCase<GapCase>[],
  runs: readonly SuiteRun<GapFigures>[],
): SuiteReport {
  const rows = cases.flatMap(({ what }) => (what.kind === 'round' ? [what.row] : []));
  const rounds: Round[] = [];
  const bareGrids: BareGrid[] = [];
  const byId = new Map(cases.map(({ id, what }) => [id, what]));
  for (const { id, run, othersCores, machine, figures } of runs) {
    const what = byId.get(id);
    if (what?.kind === 'round' && figures.kind === 'round') {
      const { kind: _kind, ...round } = figures;
      rounds.push({ ...round, row: what.row, run, othersCores, machine });
    }
    if (what?.kind === 'bare-grid' && figures.kind === 'bare-grid')
      bareGrids.push({ setup: what.setup, latenciesMs: figures.latenciesMs, dark: figures.dark });
  }
  const summary = summarise(rows, rounds, bareGrids, GAP_GOALS);
  return {
    goals: summary.goals,
    sections: [
      { title: 'All gaps', text: `![Gaps of every row](${PLOT_FILE})` },
      {
        title: 'Failover',
        text: [
          'Times in ms after the fault was in force; evidence, decision, first frame, jump and latency are medians.',
          changeTable(summary.rows, 'failover'),
        ].join('\n\n'),
      },
      {
        title: 'Failback',
        text: [
          'Times in ms after the fault was cleared; the stable time and the random spread (rule 8 of `shared/selector/README.md`) are part of them.',
          changeTable(summary.rows, 'failback'),
        ].join('\n\n'),
      },
      { title: 'Latency', text: latencies(summary) },
      { title: 'False changes', text: falseChanges(summary) },
      {
        title: 'The faults',
        text: table(
          ['fault', ''],
          Object.entries(FAULT_WORDS).map(([fault, words]) => [fault, words]),
        ),
      },
    ],
    digest: digest(rows, rounds),
    files: [{ name: PLOT_FILE, text: plotOf(summary.rows, rounds) }],
  };
}

function plotOf(rows: readonly RowSummary[], rounds: readonly Round[]): string {
  return plotSvg(
    rows.map(({ id }) => {
      const own = rounds.filter(({ row }) => rowId(row) === id);
      return { label: id, failovers: failoverGaps(own), failbacks: failbackGaps(own) };
    }),
  );
}

/** Gaps by stream, wall and network, over all faults. */
function digest(rows: readonly Row[], rounds: readonly Round[]): string {
  const wallOf = ({ stream, tiles, network }: Row): string =>
    `${stream}, ${tiles} tiles${network === 'none' ? '' : `, ${network} added`}`;
  const byWall = Map.groupBy(rounds, ({ row }) => wallOf(row));
  const lines = [...new Set(rows.map(wallOf))].flatMap((wall) => {
    const own = byWall.get(wall);
    if (own === undefined) return [];
    const gapsWith = (standby: TileRound['standby']): number[] =>
      own.flatMap((round) =>
        failoverGaps([{ ...round, tiles: round.tiles.filter((tile) => tile.standby === standby) }]),
      );
    return [
      [wall, spreadWords(gapsWith('hot')), spreadWords(gapsWith('cold')), spreadWords(failbackGaps(own))],
    ];
  });
  if (lines.length === 0) return 'Not measured.';
  return table(
    ['gap in ms, over all faults: median / p95 / max (tiles)', 'hot standby', 'cold standby', 'failback'],
    lines,
  );
}

function spreadWords(gaps: readonly number[]): string {
  if (gaps.length === 0) return '–';
  const words = [median(gaps), quantile(gaps, 0.95), quantile(gaps, 1)].map((value) =>
    value === Number.POSITIVE_INFINITY ? '∞' : inUnits(value),
  );
  return `${words.join(' / ')} (${gaps.length})`;
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
      ...(isFailover ? ['latency', 'false', 'causes', LOAD_HEAD] : []),
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
        ...(isFailover
          ? [ms(row.latency.median), String(row.falseChanges), figures.causes.join(', '), row.load]
          : []),
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
    falseChanges.map(({ row, run, words }) => `* ${row}, round ${run}: ${words}`).join('\n'),
  ].join('\n\n');
}

function ms(value: number | null): string {
  return value === null ? '–' : String(Math.round(value));
}

/** A figure of a spread. It is endless where the spread has values and the figure is `null`. */
function endless(spread: Spread, value: number | null): string {
  return value === null && spread.count > 0 ? '∞' : ms(value);
}

function percent(share: number | null): string {
  return share === null ? '–' : `${Math.round(share * 100)} %`;
}
