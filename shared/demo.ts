import { z } from 'zod';

/** What the demo bar can do to one of the two embedded sites. `none` restores it. */
export const DEMO_FAULTS = ['none', 'stop', 'hang', '503', 'freeze'] as const;
export const demoFaultSchema = z.enum(DEMO_FAULTS);
export type DemoFault = z.infer<typeof demoFaultSchema>;

export const demoSiteSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  fault: demoFaultSchema,
});
export type DemoSite = z.infer<typeof demoSiteSchema>;
