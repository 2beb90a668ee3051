/** The files of one camera at one site; pure: the origin decides about time and faults. */
export interface LiveFiles {
  /**
   * @param file path below the camera, such as `index.m3u8`, `main/12.m4s`
   * @param query of the request, for blocking reload and delta updates
   * @param nowMs time of the site's clock, ms since 1970
   * @param cookies the request's `Cookie` header; empty without one
   */
  answer(
    file: string,
    query: URLSearchParams,
    nowMs: number,
    condition: StreamCondition,
    cookies?: string,
  ): LiveAnswer;
  /** For a server with sessions: the number of sessions ever made, and of those that exist at `nowMs`. */
  sessions?(nowMs: number): SessionCount;
}

export interface SessionCount {
  readonly made: number;
  readonly open: number;
}

/** By name; several values become several headers. */
export type AnswerHeaders = Readonly<Record<string, string | string[]>>;

/** The way in which an unusual answer is sent. */
export interface AnswerManner {
  /** Bytes written at once. */
  readonly pieceBytes: number;
  /** Each piece as a chunk of HTTP/1.1, or a body with a known length. */
  readonly framing: 'chunks' | 'length';
  /** Time between pieces, ms; with 0 the next one comes when the one before has left the process. */
  readonly everyMs: number;
  /** Number of interim answers (102) before it. */
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
      /** Time after which the server sends it, ms; immediately without. */
      readonly afterMs?: number;
    }
  /**
   * Blocking reload, or a part that a preload hint promised: the request is answered at `untilMs`, ms since 1970 of the
   * site's clock.
   */
  | { readonly kind: 'wait'; readonly untilMs: number }
  | { readonly kind: 'missing'; readonly words: string }
  | { readonly kind: 'bad-request'; readonly words: string };

/** Files of one segment that are listed but missing. */
export interface LostFiles {
  readonly parts: 'all' | readonly number[];
  readonly whole: 'lost' | 'there';
}

/** They belong to the first segment that begins after `sinceMs` (ms since 1970, site's clock). */
export interface LostMedia extends LostFiles {
  readonly sinceMs: number;
}

/** The present deviations of a stream from its normal state. */
export interface StreamCondition {
  readonly picture: 'moving' | 'frozen' | 'black';
  /** Time (ms since 1970, site's clock) at which the server was restarted: its media sequence begins at 0. */
  readonly restartedAtMs: number | null;
  readonly lost: LostMedia | null;
  /** `other`: another codec profile and resolution. */
  readonly encoding: 'usual' | 'other';
  /** `none` omits program date-times; a number shifts them, ms. */
  readonly programDateTimes: 'none' | number;
  /** Time since which the camera sends nothing to the server, which itself works; ms since 1970. */
  readonly sourceGoneSinceMs: number | null;
  /** Time of the server's last start, ms since 1970: older sessions are unknown to it. */
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
