import { z } from 'zod';
import { faultSchema } from '../../electron/demo/faults.ts';
import { networkConditionsSchema } from '../../electron/demo/network-conditions.ts';
import { originLoginSchema } from '../../electron/demo/origin-login.ts';
import { cameraStreamSchema } from './stream-of-camera.ts';

const siteSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  /**
   * Serves over TLS with a certificate that nobody but itself signed. `pinned`: the configuration carries its
   * fingerprint; `trusted`: it is among the authorities of {@link Rig.environment}, and dates count.
   */
  tls: z.enum(['pinned', 'trusted']).optional(),
  login: originLoginSchema.optional(),
  /** Where it listens; 127.0.0.1 by default, which is also the address that certificates are for. */
  address: z.ipv4().optional(),
  /** Whose clips, and so whose mark, it carries; by default what its place among the sites gives it. */
  clips: z.enum(['main', 'backup']).optional(),
  /** How much the site's clock is ahead. Milliseconds. */
  clockOffsetMs: z.int().optional(),
  /** Whether it serves at a second port as well, a further address of the site. */
  further: z.boolean().optional(),
  conditions: networkConditionsSchema.optional(),
});
export type RigSiteOptions = z.infer<typeof siteSchema>;

/** A site with the streams that it is to serve, by camera id. */
const servedSiteSchema = z.strictObject({
  ...siteSchema.shape,
  streams: z.record(z.string(), cameraStreamSchema),
});

const faultStepSchema = z.strictObject({
  kind: z.literal('fault'),
  /** After the schedule's start. Milliseconds. */
  atMs: z.number().min(0),
  siteId: z.string(),
  /** In place of those before; none ends them. */
  faults: z.array(faultSchema),
  /** Without them the whole site. */
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

/** What a test tells the rig's process: `open` once and first. */
export const rigCommandSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('open'),
    sites: z.array(servedSiteSchema).min(1),
    cameras: z.int().min(1).max(64),
    /** Of jitter and loss. */
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
  /** Of its second port. */
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
  /** By camera, as the requests named it. */
  requests: z.record(z.string(), requestCountsSchema),
  /**
   * By camera, the most requests for one playlist of one session within any second, without those that the server answers in its
   * own time (blocking reload).
   */
  mostPollsPerS: z.record(z.string(), z.int()),
  /** By camera, the longest time without a request since the first one. Milliseconds. */
  longestRestMs: z.record(z.string(), z.number()),
  /** By camera, of those whose server keeps sessions. */
  sessions: z.record(z.string(), z.strictObject({ made: z.int(), open: z.int() })),
  /** Requests in each of the last whole seconds, which began at `fromMs` (ms since 1970), the earliest first. */
  requestsPerS: z.array(z.strictObject({ fromMs: z.int(), requests: z.int() })),
});
export type RigSiteStats = z.infer<typeof siteStatsSchema>;

const answerSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('opened'), sites: z.array(openSiteSchema) }),
  /** When each step came into force, ms since 1970. */
  z.strictObject({ type: z.literal('ran'), inForceMs: z.array(z.number()) }),
  z.strictObject({ type: z.literal('cleared'), inForceMs: z.number() }),
  z.strictObject({ type: z.literal('login'), login: originLoginSchema }),
  z.strictObject({ type: z.literal('stats'), sites: z.array(siteStatsSchema) }),
  z.strictObject({ type: z.literal('failed'), reason: z.string() }),
]);
export type RigAnswer = z.infer<typeof answerSchema>;

/**
 * `id` ties an answer to its command: a schedule is answered when it is over. The command is read by
 * {@link rigCommandSchema}, so that a bad one has an answer too.
 */
export const toRigSchema = z.strictObject({ id: z.int(), command: z.unknown() });
export type ToRig = z.infer<typeof toRigSchema> & { readonly command: RigCommand };
export const fromRigSchema = z.strictObject({ id: z.int(), answer: answerSchema });
export type FromRig = z.infer<typeof fromRigSchema>;
