import { z } from 'zod';
import { alarmReportSchema, alarmSchema, seenAlarmSchema } from './alarms/alarm.ts';
import type { PublicConfig } from './config/config.ts';
import type { ConfigDraft } from './config/config-draft.ts';
import { demoFaultSchema, demoLatencySchema, demoSiteSchema } from './demo.ts';
import {
  begunMediaSchema,
  mediaRequestSchema,
  mediaRestSchema,
  playlistAnswerSchema,
  playlistRequestSchema,
} from './gateway/gateway-exchange.ts';
import { hotAllotmentSchema, hotReportSchema } from './hot-allotment.ts';
import { changeEntrySchema, journalEntrySchema } from './journal/journal-entry.ts';
import { journalFilterSchema } from './journal/journal-filter.ts';
import { journalHealthSchema } from './journal/journal-health.ts';
import { logLinesSchema, logTopicsSchema } from './running-log.ts';

/** Not checked in detail: the host made it. */
const publicConfigSchema = z.custom<PublicConfig>(
  (value) => typeof value === 'object' && value !== null && 'sites' in value,
);

/** Not checked in detail: the answer reports what is wrong with it, issue by issue. */
const configDraftSchema = z.custom<ConfigDraft>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'must be an object',
);

/** What a window gets at its start. The host made the configuration and has checked it. */
export const sessionSchema = z.strictObject({
  version: z.string(),
  source: z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('demo'),
      sites: z.array(demoSiteSchema),
      latency: demoLatencySchema,
    }),
    z.strictObject({ kind: z.literal('file'), path: z.string() }),
  ]),
  config: publicConfigSchema,
  /** Why there is nothing to show yet, in words; `null` otherwise. */
  problem: z.string().nullable(),
  /** Notices at the top of the window (sandbox switched off and the like). */
  notices: z.array(z.string()),
  journalPath: z.string(),
  /** The topics that the window prints (`--log`). */
  log: logTopicsSchema,
});
export type Session = z.infer<typeof sessionSchema>;

/**
 * The requests that a window may send to the host: one list, checked at both ends. The preload script passes on nothing
 * else.
 */
export const REQUESTS = {
  'session.get': { input: z.undefined(), output: sessionSchema },
  /** Answered immediately: shows a window that its host is not blocked. */
  'host.ping': { input: z.undefined(), output: z.undefined() },
  /** Whether any network interface other than loopback is up and has a network address. */
  'host.network': { input: z.undefined(), output: z.enum(['up', 'none']) },
  'gateway.playlist': { input: playlistRequestSchema, output: playlistAnswerSchema },
  'gateway.media': { input: mediaRequestSchema, output: begunMediaSchema },
  /** The next piece of media that did not come at once. */
  'gateway.mediaRest': {
    input: z.strictObject({ requestId: z.string().min(1).max(64) }),
    output: mediaRestSchema,
  },
  'gateway.cancel': {
    input: z.strictObject({ requestId: z.string().min(1).max(64) }),
    output: z.undefined(),
  },
  /**
   * A change that a tile has made. The host itself writes the entries of alarms and acknowledgements, and dates every
   * entry.
   */
  'journal.append': { input: changeEntrySchema, output: z.undefined() },
  'journal.recent': {
    input: z.strictObject({
      limit: z.int().min(1).max(1000),
      filter: journalFilterSchema.optional(),
    }),
    output: z.array(journalEntrySchema),
  },
  'journal.health': { input: z.undefined(), output: journalHealthSchema },
  /** Writes all matching entries, oldest first, into a new file in the user's folder for downloads. */
  'journal.export': {
    input: z.strictObject({ format: z.enum(['csv', 'json']), filter: journalFilterSchema }),
    output: z.strictObject({ file: z.string(), lines: z.int().min(0) }),
  },
  /** Prints them where the viewer was started so. */
  'log.print': { input: logLinesSchema, output: z.undefined() },
  'alarms.list': { input: z.undefined(), output: z.array(alarmSchema) },
  /** A tile's report of an alarm. The host keeps the list and writes the journal entries. */
  'alarms.report': { input: alarmReportSchema, output: z.undefined() },
  /** Acknowledges the alarms as they were seen. */
  'alarms.acknowledge': { input: z.array(seenAlarmSchema).max(50_000), output: z.undefined() },
  'demo.setFault': {
    input: z.strictObject({ siteId: z.string().max(64), fault: demoFaultSchema }),
    output: z.array(demoSiteSchema),
  },
  /** Both sites at once; the configuration follows. */
  'demo.setLatency': { input: z.strictObject({ latency: demoLatencySchema }), output: z.undefined() },
  /** Reports a window's hot standbys, and asks how many it may have (rule 15). */
  'standbys.allot': { input: hotReportSchema, output: hotAllotmentSchema },
  'config.get': {
    input: z.undefined(),
    output: z.strictObject({
      config: configDraftSchema,
      /** The revision on which a draft of this configuration is based. */
      revision: z.string(),
      /** The file, or the source of the configuration in words. */
      path: z.string(),
      /** `read-only`: saving is refused, for the reason in `notice`. */
      access: z.enum(['writable', 'read-only']),
      /** A problem with the file, in words. */
      notice: z.string().nullable(),
    }),
  },
  'config.save': {
    input: z.strictObject({ draft: configDraftSchema, revision: z.string().max(128) }),
    output: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('saved'), revision: z.string() }),
      /** The file has changed since the draft was begun: nothing was saved. */
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
  /** Leaves the demo for the own configuration, which is empty at first; or returns to the demo. */
  'config.startFrom': { input: z.strictObject({ kind: z.enum(['demo', 'own']) }), output: z.undefined() },
  'settings.open': { input: z.undefined(), output: z.undefined() },
  /** Whether any tile of the window plays: this keeps the display awake. */
  'power.setPlaying': { input: z.strictObject({ playing: z.boolean() }), output: z.undefined() },
  'window.setFullscreen': { input: z.strictObject({ fullscreen: z.boolean() }), output: z.undefined() },
} as const satisfies Record<string, { input: z.ZodType; output: z.ZodType }>;

export type RequestName = keyof typeof REQUESTS;

/** Requests of the settings window. */
export const SETTINGS_REQUESTS: ReadonlySet<RequestName> = new Set([
  'session.get',
  'config.get',
  'config.save',
  'config.startFrom',
]);

/** Requests of the viewer. It shows what sites send, and must not decide where the sites are. */
export const VIEWER_REQUESTS: ReadonlySet<RequestName> = new Set(
  (Object.keys(REQUESTS) as RequestName[]).filter((name) => !name.startsWith('config.')),
);

/** Events from the host to a window. */
export const EVENTS = {
  /** Local faults (rule 10): while suspended, tiles decide nothing. */
  'activity.changed': z.strictObject({ suspended: z.boolean(), reason: z.string() }),
  /**
   * Another configuration is in use, or the message about it has changed: after a save, a change on the disk, a change
   * of source. `session.get` then has a new answer as well.
   */
  'config.changed': z.strictObject({ config: publicConfigSchema, revision: z.string() }),
  'demo.changed': z.array(demoSiteSchema),
  /** The whole list of alarms, the same in every window. */
  'alarms.changed': z.array(alarmSchema),
  'journal.healthChanged': journalHealthSchema,
  'window.fullscreenChanged': z.strictObject({ fullscreen: z.boolean() }),
} as const satisfies Record<string, z.ZodType>;

export type RequestInput<N extends RequestName> = z.infer<(typeof REQUESTS)[N]['input']>;
export type RequestOutput<N extends RequestName> = z.infer<(typeof REQUESTS)[N]['output']>;
export type EventName = keyof typeof EVENTS;
export type EventPayload<N extends EventName> = z.infer<(typeof EVENTS)[N]>;

/** The object that the preload script makes available as `window.holdfast`. */
export interface BridgeTransport {
  request(name: string, input: unknown): Promise<unknown>;
  /** Returns the function that ends the subscription. */
  on(name: string, listener: (payload: unknown) => void): () => void;
}
