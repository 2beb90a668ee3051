import type { z } from 'zod';
import type { Extent } from './extent.ts';
import type { GoalResult } from './goal-result.ts';
import type { ShellKind } from './shell-versions.ts';

/** One thing that a suite measures. */
export interface SuiteCase<What> {
  /** `<row>/<variant>`: `--only` is matched with it, and results are stored under it. */
  readonly id: string;
  /** Cases of one row are compared with each other, so they run right after one another. */
  readonly row: string;
  readonly what: What;
  /** Highest number of runs, even if the user wants more; without it there is no limit. */
  readonly mostRuns?: number;
}

/** One run to be made. */
export interface PlannedRun<What> {
  readonly of: SuiteCase<What>;
  /** Counted from 1 within its case. */
  readonly run: number;
}

/** Runs of one row that are made right after one another, and may share a window. */
export type Visit<What> = readonly PlannedRun<What>[];

/** Whether only the benchmark used the machine in a run. */
export type MachineState = 'quiet' | 'busy' | 'unknown';

/** A finished run of a case. */
export interface SuiteRun<Figures> {
  readonly id: string;
  /** Counted from 1 within its case; runs of one row with the same number are a pair. */
  readonly run: number;
  /** Cores that the rest of the machine kept busy in the run; `null` where the system does not report it. */
  readonly othersCores: number | null;
  readonly machine: MachineState;
  readonly figures: Figures;
}

export interface SuiteSection {
  readonly title: string;
  /** Markdown. */
  readonly text: string;
}

/** What a suite says about its runs. */
export interface SuiteReport {
  readonly goals: readonly GoalResult[];
  readonly sections: readonly SuiteSection[];
  /** The most important figures, for the summary of all suites: Markdown, a table if possible. */
  readonly digest: string;
  /** Files that are written beside the report, for instance its plots. */
  readonly files?: readonly { readonly name: string; readonly text: string }[];
}

/** What a visit needs for its runs. */
export interface VisitContext {
  readonly shell: ShellKind;
  /** Executable of the Chromium shell's browser. */
  readonly browser: string | undefined;
  /** Number of runs of each case that the user wants, over all visits. */
  readonly runs: number;
}

/** A visit that is under way. */
export interface RunningVisit<What, Figures> {
  /** @throws where the measurement fails. The run is then stored as failed, and the visit goes on */
  readonly measure: (planned: PlannedRun<What>) => Promise<Figures>;
  readonly close: () => Promise<void>;
}

/** How a suite measures: each run with a window of its own, or all runs of a visit with what they share. */
export type Measuring<What, Figures> =
  | {
      readonly kind: 'each-alone';
      /** @throws where the measurement fails. The run is then stored as failed */
      readonly measure: (what: What, extent: Extent) => Promise<Figures>;
    }
  | {
      readonly kind: 'in-visits';
      /** Number of runs of each case in a visit. */
      readonly runsAVisit: number;
      /** @throws where the visit cannot be opened. All its runs are then stored as failed */
      readonly open: (visit: Visit<What>, context: VisitContext) => Promise<RunningVisit<What, Figures>>;
    };

/** A benchmark: what is measured, how often, and what is reported. */
export interface Suite<What, Figures> {
  readonly name: string;
  /** The report's heading. */
  readonly question: string;
  /** What a run of each extent measures, for the help. */
  readonly extents: Readonly<Record<Extent, string>>;
  /** The shells in which it can be measured. */
  readonly shells: readonly ShellKind[];
  /** The report's introduction: the streams, the settings, what the figures mean. Paragraphs of Markdown. */
  readonly method: (extent: Extent) => readonly string[];
  readonly figures: z.ZodType<Figures>;
  /** In the order of the report. The cases of a row follow each other. */
  readonly cases: (extent: Extent) => readonly SuiteCase<What>[];
  /** Default number of runs of each case. */
  readonly runs: Readonly<Record<Extent, number>>;
  /** Usual duration of a run, with the start of its windows, seconds. */
  readonly typicalS: (what: What, extent: Extent) => number;
  readonly measuring: Measuring<What, Figures>;
  /** Words about the figures of a finished run, for the line that is printed after it. */
  readonly runWords?: (figures: Figures) => string;
  readonly report: (runs: readonly SuiteRun<Figures>[], extent: Extent) => SuiteReport;
}
