import { z } from 'zod';
import { faultSchema } from '../../electron/demo/faults.ts';
import { networkConditionsSchema } from '../../electron/demo/network-conditions.ts';
import { originLoginSchema } from '../../electron/demo/origin-login.ts';
import { cameraStreamSchema } from './stream-of-camera.ts';

const siteSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  /**
   * The site serves over TLS with a self-signed certificate. `pinned`: the configuration has the certificate's
   * fingerprint. `trusted`: the certificate is an authority in {@link Rig.environment}, and its dates are checked.
   */
  tls: z.enum(['pinned', 'trusted']).optional(),
  login: originLoginSchema.optional(),
  /** Address at which the site listens, by default 127.0.0.1. Certificates are always for 127.0.0.1. */
  address: z.ipv4().optional(),
  /** The demo site whose clips, and so whose mark, the site shows; by default it depends on the order of the sites. */
  clips: z.enum(['main', 'backup']).optional(),
  /** Time by which the site's clock is ahead, ms. */
  clockOffsetMs: z.int().optional(),
  /** Whether the site has a further address, which is another port. */
  further: z.boolean().optional(),
  conditions: networkConditionsSchema.optional(),
});
export type RigSiteOptions = z.infer<typeof siteSchema>;

/** A site with the streams that it serves, by camera id. */
const servedSiteSchema = z.strictObject({
  ...siteSchema.shape,
  streams: z.record(z.string(), cameraStreamSchema),
});

const faultStepSchema = z.strictObject({
  kind: z.literal('fault'),
  /** Time of the step, ms after the schedule's start. */
  atMs: z.number().min(0),
  siteId: z.string(),
  /** They replace the earlier faults; an empty list ends these. */
  faults: z.array(faultSchema),
  /** The cameras that get the faults; by default the whole site. */
  cameras: z.array(z.string()).optional(),
});
const conditionsStepSchema = z.strictObject({
  kind: z.literal('conditions'),
  atMs: z.number().min(0),
  siteId: z.string(),
  conditions: networkConditionsSchema,
});
const stepSchema = z.discriminatedUnion('kind', [faultStepSchema, conditionsStepSchema]);
/** One step of a schedule. */
export type RigStep = z.infer<typeof stepSchema>;
export type FaultStep = z.infer<typeof faultStepSchema>;

/** Commands of a test to the rig's process. `open` comes first, and only once. */
export const rigCommandSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('open'),
    sites: z.array(servedSiteSchema).min(1),
    cameras: z.int().min(1).max(64),
    /** Seed of the random jitter and loss. */
    seed: z.int(),
  }),
  z.strictObject({ type: z.literal('run'), steps: z.array(stepSchema) }),
  z.strictObject({ type: z.literal('clear'), siteId: z.string() }),
  z.strictObject({ type: z.literal('renew-login'), siteId: z.string() }),
  z.strictObject({ type: z.literal('stats') }),
]);
export type RigCommand = z.infer<typeof rigCommandSchema>;

const openSiteSchema = z.strictObject({
  id: z.string(),
  baseUrl: z.url(),
  /** Base address of the site's further address; `null` without one. */
  furtherBaseUrl: z.url().nullable(),
  certificate: z.strictObject({ pin: z.string(), trusted: z.string() }).nullable(),
});
export type OpenRigSite = z.infer<typeof openSiteSchema>;

const requestCountsSchema = z.strictObject({
  login: z.int(),
  playlist: z.int(),
  init: z.int(),
  media: z.int(),
});

const siteStatsSchema = z.strictObject({
  id: z.string(),
  openConnections: z.int(),
  /** Requests by camera, under the name that the requests used. */
  requests: z.record(z.string(), requestCountsSchema),
  /**
   * By camera, the most polls of one playlist of one session within any second. Those that the server may hold until
   * there is something new (blocking reload) do not count.
   */
  mostPollsPerS: z.record(z.string(), z.int()),
  /** By camera, the longest time without a request since the first one, ms. */
  longestRestMs: z.record(z.string(), z.number()),
  /** Sessions by camera, only for cameras whose server keeps sessions. */
  sessions: z.record(z.string(), z.strictObject({ made: z.int(), open: z.int() })),
  /** Requests in each of the last whole seconds, the earliest first. A second begins at `fromMs`, ms since 1970. */
  requestsPerS: z.array(z.strictObject({ fromMs: z.int(), requests: z.int() })),
});
export type RigSiteStats = z.infer<typeof siteStatsSchema>;

const answerSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('opened'), sites: z.array(openSiteSchema) }),
  /** When each step took effect, ms since 1970. */
  z.strictObject({ type: z.literal('ran'), inForceMs: z.array(z.number()) }),
  z.strictObject({ type: z.literal('cleared'), inForceMs: z.number() }),
  z.strictObject({ type: z.literal('login'), login: originLoginSchema }),
  z.strictObject({ type: z.literal('stats'), sites: z.array(siteStatsSchema) }),
  z.strictObject({ type: z.literal('failed'), reason: z.string() }),
]);
export type RigAnswer = z.infer<typeof answerSchema>;

/**
 * `id` says to which command an answer belongs. Answers may come in another order, because a schedule is answered only
 * when it is over. {@link rigCommandSchema} checks the command later, so that a bad command gets an answer too.
 */
export const toRigSchema = z.strictObject({ id: z.int(), command: z.unknown() });
export type ToRig = z.infer<typeof toRigSchema> & { readonly command: RigCommand };
export const fromRigSchema = z.strictObject({ id: z.int(), answer: answerSchema });
export type FromRig = z.infer<typeof fromRigSchema>;
