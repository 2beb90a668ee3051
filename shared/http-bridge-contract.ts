import { z } from 'zod';

/**
 * The bridge (bridge.ts) without a preload script: over HTTP, between a page and the host that served it. A request is
 * a POST to {@link BRIDGE_PATH} followed by its name; the body is its input as JSON (empty for `undefined`).
 */
export const BRIDGE_PATH = '/bridge/';

/** The events, as `text/event-stream`: the event's type is its name, its data the JSON payload. */
export const BRIDGE_EVENTS_PATH = '/bridge/events';

/** The answer, as JSON, to every request that reached the host. `value` is missing for `undefined`. */
export const bridgeReplySchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('answer'), value: z.unknown().optional() }),
  z.strictObject({ kind: z.literal('error'), message: z.string() }),
]);
