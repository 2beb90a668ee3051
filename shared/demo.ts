import { z } from 'zod';

/** What the demo bar can do to one of the two embedded sites. `none` restores it. */
export const DEMO_FAULTS = ['none', 'stop', 'hang', '503', 'freeze'] as const;
export const demoFaultSchema = z.enum(DEMO_FAULTS);
export type DemoFault = z.infer<typeof demoFaultSchema>;

/** How the demo's sites stream: plain HLS, a few seconds behind live, or Low-Latency HLS, about one. */
export const DEMO_LATENCIES = ['plain', 'low'] as const;
export const demoLatencySchema = z.enum(DEMO_LATENCIES);
export type DemoLatency = z.infer<typeof demoLatencySchema>;

export const demoSiteSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  fault: demoFaultSchema,
});
export type DemoSite = z.infer<typeof demoSiteSchema>;
