import type { EvidenceCause } from '../../shared/cause.ts';
import { PulledSession } from './pulled-session.ts';
import type { Answer, Origin } from './simulated-origin.ts';

interface Session {
  readonly id: number;
  /** The address of the stream. */
  readonly root: string;
  readonly openedMs: number;
  readonly askedMs: number;
  /** Its state where the site makes media on request; `null` at other sites. */
  readonly pulled: PulledSession | null;
}

/** Servers end a session without requests after this time, ms (MediaMTX 1.18: 30 s). */
const IDLE_MS = 30_000;
/** Limit of sessions for one stream. */
const MOST_SESSIONS = 4;

/** A session-bound site's answer to a request for a playlist. */
export type SessionAnswer =
  | { readonly kind: 'playlist' }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'failed'; readonly cause: EvidenceCause };

/**
 * The sessions of one tile's watches at session-bound sites: a request for a stream's address opens one, whose playlist
 * has the media.
 */
export class SimulatedSessions {
  private readonly sessions = new Map<Origin, readonly Session[]>();
  private opened = 0;

  answer(origin: Origin, pathname: string, nowMs: number): SessionAnswer {
    const { sessions: refusal } = origin;
    if (refusal === 'none') return { kind: 'playlist' };
    const asked = sessionIn(pathname);
    if (asked === null) return { kind: 'text', text: this.open(origin, pathname, nowMs) };
    const session = this.going(origin, asked, nowMs);
    if (session?.pulled) return { kind: 'text', text: session.pulled.playlist() };
    if (session !== null) return { kind: 'playlist' };
    if (refusal === 'opened-anew')
      return { kind: 'text', text: this.open(origin, this.rootOf(origin, pathname), nowMs) };
    return { kind: 'failed', cause: refusal === 'pulled' ? 'http-404' : refusal };
  }

  /**
   * The answer to a request for media.
   * @param answer the site's answer to any such request
   */
  media(origin: Origin, pathname: string, answer: Answer, nowMs: number): Answer {
    if (!origin.isPulled() || answer.kind !== 'body') return answer;
    const session = this.pulledIn(origin, pathname, nowMs);
    if (session === null) return { kind: 'failed', cause: 'http-404', afterMs: answer.afterMs };
    return session.answer(answer, nowMs);
  }

  /** Media was sent. */
  take(origin: Origin, pathname: string, nowMs: number): void {
    this.pulledIn(origin, pathname, nowMs)?.take(nowMs);
  }

  /** The address of the stream that a request is about. */
  rootOf(origin: Origin, pathname: string): string {
    const id = sessionIn(pathname);
    return this.sessions.get(origin)?.find((session) => session.id === id)?.root ?? pathname;
  }

  /** @returns the multivariant playlist that leads to it */
  private open(origin: Origin, root: string, nowMs: number): string {
    this.opened += 1;
    const pulled = origin.isPulled() ? new PulledSession(origin, nowMs) : null;
    const session = { id: this.opened, root, openedMs: nowMs, askedMs: nowMs, pulled };
    this.sessions.set(origin, [...(this.sessions.get(origin) ?? []), session].slice(-MOST_SESSIONS));
    return `#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1000000\nsession-${session.id}/live.m3u8\n`;
  }

  private pulledIn(origin: Origin, pathname: string, nowMs: number): PulledSession | null {
    const asked = sessionIn(pathname);
    return asked === null ? null : (this.going(origin, asked, nowMs)?.pulled ?? null);
  }

  /** The session, which gets a request now; `null` where it has ended. */
  private going(origin: Origin, id: number, nowMs: number): Session | null {
    const all = this.sessions.get(origin) ?? [];
    const session = all.find((one) => one.id === id);
    if (session === undefined) return null;
    if (session.pulled !== null) return session.pulled.isOver(nowMs) ? null : session;
    if (nowMs - session.askedMs > IDLE_MS || origin.hasForgotten(session.openedMs)) return null;
    this.sessions.set(
      origin,
      all.map((one) => (one === session ? { ...one, askedMs: nowMs } : one)),
    );
    return session;
  }
}

/** Whether a request belongs to a session that the site opened. */
export function isInSession(pathname: string): boolean {
  return sessionIn(pathname) !== null;
}

function sessionIn(pathname: string): number | null {
  const id = /\/session-(\d+)\//.exec(pathname)?.[1];
  return id === undefined ? null : Number(id);
}
