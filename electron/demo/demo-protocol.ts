import { z } from 'zod';
import { demoFaultSchema } from '../../shared/demo.ts';

/** Messages of the host to the demo's process. */
export const toDemoSchema = z.strictObject({
  type: z.literal('set-fault'),
  siteId: z.string(),
  fault: demoFaultSchema,
});
export type ToDemo = z.infer<typeof toDemoSchema>;

const demoSiteAddressSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  /** `http://127.0.0.1:<port>` */
  baseUrl: z.url(),
});
/** The address of one of the demo's sites. */
export type DemoSiteAddress = z.infer<typeof demoSiteAddressSchema>;

/** Messages of the demo's process to the host: `ready` comes once and first, `failed` last, before the process ends. */
export const fromDemoSchema = z.discriminatedUnion('type', [
  /** In order of priority. */
  z.strictObject({ type: z.literal('ready'), sites: z.array(demoSiteAddressSchema) }),
  /** The fault is active. */
  z.strictObject({ type: z.literal('fault-set'), siteId: z.string(), fault: demoFaultSchema }),
  z.strictObject({ type: z.literal('failed'), reason: z.string() }),
]);
export type FromDemo = z.infer<typeof fromDemoSchema>;

/**
 * The argument with the directory of the clips, `--clips=<directory>`. Without it, the clips are in `clips/` beside the
 * running file.
 */
export const CLIPS_ARGUMENT = '--clips=';
