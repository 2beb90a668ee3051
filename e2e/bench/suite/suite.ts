import type { z } from 'zod';
import type { GoalResult } from '../gap/goals.ts';
import type { Extent } from '../gap/matrix.ts';

/** One thing that a suite measures. */
export interface SuiteCase<What> {
  /** `<row>/<variant>`: what `--only` is matched with, and what results are stored by. */
  readonly id: string;
  /** Cases of one row are compared with each other, so they run right after one another. */
  readonly row: string;
  readonly what: What;
}

/** A finished run of a case. */
export interface SuiteRun<Figures> {
  readonly id: string;
  /** Counted from 1 within its case; runs of one row with the same number are a pair. */
  readonly run: number;
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
}

/** A benchmark: what is measured, how often, and what is said of it. */
export interface Suite<What, Figures> {
  readonly name: string;
  /** The report's heading. */
  readonly question: string;
  /** For the help: what a run of either extent is. */
  readonly extents: Readonly<Record<Extent, string>>;
  /** The report's introduction: the streams, the settings, what the figures mean. Paragraphs of Markdown. */
  readonly method: (extent: Extent) => readonly string[];
  readonly figures: z.ZodType<Figures>;
  /** In the order of the report; of a row one after the other. */
  readonly cases: (extent: Extent) => readonly SuiteCase<What>[];
  /** Runs of each case unless asked otherwise. */
  readonly runs: Readonly<Record<Extent, number>>;
  /** What a run usually takes, windows' starts included, seconds. */
  readonly typicalS: (what: What, extent: Extent) => number;
  /** @throws where it could not be measured; the run is stored as failed then */
  readonly measure: (what: What, extent: Extent) => Promise<Figures>;
  readonly report: (runs: readonly SuiteRun<Figures>[], extent: Extent) => SuiteReport;
}
