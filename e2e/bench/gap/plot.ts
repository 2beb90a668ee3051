import { median } from '../suite/statistics.ts';

/** One line of the plot: a label, and the values of two kinds of change. */
export interface PlotRow {
  readonly label: string;
  /** Gaps in ms; `Infinity` where there was no recovery. */
  readonly failovers: readonly number[];
  readonly failbacks: readonly number[];
}

const LABEL_WIDTH = 260;
const PLOT_WIDTH = 640;
const RIGHT = 40;
const TOP = 66;
const LINE = 26;
/** Range of the logarithmic axis, ms. A value outside the range is drawn at its end. */
const AXIS = { from: 30, to: 30_000 } as const;
const TICKS: readonly (readonly [number, string])[] = [
  [50, '50 ms'],
  [100, '100'],
  [200, '200'],
  [500, '500'],
  [1000, '1 s'],
  [2000, '2 s'],
  [5000, '5 s'],
  [10_000, '10 s'],
];
/** The limits of the goals, ms: a gap of more than 200 ms is visible, a gap of more than 1 s disturbs. */
const MARKED = new Set([200, 1000]);

/** A plot with a line for each row, a dot for each gap and a bar for each median. It is readable on light and on dark. */
export function plotSvg(rows: readonly PlotRow[]): string {
  const width = LABEL_WIDTH + PLOT_WIDTH + RIGHT;
  const height = TOP + rows.length * LINE + 16;
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="Gaps of every row, in milliseconds">`,
    `<style>
svg { color-scheme: light dark; --back: #fff; --ink: #1b1f24; --faint: #d5dae0; --mark: #c2410c; --over: #1d63c8; --back-dot: #7a8694; background: var(--back); }
@media (prefers-color-scheme: dark) { svg { --back: #14171b; --ink: #e6e9ed; --faint: #343a42; --mark: #fb923c; --over: #6ba8ff; --back-dot: #98a3b0; } }
rect.back { fill: var(--back); }
text { font: 12px system-ui, sans-serif; fill: var(--ink); }
line { stroke: var(--faint); } line.mark { stroke: var(--mark); stroke-dasharray: 4 3; }
circle.over { fill: var(--over); fill-opacity: .55; } circle.back { fill: var(--back-dot); fill-opacity: .5; }
path.over { stroke: var(--over); stroke-width: 3; } path.back { stroke: var(--back-dot); stroke-width: 3; }
text.lost { fill: var(--mark); font-weight: 600; }
</style>`,
    `<rect class="back" width="${width}" height="${height}"/>`,
    `<text x="12" y="20">Longest time without a new picture around each change</text>`,
    ...legend(),
    ...TICKS.map(([ms, words]) => tick(ms, words, height)),
    ...rows.map(plotRow),
    '</svg>',
  ].join('\n')}\n`;
}

function legend(): string[] {
  const left = LABEL_WIDTH + 160;
  return [
    `<circle class="over" cx="${left}" cy="16" r="4"/><text x="${left + 10}" y="20">failover</text>`,
    `<circle class="back" cx="${left + 90}" cy="16" r="4"/><text x="${left + 100}" y="20">failback</text>`,
    `<text x="${left + 180}" y="20">bar: median · dashed: 200 ms and 1 s</text>`,
  ];
}

function tick(ms: number, words: string, height: number): string {
  const x = xOf(ms);
  return `<line${MARKED.has(ms) ? ' class="mark"' : ''} x1="${x}" x2="${x}" y1="${TOP - 14}" y2="${height - 12}"/><text x="${x}" y="${TOP - 20}" text-anchor="middle">${words}</text>`;
}

function plotRow({ label, failovers, failbacks }: PlotRow, index: number): string {
  const y = TOP + index * LINE + LINE / 2;
  const lost = [...failovers, ...failbacks].filter((gap) => !Number.isFinite(gap)).length;
  return [
    `<text x="12" y="${y + 4}">${escaped(label)}</text>`,
    dots('over', failovers, y - 5),
    dots('back', failbacks, y + 5),
    lost === 0 ? '' : `<text class="lost" x="${LABEL_WIDTH + PLOT_WIDTH + 4}" y="${y + 4}">${lost} ∞</text>`,
  ].join('');
}

function dots(kind: 'over' | 'back', gaps: readonly number[], y: number): string {
  const known = gaps.filter(Number.isFinite).sort((a, b) => a - b);
  const middle = median(gaps);
  return [
    ...known.map((gap) => `<circle class="${kind}" cx="${xOf(gap)}" cy="${y}" r="3"/>`),
    middle === null || !Number.isFinite(middle)
      ? ''
      : `<path class="${kind}" d="M${xOf(middle)} ${y - 5}v10"/>`,
  ].join('');
}

function xOf(ms: number): number {
  const held = Math.min(Math.max(ms, AXIS.from), AXIS.to);
  const share = Math.log(held / AXIS.from) / Math.log(AXIS.to / AXIS.from);
  return Math.round((LABEL_WIDTH + share * PLOT_WIDTH) * 10) / 10;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
