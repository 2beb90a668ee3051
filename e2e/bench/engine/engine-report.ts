import { inThousands, inUnits, withSign } from '../suite/format-figure.ts';
import { LOAD_HEAD, loadCell } from '../suite/load-words.ts';
import { markdownTable } from '../suite/markdown-table.ts';
import { median } from '../suite/statistics.ts';
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

/** There is no goal for these figures. */
export function engineReport(runs: readonly Run[]): SuiteReport {
  return {
    goals: [],
    sections: [
      { title: 'Selector', text: stepsTable(runs) },
      { title: 'Gateway', text: requestsTable(runs) },
      { title: 'Event loop of the main process', text: eventLoopTable(runs) },
    ],
    digest: digest(runs),
  };
}

function stepsTable(runs: readonly Run[]): string {
  const own = figuresOf<StepFigures>(runs, 'steps');
  if (own.length === 0) return 'Not measured.';
  return markdownTable(
    ['', 'runs', 'steps a second, median', LOAD_HEAD],
    STEP_NAMES.map((name) => [
      STEP_WORDS[name],
      String(own.length),
      inThousands(median(own.map(({ perS }) => perS[name]))),
      loadCell(runs.filter(({ figures }) => figures.kind === 'steps')),
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
      withSign(
        middle(({ direct, gateway }) => gateway.medianMs - direct.medianMs),
        2,
      ),
      ...both(({ p99Ms }) => p99Ms, 2),
      ...both(({ perS }) => perS, 0),
      loadCell(runs.filter((run) => run.id === id)),
    ];
  });
  return markdownTable(
    [
      'asked from, for',
      'runs',
      'bytes',
      'direct, median ms',
      'gateway, median ms',
      'gateway less direct, ms',
      'direct, p99 ms',
      'gateway, p99 ms',
      'direct, requests/s',
      'gateway, requests/s',
      LOAD_HEAD,
    ],
    rows,
  );
}

function eventLoopTable(runs: readonly Run[]): string {
  const rows = runs.flatMap((run) => {
    const { figures } = run;
    if (figures.kind !== 'event-loop') return [];
    const { tiles, shown, watchedMs, medianMs, p99Ms, maxMs } = figures;
    return [
      [
        String(tiles),
        String(shown),
        inUnits(watchedMs / 1000),
        inUnits(medianMs, 1),
        inUnits(p99Ms, 1),
        inUnits(maxMs, 1),
        loadCell([run]),
      ],
    ];
  });
  if (rows.length === 0) return 'Not measured.';
  return markdownTable(['tiles', 'shown', 'watched, s', 'late, median ms', 'p99', 'max', LOAD_HEAD], rows);
}

function digest(runs: readonly Run[]): string {
  const loops = figuresOf<EventLoopFigures>(runs, 'event-loop');
  const steps = figuresOf<StepFigures>(runs, 'steps');
  const segments = (from: string): RequestFigures[] =>
    figuresOf<RequestFigures>(
      runs.filter(({ id }) => id === `gateway/${from}/segment`),
      'requests',
    );
  const inNode = segments('node');
  const inPage = segments('page');
  const middle = (values: readonly number[], digits: number): string => inUnits(median(values), digits);
  const loop = (figure: (figures: EventLoopFigures) => number): string => middle(loops.map(figure), 1);
  const both = (own: readonly RequestFigures[]): string =>
    `${middle(
      own.map(({ direct }) => direct.medianMs),
      2,
    )} / ${middle(
      own.map(({ gateway }) => gateway.medianMs),
      2,
    )}`;
  return markdownTable(
    ['', 'median'],
    [
      [
        `main process’s event loop with ${loops[0]?.tiles ?? 0} tiles: late by, p99, max, ms`,
        `${loop(({ medianMs }) => medianMs)} / ${loop(({ p99Ms }) => p99Ms)} / ${loop(({ maxMs }) => maxMs)}`,
      ],
      ['a segment in Node: direct / by the gateway, ms', both(inNode)],
      ['a segment in the page: direct / by the gateway, ms', both(inPage)],
      ['stream selector: ticks a second', inThousands(median(steps.map(({ perS }) => perS.tick)))],
    ],
  );
}

function figuresOf<Kind extends EngineFigures>(runs: readonly Run[], kind: Kind['kind']): Kind[] {
  return runs.flatMap(({ figures }) => (isOf<Kind>(figures, kind) ? [figures] : []));
}

function isOf<Kind extends EngineFigures>(figures: EngineFigures, kind: Kind['kind']): figures is Kind {
  return figures.kind === kind;
}
