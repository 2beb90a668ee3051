import { z } from 'zod';
import { EXTENTS, type Extent } from '../gap/matrix.ts';
import { type Environment, environmentSchema } from '../gap/records.ts';

const runShape = {
  environment: z.string(),
  extent: z.enum(EXTENTS),
  at: z.iso.datetime(),
  /** A case's id. */
  case: z.string(),
  run: z.int().min(1),
};

const failureSchema = z.strictObject({ kind: z.literal('failure'), ...runShape, reason: z.string() });
/** A run without figures. A rerun tries it again. */
export type FailureRecord = z.infer<typeof failureSchema>;

export interface RunRecord<Figures> {
  readonly kind: 'run';
  readonly environment: string;
  readonly extent: Extent;
  readonly at: string;
  readonly case: string;
  readonly run: number;
  readonly durationMs: number;
  /** Cores that the rest of the machine kept busy in the run; `null` where the system does not tell. */
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
