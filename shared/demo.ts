import { z } from 'zod';

/** The faults that the demo bar can set at an embedded site. `none` ends them. */
export const DEMO_FAULTS = ['none', 'stop', 'hang', '503', 'freeze'] as const;
export const demoFaultSchema = z.enum(DEMO_FAULTS);
export type DemoFault = z.infer<typeof demoFaultSchema>;

/** The streams of the demo's sites: plain HLS, a few seconds behind live, or Low-Latency HLS, about one second. */
export const DEMO_LATENCIES = ['plain', 'low'] as const;
export const demoLatencySchema = z.enum(DEMO_LATENCIES);
export type DemoLatency = z.infer<typeof demoLatencySchema>;

export const demoSiteSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  fault: demoFaultSchema,
});
export type DemoSite = z.infer<typeof demoSiteSchema>;
