import type { EvidenceCause } from '../../shared/cause.ts';
import type { Clock } from '../../shared/clock.ts';

/** How a {@link FakeSite} serves its stream. */
export type FakeShape =
  /** Its root is the media playlist. */
  | { readonly kind: 'plain' }
  /** Its root is a multivariant playlist that leads to the same media playlist each time. */
  | { readonly kind: 'multivariant' }
  /** Each request of the root opens a session, which ends when it was not used for `idleMs` (MediaMTX, SRS). */
  | {
      readonly kind: 'sessions';
      readonly idleMs: number;
      /** The answer to a session that has ended. */
      readonly refusal: EvidenceCause | 'master' | 'empty';
    }
  /** Each session makes its media on request, counts from 0, and ends `idleMs` after its last segment (go2rtc). */
  | { readonly kind: 'pulled'; readonly idleMs: number };

interface Session {
  usedMs: number;
  /** In a pulled session: the first segment that it lists. */
  sequence: number;
}

/** The sessions of one fake site. */
export class FakeSessions {
  private readonly sessions = new Map<string, Session>();
  opened = 0;

  constructor(private readonly clock: Clock) {}

  /** @returns the address of the session's media playlist, below the root's folder */
  open(): string {
    this.opened += 1;
    this.sessions.set(String(this.opened), { usedMs: this.clock.now(), sequence: 0 });
    return `stream.m3u8?session=${this.opened}`;
  }

  /** Number of sessions that have not ended. */
  alive(idleMs: number): number {
    return [...this.sessions.values()].filter(({ usedMs }) => this.clock.now() - usedMs <= idleMs).length;
  }

  /** The session that a request names, as long as it lives. */
  find(pathname: string, idleMs: number): { readonly id: string; readonly session: Session } | null {
    const id = /[?&]session=(\d+)/.exec(pathname)?.[1];
    const session = id === undefined ? undefined : this.sessions.get(id);
    if (id === undefined || session === undefined || this.clock.now() - session.usedMs > idleMs) return null;
    return { id, session };
  }

  /** Forgets all sessions, like a server that is restarted. */
  endAll(): void {
    this.sessions.clear();
  }
}
