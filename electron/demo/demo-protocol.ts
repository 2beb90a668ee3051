import { z } from 'zod';
import { demoFaultSchema } from '../../shared/demo.ts';

/** What the host tells the demo's process. */
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
/** Where one of the demo's sites serves. */
export type DemoSiteAddress = z.infer<typeof demoSiteAddressSchema>;

/** What the demo's process tells the host: `ready` once and first, `failed` last, before it ends. */
export const fromDemoSchema = z.discriminatedUnion('type', [
  /** In the sites' order of priority. */
  z.strictObject({ type: z.literal('ready'), sites: z.array(demoSiteAddressSchema) }),
  /** The fault is in force. */
  z.strictObject({ type: z.literal('fault-set'), siteId: z.string(), fault: demoFaultSchema }),
  z.strictObject({ type: z.literal('failed'), reason: z.string() }),
]);
export type FromDemo = z.infer<typeof fromDemoSchema>;

/**
 * The demo process's argument that names the directory of the clips, `--clips=<directory>`. Without it
 * they are looked for in `clips/` beside the running file.
 */
export const CLIPS_ARGUMENT = '--clips=';
