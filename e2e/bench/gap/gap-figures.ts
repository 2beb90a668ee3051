import { z } from 'zod';
import type { SuiteRun } from '../suite/suite.ts';
import type { Row, Setup } from './matrix.ts';

/** A change in the journal. Times are in ms after the fault took effect, or, for a failback, after it was cleared. */
const changeSchema = z.strictObject({
  cause: z.string(),
  evidenceMs: z.number().nullable(),
  decisionMs: z.number(),
  firstFrameMs: z.number(),
  gapMs: z.number().nullable(),
  jumpMs: z.number().nullable(),
});
export type RoundChange = z.infer<typeof changeSchema>;

const tileSchema = z.strictObject({
  tile: z.int().min(1),
  /** Age of the newest frame before the fault, ms, by program date-time; `null` where it is not known. */
  latencyMs: z.number().nullable(),
  /** Whether a player of the other site ran already before the fault. */
  standby: z.enum(['hot', 'cold', 'unknown']),
  /** `null`: the tile did not change over in time. */
  failover: changeSchema.nullable(),
  /** `null`: the round did not wait for it, or it did not come in time. */
  failback: changeSchema.nullable(),
});
export type TileRound = z.infer<typeof tileSchema>;

const falseChangeSchema = z.strictObject({
  tile: z.int().min(1),
  during: z.enum(['quiet', 'fault', 'after']),
  cause: z.string(),
  from: z.string().nullable(),
  to: z.string(),
});
export type FalseChange = z.infer<typeof falseChangeSchema>;

const roundFiguresSchema = z.strictObject({
  kind: z.literal('round'),
  failback: z.enum(['wait', 'skip']),
  tiles: z.array(tileSchema),
  falseChanges: z.array(falseChangeSchema),
  /** How long the wall was watched before the fault, ms. */
  quietMs: z.number(),
});
export type RoundFigures = z.infer<typeof roundFiguresSchema>;

/** The latency of a plain grid of hls.js with the same streams. */
const bareGridFiguresSchema = z.strictObject({
  kind: z.literal('bare-grid'),
  /** Median age of the newest frame of each tile, ms, by program date-time. */
  latenciesMs: z.array(z.number()),
  /** Number of tiles that showed nothing. */
  dark: z.int().min(0),
});
export type BareGridFigures = z.infer<typeof bareGridFiguresSchema>;

export const gapFiguresSchema = z.discriminatedUnion('kind', [roundFiguresSchema, bareGridFiguresSchema]);
export type GapFigures = z.infer<typeof gapFiguresSchema>;

/** A round with its place in the matrix. */
export interface Round
  extends Omit<RoundFigures, 'kind'>,
    Pick<SuiteRun<unknown>, 'run' | 'othersCores' | 'machine'> {
  readonly row: Row;
}

/** How the values of a figure are spread, ms. `null`: there is no value, or the value is endless. */
export interface Spread {
  readonly count: number;
  readonly median: number | null;
  readonly p95: number | null;
  readonly max: number | null;
}

export interface LatencySummary {
  readonly id: string;
  readonly setup: Setup;
  readonly holdfast: Spread;
  readonly bareGrid: Spread;
  readonly bareGridDark: number;
}
