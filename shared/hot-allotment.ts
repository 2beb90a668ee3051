import { z } from 'zod';

/** As many as a configuration may have. */
const MAX_SITES = 16;

/** How often a window tells the host of its hot standbys, and asks for as many as it may have, ms. */
export const HOT_REPORT_MS = 2000;

/**
 * What a window would like to keep hot, and how it fares. A hot standby plays underneath the shown picture, so that it
 * can be raised at once (behaviour.md rule 15).
 */
export const hotReportSchema = z.strictObject({
  /** Any text that no other window has. */
  windowId: z.string().min(1).max(64),
  /** Tiles that could have a hot standby, by the site that it would play from. */
  wishes: z
    .record(z.string().max(64), z.int().min(0).max(256))
    .refine((wishes) => Object.keys(wishes).length <= MAX_SITES, `must name at most ${MAX_SITES} sites`),
  /** Hot standbys that present now. */
  running: z.int().min(0).max(256),
  /** No tile starts or changes over. While one does, the load says nothing about the usual one. */
  settled: z.boolean(),
});
export type HotReport = z.infer<typeof hotReportSchema>;

export const hotAllotmentSchema = z.strictObject({
  /** Hot standbys that the window may have, by site. */
  allowed: z.record(z.string().max(64), z.int().min(0).max(256)),
  /** `starved`: this machine has had no processor time left for a while, whoever used it. */
  machine: z.enum(['free', 'starved']),
  /**
   * `relaxed`: on this machine low-latency streams are played by whole segments, some seconds behind the live edge. Playing
   * them part by part costs about three times as many requests.
   */
  latency: z.enum(['low', 'relaxed']),
});
export type HotAllotment = z.infer<typeof hotAllotmentSchema>;
export type Latency = HotAllotment['latency'];
