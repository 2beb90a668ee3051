import { z } from 'zod';

/**
 * The bridge (bridge.ts) where there is no preload script: over HTTP, between a page and the host that served it. A
 * request is a POST to {@link BRIDGE_PATH} with its name, its input the JSON body (none for `undefined`).
 */
export const BRIDGE_PATH = '/bridge/';

/** The events, as `text/event-stream`: the event's type is its name, its data the JSON payload. */
export const BRIDGE_EVENTS_PATH = '/bridge/events';

/** What every request that reached the host is answered with, as JSON. `value` is missing for `undefined`. */
export const bridgeReplySchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('answer'), value: z.unknown().optional() }),
  z.strictObject({ kind: z.literal('error'), message: z.string() }),
]);
