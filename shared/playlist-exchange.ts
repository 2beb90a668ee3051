import { z } from 'zod';
import { GATEWAY_REASONS, MAX_DEADLINE_MS } from './gateway-contract.ts';

/** Longest address of a playlist, in characters: a token in its query may be long. */
const MAX_PATHNAME = 16_384;

/**
 * What a window asks the gateway for over the bridge: a playlist. Most of a wall's requests are for one, and an answer over
 * the bridge costs a third of the processor time of one through Chromium's loader (measured: 1.0 and 3.4 ms, main process
 * and page together).
 */
export const playlistRequestSchema = z.strictObject({
  /** Below the window's own origin, with its query: `/sites/<siteId>/<path>`. */
  pathname: z.string().startsWith('/sites/').max(MAX_PATHNAME),
  /** By which `gateway.cancel` ends it. */
  requestId: z.string().min(1).max(64),
  /** Until the last byte, ms. */
  deadlineMs: z.int().min(1).max(MAX_DEADLINE_MS),
});
export type PlaylistRequest = z.infer<typeof playlistRequestSchema>;

export const playlistAnswerSchema = z.discriminatedUnion('kind', [
  /** What the site answered with 200; empty where that is media, and so no playlist. */
  z.strictObject({ kind: z.literal('text'), text: z.string() }),
  z.strictObject({
    kind: z.literal('failed'),
    status: z.int(),
    /** Why the site gave no answer; `null` where the status is its own. */
    reason: z.enum(GATEWAY_REASONS).nullable(),
    /** The reason in the gateway's words. */
    words: z.string().nullable(),
  }),
]);
export type PlaylistAnswer = z.infer<typeof playlistAnswerSchema>;
export type PlaylistFailure = Extract<PlaylistAnswer, { kind: 'failed' }>;
