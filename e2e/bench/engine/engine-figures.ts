import { z } from 'zod';

const latenciesSchema = z.strictObject({
  /** Median time from a request to the last byte of its answer, ms, with one request at a time. */
  medianMs: z.number(),
  p95Ms: z.number(),
  p99Ms: z.number(),
  /** Requests per second, with {@link IN_FLIGHT} of them under way at all times. */
  perS: z.number(),
});
export type Latencies = z.infer<typeof latenciesSchema>;

/** Number of requests under way while the rate is measured: as many as a large wall has in a bad moment. */
export const IN_FLIGHT = 16;

const requestFiguresSchema = z.strictObject({
  kind: z.literal('requests'),
  /** Length of one answer. */
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
  /** Number of tiles that showed a picture when the watch began. */
  shown: z.int(),
  watchedMs: z.number(),
  /** Median delay of the main process's event loop, ms. */
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
