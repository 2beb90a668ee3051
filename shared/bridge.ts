import { z } from 'zod';
import type { PublicConfig } from './config.ts';
import { configDraftSchema } from './config-draft.ts';
import { demoFaultSchema, demoSiteSchema } from './demo.ts';
import { journalEntrySchema } from './journal-entry.ts';

/** What a window learns at its start. The configuration was checked by the host, which made it. */
export const sessionSchema = z.strictObject({
  version: z.string(),
  source: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('demo'), sites: z.array(demoSiteSchema) }),
    z.strictObject({ kind: z.literal('file'), path: z.string() }),
  ]),
  config: z.custom<PublicConfig>((value) => typeof value === 'object' && value !== null && 'sites' in value),
  /** What the operator should be told at the top of the window (sandbox switched off and the like). */
  notices: z.array(z.string()),
  journalPath: z.string(),
});
export type Session = z.infer<typeof sessionSchema>;

/**
 * The requests that a window may make of the host: one list, checked on both ends. The preload script
 * passes on nothing that is not in it.
 */
export const REQUESTS = {
  'session.get': { input: z.undefined(), output: sessionSchema },
  'gateway.cancel': {
    input: z.strictObject({ requestId: z.string().min(1).max(64) }),
    output: z.undefined(),
  },
  'journal.append': { input: journalEntrySchema, output: z.undefined() },
  'journal.recent': {
    input: z.strictObject({ limit: z.int().min(1).max(1000) }),
    output: z.array(journalEntrySchema),
  },
  'demo.setFault': {
    input: z.strictObject({ siteId: z.string().max(64), fault: demoFaultSchema }),
    output: z.array(demoSiteSchema),
  },
  /** Whether any tile of the window plays: keeps the display awake. */
  'power.setPlaying': { input: z.strictObject({ playing: z.boolean() }), output: z.undefined() },
  'window.setFullscreen': { input: z.strictObject({ fullscreen: z.boolean() }), output: z.undefined() },
  'config.get': {
    input: z.undefined(),
    output: z.strictObject({
      draft: configDraftSchema,
      /** Changes with every change of the configuration on disk. */
      revision: z.string(),
      path: z.string(),
      access: z.enum(['writable', 'read-only']),
      /** What happened to the file, in words: damaged, written by a newer release, … */
      notice: z.string().nullable(),
    }),
  },
  /** Saves only over the revision that the draft was made from. */
  'config.save': {
    input: z.strictObject({ draft: configDraftSchema, revision: z.string() }),
    output: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('saved'), revision: z.string() }),
      z.strictObject({ kind: z.literal('conflict') }),
      z.strictObject({
        kind: z.literal('invalid'),
        issues: z.array(
          z.strictObject({ path: z.array(z.union([z.string(), z.number()])), message: z.string() }),
        ),
      }),
      z.strictObject({ kind: z.literal('refused'), message: z.string() }),
    ]),
  },
  /** Which configuration the viewers run from now on: the demo's, or the user's own. */
  'config.startFrom': { input: z.strictObject({ kind: z.enum(['demo', 'own']) }), output: z.undefined() },
  'settings.open': { input: z.undefined(), output: z.undefined() },
} as const satisfies Record<string, { input: z.ZodType; output: z.ZodType }>;

/** What the host tells a window, unasked. */
export const EVENTS = {
  /** Local faults (behaviour.md rule 10): while suspended, tiles decide nothing. */
  'activity.changed': z.strictObject({ suspended: z.boolean(), reason: z.string() }),
  'demo.changed': z.array(demoSiteSchema),
  'window.fullscreenChanged': z.strictObject({ fullscreen: z.boolean() }),
  'config.changed': z.strictObject({ revision: z.string() }),
} as const satisfies Record<string, z.ZodType>;

export type RequestName = keyof typeof REQUESTS;
export type RequestInput<N extends RequestName> = z.infer<(typeof REQUESTS)[N]['input']>;
export type RequestOutput<N extends RequestName> = z.infer<(typeof REQUESTS)[N]['output']>;
export type EventName = keyof typeof EVENTS;
export type EventPayload<N extends EventName> = z.infer<(typeof EVENTS)[N]>;

/** What the preload script puts on `window.holdfast`. */
export interface BridgeTransport {
  request(name: string, input: unknown): Promise<unknown>;
  /** Returns the function that ends the subscription. */
  on(name: string, listener: (payload: unknown) => void): () => void;
}
