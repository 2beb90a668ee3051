import type { z } from 'zod';
import type { Extent } from './extent.ts';
import type { GoalResult } from './goal-result.ts';
import type { ShellKind } from './shell-versions.ts';

/** One thing that a suite measures. */
export interface SuiteCase<What> {
  /** `<row>/<variant>`: what `--only` is matched with, and what results are stored by. */
  readonly id: string;
  /** Cases of one row are compared with each other, so they run right after one another. */
  readonly row: string;
  readonly what: What;
  /** Further runs are not made, however many are asked for; without it all are. */
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

/** Whether the machine was the benchmark's own in a run. */
export type MachineState = 'quiet' | 'busy' | 'unknown';

/** A finished run of a case. */
export interface SuiteRun<Figures> {
  readonly id: string;
  /** Counted from 1 within its case; runs of one row with the same number are a pair. */
  readonly run: number;
  /** Cores that the rest of the machine kept busy in the run; `null` where the system does not tell. */
  readonly othersCores: number | null;
  readonly machine: MachineState;
  readonly figures: Figures;
}

export interface SuiteSection {
  readonly title: string;
  /** Markdown. */
  readonly text: string;
}

/** What a suite says of its runs. */
export interface SuiteReport {
  readonly goals: readonly GoalResult[];
  readonly sections: readonly SuiteSection[];
  /** The few figures that matter, for the summary over all suites: Markdown, a table if possible. */
  readonly digest: string;
  /** Written beside the report, for instance its pictures. */
  readonly files?: readonly { readonly name: string; readonly text: string }[];
}

/** What the runs of a visit are made with. */
export interface VisitContext {
  readonly shell: ShellKind;
  /** Executable of the Chromium shell's browser. */
  readonly browser: string | undefined;
  /** Of each case, asked for in all. */
  readonly runs: number;
}

/** A visit that is under way. */
export interface RunningVisit<What, Figures> {
  /** @throws where it could not be measured; the run is stored as failed then, and the visit goes on */
  readonly measure: (planned: PlannedRun<What>) => Promise<Figures>;
  readonly close: () => Promise<void>;
}

/** How a suite measures: every run with a window of its own, or the runs of a visit with what they share. */
export type Measuring<What, Figures> =
  | {
      readonly kind: 'each-alone';
      /** @throws where it could not be measured; the run is stored as failed then */
      readonly measure: (what: What, extent: Extent) => Promise<Figures>;
    }
  | {
      readonly kind: 'in-visits';
      /** Of each case. */
      readonly runsAVisit: number;
      /** @throws where it cannot be opened; all of its runs are stored as failed then */
      readonly open: (visit: Visit<What>, context: VisitContext) => Promise<RunningVisit<What, Figures>>;
    };

/** A benchmark: what is measured, how often, and what is said of it. */
export interface Suite<What, Figures> {
  readonly name: string;
  /** The report's heading. */
  readonly question: string;
  /** For the help: what a run of either extent is. */
  readonly extents: Readonly<Record<Extent, string>>;
  /** In which it can be measured. */
  readonly shells: readonly ShellKind[];
  /** The report's introduction: the streams, the settings, what the figures mean. Paragraphs of Markdown. */
  readonly method: (extent: Extent) => readonly string[];
  readonly figures: z.ZodType<Figures>;
  /** In the order of the report; of a row one after the other. */
  readonly cases: (extent: Extent) => readonly SuiteCase<What>[];
  /** Runs of each case unless asked otherwise. */
  readonly runs: Readonly<Record<Extent, number>>;
  /** What a run usually takes, windows' starts included, seconds. */
  readonly typicalS: (what: What, extent: Extent) => number;
  readonly measuring: Measuring<What, Figures>;
  /** What the line of a finished run tells of its figures, beside its time. */
  readonly runWords?: (figures: Figures) => string;
  readonly report: (runs: readonly SuiteRun<Figures>[], extent: Extent) => SuiteReport;
}
