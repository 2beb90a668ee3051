import { z } from 'zod';
import { EXTENTS, type Extent } from './extent.ts';
import { SHELL_KINDS } from './shell-versions.ts';

/** What a figure depends on besides the case. Runs of different builds or machines are never mixed. */
const environmentSchema = z.strictObject({
  kind: z.literal('environment'),
  /** Digest of everything below, without the commit and the tree: these may change while build and harness do not. */
  id: z.string(),
  /** `null` in a copy that is no git work tree. */
  commit: z.string().nullable(),
  /** State of the work tree that was built and measured; `unknown` where there is none. */
  tree: z.enum(['clean', 'changed', 'unknown']),
  /** SHA-256 of all that the application is built from. */
  sources: z.string(),
  /** SHA-256 of the harness, and of the sites that it measures against. */
  harness: z.string(),
  shell: z.enum(SHELL_KINDS),
  holdfast: z.string(),
  /** `null` in the Chromium shell. */
  electron: z.string().nullable(),
  chromium: z.string(),
  hlsJs: z.string(),
  node: z.string(),
  machine: z.strictObject({
    os: z.string(),
    cpu: z.string(),
    cores: z.int().min(1),
    memoryGb: z.number(),
  }),
});
export type Environment = z.infer<typeof environmentSchema>;

const runShape = {
  environment: z.string(),
  extent: z.enum(EXTENTS),
  /** When the run began. */
  at: z.iso.datetime(),
  /** Id of the case. */
  case: z.string(),
  run: z.int().min(1),
};

const failureSchema = z.strictObject({ kind: z.literal('failure'), ...runShape, reason: z.string() });
/** A run without figures. The next start of the suite makes it again. */
export type FailureRecord = z.infer<typeof failureSchema>;

export interface RunRecord<Figures> {
  readonly kind: 'run';
  readonly environment: string;
  readonly extent: Extent;
  readonly at: string;
  readonly case: string;
  readonly run: number;
  readonly durationMs: number;
  /** Cores that the rest of the machine kept busy in the run; `null` where the system does not report it. */
  readonly othersCores: number | null;
  readonly figures: Figures;
}

export type SuiteRecord<Figures> = Environment | FailureRecord | RunRecord<Figures>;

/** One line of a suite's results.jsonl. */
export function suiteRecordSchema<Figures>(figures: z.ZodType<Figures>): z.ZodType<SuiteRecord<Figures>> {
  return z.discriminatedUnion('kind', [
    environmentSchema,
    failureSchema,
    z.strictObject({
      kind: z.literal('run'),
      ...runShape,
      durationMs: z.number(),
      othersCores: z.number().nullable(),
      figures,
    }),
  ]);
}
