/** What one camera of one site serves; pure, so that the origin decides about time and faults. */
export interface LiveFiles {
  /**
   * @param file path below the camera, such as `index.m3u8`, `main/12.m4s`
   * @param query of the request, for blocking reload and delta updates
   * @param nowMs what the site's clock says, ms since 1970
   * @param cookies the request's `Cookie` header; empty without one
   */
  answer(
    file: string,
    query: URLSearchParams,
    nowMs: number,
    condition: StreamCondition,
    cookies?: string,
  ): LiveAnswer;
  /** Where the server keeps sessions: how many it has made and has at `nowMs`. */
  sessions?(nowMs: number): SessionCount;
}

export interface SessionCount {
  readonly made: number;
  readonly open: number;
}

/** By name; several values are as many headers. */
export type AnswerHeaders = Readonly<Record<string, string | string[]>>;

/** How an answer is sent that does not come as others do. */
export interface AnswerManner {
  /** What is written at once, bytes. */
  readonly pieceBytes: number;
  /** Each piece as a chunk of HTTP/1.1, or a body of a known length. */
  readonly framing: 'chunks' | 'length';
  /** From piece to piece, ms; with 0 the next one comes when the one before has left the process. */
  readonly everyMs: number;
  /** Interim answers (102) before it. */
  readonly interim: number;
}

export type LiveAnswer =
  | {
      readonly kind: 'file';
      readonly type: string;
      readonly body: string | Uint8Array;
      readonly headers?: AnswerHeaders;
      readonly manner?: AnswerManner;
    }
  /** `location` may be relative to the request's address. */
  | { readonly kind: 'redirect'; readonly location: string; readonly headers?: AnswerHeaders }
  | {
      readonly kind: 'refused';
      readonly status: 401 | 403;
      readonly words: string;
      /** How long the server takes to say so, ms; it says so at once without. */
      readonly afterMs?: number;
    }
  /** Blocking reload, or a part that a preload hint promised: to be asked again at this instant, ms since 1970 of the site's clock. */
  | { readonly kind: 'wait'; readonly untilMs: number }
  | { readonly kind: 'missing'; readonly words: string }
  | { readonly kind: 'bad-request'; readonly words: string };

/** Files of one segment that are listed and were never written. */
export interface LostFiles {
  readonly parts: 'all' | readonly number[];
  readonly whole: 'lost' | 'there';
}

/** They are those of the first segment that begins after `sinceMs` (ms since 1970, site's clock). */
export interface LostMedia extends LostFiles {
  readonly sinceMs: number;
}

/** What a stream is made to be at the moment, beside its usual self. */
export interface StreamCondition {
  readonly picture: 'moving' | 'frozen' | 'black';
  /** Instant (ms since 1970, site's clock) at which the server was restarted: media sequence begins at 0 there. */
  readonly restartedAtMs: number | null;
  readonly lost: LostMedia | null;
  /** `other`: another codec profile and resolution. */
  readonly encoding: 'usual' | 'other';
  /** `none` leaves program date-times out; a number shifts them, ms. */
  readonly programDateTimes: 'none' | number;
  /** Since when the camera sends nothing to the server, which is well itself; ms since 1970. */
  readonly sourceGoneSinceMs: number | null;
  /** When the server itself was started last, ms since 1970: it knows no session of before. */
  readonly serverStartedMs: number;
}

export const USUAL_CONDITION: StreamCondition = {
  picture: 'moving',
  restartedAtMs: null,
  lost: null,
  encoding: 'usual',
  programDateTimes: 0,
  sourceGoneSinceMs: null,
  serverStartedMs: 0,
};
