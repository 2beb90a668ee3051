import type { SessionCount, StreamCondition } from '../../../electron/demo/live-files.ts';

/** The sessions of a server's clients: each ends when it was not used for a while, and when the server starts anew. */
export class Sessions<T extends object> {
  private readonly idleMs: number;
  private readonly prefix: string;
  private readonly sessions = new Map<string, { state: T; usedMs: number }>();
  private made = 0;

  /**
   * @param prefix of their ids
   * @param idleMs how long a session lives that nobody uses
   */
  constructor(prefix: string, idleMs: number) {
    this.prefix = prefix;
    this.idleMs = idleMs;
  }

  /**
   * Makes a session and returns its id.
   * @param given the id that it is to have; one of its own without
   */
  make(nowMs: number, state: T, given: string | null = null): string {
    this.made += 1;
    const id = given ?? `${this.prefix}${this.made}`;
    this.sessions.set(id, { state, usedMs: nowMs });
    return id;
  }

  /** The session's state; `null` where there is none, or none any more. */
  find(id: string | null, nowMs: number, condition: StreamCondition): T | null {
    this.forget(nowMs, Math.max(condition.serverStartedMs, condition.restartedAtMs ?? 0));
    return this.sessions.get(id ?? '')?.state ?? null;
  }

  /** Puts the session's end off. */
  use(id: string, nowMs: number): void {
    const session = this.sessions.get(id);
    if (session !== undefined) session.usedMs = nowMs;
  }

  endAll(): void {
    this.sessions.clear();
  }

  count(nowMs: number): SessionCount {
    this.forget(nowMs, Number.NEGATIVE_INFINITY);
    return { made: this.made, open: this.sessions.size };
  }

  private forget(nowMs: number, startedMs: number): void {
    for (const [id, { usedMs }] of this.sessions)
      if (nowMs - usedMs > this.idleMs || usedMs < startedMs) this.sessions.delete(id);
  }
}
