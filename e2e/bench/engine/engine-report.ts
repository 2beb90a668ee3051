import { median } from '../gap/statistics.ts';
import { inUnits } from '../suite/format-figure.ts';
import { markdownTable } from '../suite/markdown-table.ts';
import type { SuiteReport, SuiteRun } from '../suite/suite.ts';
import {
  type EngineFigures,
  type EventLoopFigures,
  type Latencies,
  type RequestFigures,
  STEP_NAMES,
  type StepFigures,
  type StepName,
} from './engine-figures.ts';

type Run = SuiteRun<EngineFigures>;

const STEP_WORDS: Readonly<Record<StepName, string>> = {
  tick: 'a tick of a tile that shows',
  proof: 'proof of life of a standby',
  failover: 'evidence, the incoming picture, the change: three steps',
};

/** Issue 6 sets no goal for these. */
export function engineReport(runs: readonly Run[]): SuiteReport {
  return {
    goals: [],
    sections: [
      { title: 'Selector', text: stepsTable(runs) },
      { title: 'Gateway', text: requestsTable(runs) },
      { title: 'Event loop of the main process', text: eventLoopTable(runs) },
    ],
  };
}

function stepsTable(runs: readonly Run[]): string {
  const own = figuresOf<StepFigures>(runs, 'steps');
  if (own.length === 0) return 'Not measured.';
  return markdownTable(
    ['', 'runs', 'steps a second, median'],
    STEP_NAMES.map((name) => [
      STEP_WORDS[name],
      String(own.length),
      inUnits(median(own.map(({ perS }) => perS[name]))),
    ]),
  );
}

function requestsTable(runs: readonly Run[]): string {
  const ids = [
    ...new Set(runs.filter(({ figures }) => figures.kind === 'requests').map(({ id }) => id)),
  ].sort();
  if (ids.length === 0) return 'Not measured.';
  const rows = ids.map((id) => {
    const own = figuresOf<RequestFigures>(
      runs.filter((run) => run.id === id),
      'requests',
    );
    const middle = (figure: (figures: RequestFigures) => number): number | null => median(own.map(figure));
    const both = (figure: (latencies: Latencies) => number, digits: number): string[] => [
      inUnits(
        middle(({ direct }) => figure(direct)),
        digits,
      ),
      inUnits(
        middle(({ gateway }) => figure(gateway)),
        digits,
      ),
    ];
    return [
      id,
      String(own.length),
      inUnits(middle(({ bytes }) => bytes)),
      ...both(({ medianMs }) => medianMs, 2),
      inUnits(
        middle(({ direct, gateway }) => gateway.medianMs - direct.medianMs),
        2,
      ),
      ...both(({ p99Ms }) => p99Ms, 2),
      ...both(({ perS }) => perS, 0),
    ];
  });
  return markdownTable(
    [
      'asked from, for',
      'runs',
      'bytes',
      'direct, median ms',
      'gateway, median ms',
      'added, ms',
      'direct, p99 ms',
      'gateway, p99 ms',
      'direct, requests/s',
      'gateway, requests/s',
    ],
    rows,
  );
}

function eventLoopTable(runs: readonly Run[]): string {
  const own = figuresOf<EventLoopFigures>(runs, 'event-loop');
  if (own.length === 0) return 'Not measured.';
  return markdownTable(
    ['tiles', 'shown', 'watched, s', 'late, median ms', 'p99', 'max'],
    own.map(({ tiles, shown, watchedMs, medianMs, p99Ms, maxMs }) => [
      String(tiles),
      String(shown),
      inUnits(watchedMs / 1000),
      inUnits(medianMs, 1),
      inUnits(p99Ms, 1),
      inUnits(maxMs, 1),
    ]),
  );
}

function figuresOf<Kind extends EngineFigures>(runs: readonly Run[], kind: Kind['kind']): Kind[] {
  return runs.flatMap(({ figures }) => (isOf<Kind>(figures, kind) ? [figures] : []));
}

function isOf<Kind extends EngineFigures>(figures: EngineFigures, kind: Kind['kind']): figures is Kind {
  return figures.kind === kind;
}
