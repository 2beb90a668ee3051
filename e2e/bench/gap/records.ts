import { z } from 'zod';
import { GAP_FAULTS, NETWORK_KINDS, STREAM_KINDS, TILE_COUNTS } from './matrix.ts';

const instant = z.iso.datetime();

const setupShape = {
  stream: z.enum(STREAM_KINDS),
  tiles: z.literal(TILE_COUNTS),
  network: z.enum(NETWORK_KINDS),
  transport: z.enum(['http', 'https']),
};

/** What a figure depends on beside the row. Rounds of different builds or machines are never mixed. */
export const environmentSchema = z.strictObject({
  kind: z.literal('environment'),
  /** Of everything below but the commit and the tree, which may change without the build or the harness. */
  id: z.string(),
  commit: z.string(),
  /** Of the work tree that was built and measured. */
  tree: z.enum(['clean', 'changed']),
  /** SHA-256 of all that the application is built from. */
  sources: z.string(),
  /** SHA-256 of the harness, and of the sites that it measures against. */
  harness: z.string(),
  shell: z.enum(['electron', 'chromium']),
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

/** A journal's change; times are ms after the fault was in force, for a failback after it was cleared. */
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
  /** `null`: the tile did not change over in the time that it was given. */
  failover: changeSchema.nullable(),
  /** `null`: not waited for, or it did not come in its time. */
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

const roundSchema = z.strictObject({
  kind: z.literal('round'),
  environment: z.string(),
  at: instant,
  row: z.strictObject({ ...setupShape, fault: z.enum(GAP_FAULTS) }),
  round: z.int().min(1),
  failback: z.enum(['wait', 'skip']),
  tiles: z.array(tileSchema),
  falseChanges: z.array(falseChangeSchema),
  /** How long the wall was watched without a fault before it, ms. */
  quietMs: z.number(),
  durationMs: z.number(),
  /** Cores that the rest of the machine kept busy in the round; `null` where the system does not tell. */
  othersCores: z.number().nullable(),
});
export type Round = z.infer<typeof roundSchema>;

/** A round without figures, because its wall did not come up or the harness itself failed. A rerun tries it again. */
const failureSchema = z.strictObject({
  kind: z.literal('failure'),
  environment: z.string(),
  at: instant,
  row: z.strictObject({ ...setupShape, fault: z.enum(GAP_FAULTS) }),
  round: z.int().min(1),
  reason: z.string(),
});
export type Failure = z.infer<typeof failureSchema>;

/** The latency of a plain grid of hls.js with the same streams. */
const bareGridSchema = z.strictObject({
  kind: z.literal('bare-grid'),
  environment: z.string(),
  at: instant,
  setup: z.strictObject(setupShape),
  /** Median age of the newest frame of each tile, ms, by program date-time. */
  latenciesMs: z.array(z.number()),
  /** Tiles that showed nothing. */
  dark: z.int().min(0),
});
export type BareGrid = z.infer<typeof bareGridSchema>;

/** One line of results.jsonl. */
export const recordSchema = z.discriminatedUnion('kind', [
  environmentSchema,
  roundSchema,
  failureSchema,
  bareGridSchema,
]);
export type Record = z.infer<typeof recordSchema>;
