import type { SessionCount, StreamCondition } from '../../../electron/demo/live-files.ts';

/** The sessions of a server's clients. A session ends when it is not used for some time, and when the server restarts. */
export class Sessions<T extends object> {
  private readonly idleMs: number;
  private readonly prefix: string;
  private readonly sessions = new Map<string, { state: T; usedMs: number }>();
  private made = 0;

  /**
   * @param prefix beginning of each session's id
   * @param idleMs time without use after which a session ends, ms
   */
  constructor(prefix: string, idleMs: number) {
    this.prefix = prefix;
    this.idleMs = idleMs;
  }

  /**
   * Makes a session and returns its id.
   * @param given the id of the session; `null` for a new id
   */
  make(nowMs: number, state: T, given: string | null = null): string {
    this.made += 1;
    const id = given ?? `${this.prefix}${this.made}`;
    this.sessions.set(id, { state, usedMs: nowMs });
    return id;
  }

  /** The session's state; `null` where there is no such session, or it has ended. */
  find(id: string | null, nowMs: number, condition: StreamCondition): T | null {
    this.forget(nowMs, Math.max(condition.serverStartedMs, condition.restartedAtMs ?? 0));
    return this.sessions.get(id ?? '')?.state ?? null;
  }

  /** Notes that the session is used now, which delays its end. */
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
