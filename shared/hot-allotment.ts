import { z } from 'zod';

/** Limit of sites in a configuration. */
const MAX_SITES = 16;

/** Interval at which a window reports its hot standbys, and asks how many it may have, ms. */
export const HOT_REPORT_MS = 2000;

/**
 * A window's report of its hot standbys, and of those that it would like to have. A hot standby plays underneath the
 * shown picture, so that it can be raised immediately (rule 15).
 */
export const hotReportSchema = z.strictObject({
  /** Any text that differs between windows. */
  windowId: z.string().min(1).max(64),
  /** Number of tiles that could have a hot standby, by the site from which it would play. */
  wishes: z
    .record(z.string().max(64), z.int().min(0).max(256))
    .refine((wishes) => Object.keys(wishes).length <= MAX_SITES, `must name at most ${MAX_SITES} sites`),
  /** Number of hot standbys that present frames. */
  running: z.int().min(0).max(256),
  /** No tile starts or changes over. While one does, the load is not the usual one. */
  settled: z.boolean(),
});
export type HotReport = z.infer<typeof hotReportSchema>;

export const hotAllotmentSchema = z.strictObject({
  /** Number of hot standbys that the window may have, by site. */
  allowed: z.record(z.string().max(64), z.int().min(0).max(256)),
  /** `starved`: this machine has had no processor time left for a while, whatever used it. */
  machine: z.enum(['free', 'starved']),
  /**
   * `relaxed`: on this machine low-latency streams are played by whole segments, some seconds behind the live edge.
   * Playing them part by part takes about three times as many requests.
   */
  latency: z.enum(['low', 'relaxed']),
});
export type HotAllotment = z.infer<typeof hotAllotmentSchema>;
export type Latency = HotAllotment['latency'];
