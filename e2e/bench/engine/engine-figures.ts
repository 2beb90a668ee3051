import { z } from 'zod';

const latenciesSchema = z.strictObject({
  /** One request after the other, from asking to the last byte, ms. */
  medianMs: z.number(),
  p95Ms: z.number(),
  p99Ms: z.number(),
  /** With {@link IN_FLIGHT} under way at all times. */
  perS: z.number(),
});
export type Latencies = z.infer<typeof latenciesSchema>;

/** Requests under way while the rate is measured: those of a large wall in a bad moment. */
export const IN_FLIGHT = 16;

const requestFiguresSchema = z.strictObject({
  kind: z.literal('requests'),
  /** Of one answer. */
  bytes: z.int(),
  direct: latenciesSchema,
  gateway: latenciesSchema,
});
export type RequestFigures = z.infer<typeof requestFiguresSchema>;

export const STEP_NAMES = ['tick', 'proof', 'failover'] as const;
export type StepName = (typeof STEP_NAMES)[number];

const stepFiguresSchema = z.strictObject({
  kind: z.literal('steps'),
  perS: z.strictObject({ tick: z.number(), proof: z.number(), failover: z.number() }),
});
export type StepFigures = z.infer<typeof stepFiguresSchema>;

const eventLoopFiguresSchema = z.strictObject({
  kind: z.literal('event-loop'),
  tiles: z.int(),
  /** Tiles that showed a picture when it began. */
  shown: z.int(),
  watchedMs: z.number(),
  /** How late the main process's event loop was, ms. */
  medianMs: z.number(),
  p99Ms: z.number(),
  maxMs: z.number(),
});
export type EventLoopFigures = z.infer<typeof eventLoopFiguresSchema>;

export const engineFiguresSchema = z.discriminatedUnion('kind', [
  stepFiguresSchema,
  requestFiguresSchema,
  eventLoopFiguresSchema,
]);
export type EngineFigures = z.infer<typeof engineFiguresSchema>;
