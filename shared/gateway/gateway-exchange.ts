import { z } from 'zod';
import {
  CONNECT_HEADER,
  DEADLINE_HEADER,
  DOUBT_HEADER,
  EXPECTATIONS,
  EXPECTS_HEADER,
  GATEWAY_REASONS,
  MAX_DEADLINE_MS,
  REASON_HEADER,
  REASON_TEXT_HEADER,
  REQUEST_ID_HEADER,
  SITE_HEADER,
} from './gateway-contract.ts';

/** Longest address, in characters: a token in its query may be long. */
const MAX_PATHNAME = 16_384;

/** Longest name of a site, in characters: its id, and what tells its addresses from former ones. */
const MAX_SITE = 100;

const deadlineSchema = z.int().min(1).max(MAX_DEADLINE_MS);

const requestSchema = z.strictObject({
  /** The site whose stream wants it, as in `pathname`: what a site sends never leads to another one. */
  site: z.string().min(1).max(MAX_SITE),
  /** Below the window's own origin, with its query: `/sites/<siteId>/<path>`. */
  pathname: z.string().startsWith('/sites/').max(MAX_PATHNAME),
  /** By which `gateway.cancel` ends it. */
  requestId: z.string().min(1).max(64),
  /** Until the last byte, ms. */
  deadlineMs: deadlineSchema,
});

/**
 * What a window asks the gateway for over the bridge: a playlist. An answer over the bridge costs a third of the processor time
 * of one through Chromium's loader (measured: 1.0 and 3.4 ms, main process and page together).
 */
export const playlistRequestSchema = requestSchema.extend({
  /** The stream is lost: the site's name is looked up before it is asked, and another of its addresses may be. */
  doubted: z.literal(true).optional(),
});
export type PlaylistRequest = z.infer<typeof playlistRequestSchema>;

/**
 * The largest answer with media that comes over the bridge at once, bytes. It is copied in the page's thread, which takes 5 to 9 ms
 * for 1 MB: a larger one comes in pieces, between which the page does something else.
 */
export const MEDIA_AT_ONCE_BYTES = 2_000_000;
/** Each of these pieces, bytes, and somewhat more where the site sends it so. */
export const MEDIA_PIECE_BYTES = 1_000_000;

/**
 * The same for a piece of media: a segment, a part or an initialisation section. With 60 KB it costs less than half (1.9 and
 * 4.3 ms).
 */
export const mediaRequestSchema = requestSchema.extend({
  /** Until the answer begins, ms. */
  firstByteMs: deadlineSchema,
  /** Of the file at that address, bytes; `null` for all of it. */
  range: z.strictObject({ offset: z.int().min(0), length: z.int().min(0) }).nullable(),
  expects: z.enum(EXPECTATIONS),
});
export type MediaRequest = z.infer<typeof mediaRequestSchema>;

const failureSchema = z.strictObject({
  kind: z.literal('failed'),
  status: z.int(),
  /** Why the site gave no answer; `null` where the status is its own. */
  reason: z.enum(GATEWAY_REASONS).nullable(),
  /** The reason in the gateway's words. */
  words: z.string().nullable(),
});
export type FailedAnswer = z.infer<typeof failureSchema>;

/** Stands for media that was sent in the place of a playlist. (An empty text is an empty playlist.) */
export const MEDIA_INSTEAD = 'media';

export const playlistAnswerSchema = z.discriminatedUnion('kind', [
  /** What the site answered with 200, or {@link MEDIA_INSTEAD}. */
  z.strictObject({ kind: z.literal('text'), text: z.string() }),
  failureSchema,
]);
export type PlaylistAnswer = z.infer<typeof playlistAnswerSchema>;

/** What came of an answer with media. */
const pieceSchema = z.strictObject({
  kind: z.literal('bytes'),
  bytes: z.instanceof(Uint8Array<ArrayBuffer>),
  /** Whether there is more, which is to be asked for by the request's id. */
  hasMore: z.boolean(),
});

export const mediaRestSchema = z.discriminatedUnion('kind', [pieceSchema, failureSchema]);
export type MediaRest = z.infer<typeof mediaRestSchema>;

/** Of an answer that is larger than {@link MEDIA_AT_ONCE_BYTES} all comes later, and `bytes` is empty. */
export const begunMediaSchema = z.discriminatedUnion('kind', [
  pieceSchema.extend({
    /** From the request to the beginning of the answer, ms. */
    waitedMs: z.number().min(0),
    /**
     * How much of that went into connecting to the site, ms: it says nothing of how fast the site sends. Missing where a
     * connection was there already.
     */
    connectMs: z.number().min(0).optional(),
  }),
  failureSchema,
]);
export type BegunMedia = z.infer<typeof begunMediaSchema>;

/** The whole answer, once all of its pieces are there. */
export type MediaAnswer = Omit<Extract<BegunMedia, { kind: 'bytes' }>, 'hasMore'> | FailedAnswer;

/** How a request is put to the gateway itself. */
export function gatewayHeaders({
  site,
  requestId,
  deadlineMs,
  doubted,
  range = null,
  expects,
}: Omit<PlaylistRequest, 'pathname'> & Partial<Pick<MediaRequest, 'range' | 'expects'>>): Record<
  string,
  string
> {
  return {
    [DEADLINE_HEADER]: String(deadlineMs),
    [REQUEST_ID_HEADER]: requestId,
    [SITE_HEADER]: encodeURIComponent(site),
    ...(doubted && { [DOUBT_HEADER]: '1' }),
    ...(expects !== undefined && { [EXPECTS_HEADER]: expects }),
    ...(range !== null && { range: `bytes=${range.offset}-${range.offset + range.length - 1}` }),
  };
}

/** What is read of a `Response`'s headers. */
interface ReadHeaders {
  get(name: string): string | null;
}

/** How much of the wait for an answer of the gateway's went into connecting to the site. */
export function connectionIn(headers: ReadHeaders): { readonly connectMs?: number } {
  const connectMs = Number(headers.get(CONNECT_HEADER) ?? 0);
  return connectMs > 0 ? { connectMs } : {};
}

/** The failure that a `Response` of the gateway reports. */
export function failedAnswer({
  status,
  headers,
}: {
  readonly status: number;
  readonly headers: ReadHeaders;
}): FailedAnswer {
  const reason = headers.get(REASON_HEADER);
  const words = headers.get(REASON_TEXT_HEADER);
  return {
    kind: 'failed',
    status,
    reason: GATEWAY_REASONS.find((known) => known === reason) ?? null,
    words: words === null ? null : decodeURIComponent(words),
  };
}

/** What is said of an answer that did not begin in time. */
export const GATEWAY_LATE: FailedAnswer = { kind: 'failed', status: 504, reason: 'timeout', words: null };

/** What is said of an answer that nobody waits for any more. */
export const GATEWAY_CANCELLED: FailedAnswer = {
  kind: 'failed',
  status: 502,
  reason: 'cancelled',
  words: null,
};

/** What is said of media that would take a reader far longer than media ever does ({@link isOverMediaBudget}). */
export const MEDIA_TOO_MUCH_WORK: FailedAnswer = {
  kind: 'failed',
  status: 502,
  reason: 'not-media',
  words: 'the site sent media with too many pieces in it',
};
